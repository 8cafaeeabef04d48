/** A client by hand for the lab's tests: raw bytes out, text in until what is awaited has come. */
import net from 'node:net';
import tls from 'node:tls';
import type { Running } from '../../src/lab/server.ts';

export interface Client {
  /** Everything received and not yet taken. */
  readonly text: string;
  readonly socket: net.Socket;
  write(text: string): void;
  /** Takes what came up to and with the first match. @throws where the connection ends before. */
  until(pattern: RegExp): Promise<string>;
  /** Writes a line and takes the answer. */
  ask(line: string, pattern: RegExp): Promise<string>;
  /** Settles when the connection is over: `end`, or the error's code. */
  readonly over: Promise<string>;
  upgrade(options?: tls.ConnectionOptions): Promise<Client>;
  close(): void;
}

export function wrap(socket: net.Socket, running: Running): Client {
  let text = '';
  let ended = false;
  let wake: () => void = () => undefined;
  const over = new Promise<string>((resolve) => {
    const end = (how: string) => {
      ended = true;
      resolve(how);
      wake();
    };
    socket.on('data', (d) => {
      text += d.toString('utf8');
      wake();
    });
    socket.on('error', (e: NodeJS.ErrnoException) => end(e.code ?? e.message));
    socket.on('end', () => end('end'));
    socket.on('close', () => end('end'));
  });
  const client: Client = {
    get text() {
      return text;
    },
    socket,
    over,
    write: (t) => void socket.write(t),
    async until(pattern) {
      for (;;) {
        const m = pattern.exec(text);
        if (m) {
          const taken = text.slice(0, m.index + m[0].length);
          text = text.slice(taken.length);
          return taken;
        }
        if (ended) throw new Error(`the connection ended before ${pattern}; so far: ${JSON.stringify(text)}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    ask(line, pattern) {
      client.write(`${line}\r\n`);
      return client.until(pattern);
    },
    async upgrade(options = {}) {
      socket.removeAllListeners('data');
      const secured = await handshake({ socket, ...options }, running);
      return wrap(secured, running);
    },
    close: () => void socket.destroy(),
  };
  return client;
}

export function handshake(options: tls.ConnectionOptions, running: Running): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const s = tls.connect({ ca: running.ca, servername: running.host, ...options });
    s.once('secureConnect', () => resolve(s));
    s.once('error', reject);
    s.once('close', () => reject(new Error('closed')));
  });
}

export function plain(running: Running): Client {
  return wrap(net.connect({ host: running.address, port: running.port, allowHalfOpen: true }), running);
}

export async function secure(running: Running, options: tls.ConnectionOptions = {}): Promise<Client> {
  return wrap(await handshake({ host: running.address, port: running.port, ...options }, running), running);
}
