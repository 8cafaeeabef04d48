/** Debian's Chromium without a window, spoken to over its pipe (Chrome DevTools Protocol). */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (p) => spawnSync('sh', ['-c', `command -v ${p}`]).status === 0,
);

// biome-ignore lint/suspicious/noExplicitAny: what the browser says is looked at field by field
type Message = any;

export interface Page {
  /** Opens a file and waits until it is laid out. @returns what it asked the network for, and what the console said. */
  open(path: string, width: number): Promise<{ readonly requests: readonly string[]; readonly logs: readonly string[] }>;
  /** The value of an expression, as the page's own scripts cannot have it. */
  value(expression: string): Promise<Message>;
  close(): Promise<void>;
}

export async function browser(): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), 'mailcheck-browser-'));
  const child = spawn(
    chromium ?? 'chromium',
    [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: profile } },
  );
  const [to, from] = [child.stdio[3] as Writable, child.stdio[4] as unknown as Readable];
  const waiting = new Map<number, (m: Message) => void>();
  const events: Message[] = [];
  let rest = '';
  from.setEncoding('utf8').on('data', (d: string) => {
    const parts = `${rest}${d}`.split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const message: Message = JSON.parse(part);
      if (message.id === undefined) events.push(message);
      else waiting.get(message.id)?.(message);
    }
  });
  let id = 0;
  const call = (method: string, params: object = {}, sessionId?: string): Promise<Message> =>
    new Promise((resolve, reject) => {
      const n = ++id;
      waiting.set(n, (m) => (m.error ? reject(new Error(`${method}: ${m.error.message}`)) : resolve(m.result)));
      to.write(`${JSON.stringify({ id: n, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
    });
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await call(`${domain}.enable`, {}, sessionId);
  return {
    async open(path, width) {
      events.length = 0;
      await call(
        'Emulation.setDeviceMetricsOverride',
        { width, height: 740, deviceScaleFactor: 1, mobile: width < 600 },
        sessionId,
      );
      await call('Page.navigate', { url: `file://${path}` }, sessionId);
      while (!events.some((e) => e.method === 'Page.loadEventFired')) await new Promise((r) => setTimeout(r, 10));
      await call(
        'Runtime.evaluate',
        { expression: 'new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))', awaitPromise: true },
        sessionId,
      );
      return {
        requests: events.filter((e) => e.method === 'Network.requestWillBeSent').map((e) => e.params.request.url),
        logs: [
          ...events.filter((e) => e.method === 'Log.entryAdded').map((e) => e.params.entry.text),
          ...events.filter((e) => e.method === 'Runtime.exceptionThrown').map((e) => e.params.exceptionDetails.text),
        ],
      };
    },
    value: async (expression) => (await call('Runtime.evaluate', { expression, returnByValue: true }, sessionId)).result.value,
    close: () => ended(child, profile, () => void call('Browser.close').catch(() => {})),
  };
}

function ended(child: ChildProcess, profile: string, ask: () => void): Promise<void> {
  return new Promise((resolve) => {
    child.once('close', () => {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      resolve();
    });
    ask();
    setTimeout(() => child.kill('SIGKILL'), 3000).unref();
  });
}
