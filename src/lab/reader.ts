/** What a client sends, as lines and counted bytes; pipelined input waits here until it is asked for. */

export interface Reader {
  push(chunk: Buffer): void;
  /** No more will come. */
  end(): void;
  /** The next line without its line end, bytes as Latin-1; undefined where the client has gone. A lone LF ends a line too. */
  line(): Promise<string | undefined>;
  /** The next `count` bytes, as Latin-1; undefined where the client has gone before. */
  bytes(count: number): Promise<string | undefined>;
  /** Forgets what was received and not read: nothing said in the clear counts after the upgrade (RFC 3207 §4.2). */
  clear(): void;
}

/** Longer lines than any protocol allows end the connection: a lab server is no place to fill memory. */
const MAX_LINE = 1 << 20;

export function createReader(): Reader {
  let buffer = '';
  let ended = false;
  let wake: (() => void) | undefined;
  const notify = () => {
    wake?.();
    wake = undefined;
  };
  const more = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return {
    push(chunk) {
      if (ended) return;
      buffer += chunk.toString('latin1');
      notify();
    },
    end() {
      ended = true;
      notify();
    },
    async line() {
      let from = 0;
      for (;;) {
        const at = buffer.indexOf('\n', from);
        if (at >= 0) {
          const line = buffer.slice(0, at).replace(/\r$/, '');
          buffer = buffer.slice(at + 1);
          return line;
        }
        if (ended || buffer.length > MAX_LINE) return undefined;
        from = buffer.length;
        await more();
      }
    },
    async bytes(count) {
      while (buffer.length < count) {
        if (ended) return undefined;
        await more();
      }
      const taken = buffer.slice(0, count);
      buffer = buffer.slice(count);
      return taken;
    },
    clear() {
      buffer = '';
    },
  };
}

/** Bytes kept as Latin-1 → text, where they are UTF-8. */
export function readable(latin1: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return latin1;
  }
}
