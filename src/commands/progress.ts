/** Live progress on stderr: one line that is rewritten on a terminal, nothing elsewhere. */
import type { Event } from '../model/event.ts';
import type { Protocol } from '../model/terms.ts';
import type { Words } from '../model/words.ts';

export interface Progress {
  readonly on: (event: Event) => void;
  /** Clears the line. */
  readonly end: () => void;
}

/** @returns a display that shows what every protocol is doing; silent where stderr is no terminal. */
export function progress(words: Words, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY || process.env.TERM === 'dumb') return { on: () => {}, end: () => {} };
  const doing = new Map<Protocol, string>();
  const draw = () => {
    const line = [...doing].map(([p, s]) => `${words.protocols[p]}: ${s}`).join('   ');
    stream.write(`\r\u001b[2K${[...line].slice(0, Math.max(20, (stream.columns ?? 80) - 2)).join('')}`);
  };
  return {
    on(event) {
      if (event.type === 'stage-start') doing.set(event.protocol, `${words.stages[event.stage]} …`);
      else if (event.type === 'check') doing.delete(event.protocol);
      else return;
      draw();
    },
    end: () => void stream.write('\r\u001b[2K'),
  };
}
