/** Ports that fail before a word is said: one that refuses, and one whose SYN is never answered. */
import { connect, createServer, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

export interface DeadPort {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * @returns a port on which every connection is refused. It is the local end of a connection of our own, so that no other program
 * can be given it and answer in place of nobody.
 */
export async function refusingPort(host: string): Promise<DeadPort> {
  const accepted = new Set<Socket>();
  const holder = createServer((s) => accepted.add(s.on('error', () => undefined)));
  await new Promise<void>((resolve, reject) => {
    holder.once('error', reject);
    holder.listen({ port: 0, host }, resolve);
  });
  const at = holder.address();
  const client = connect({ host, port: typeof at === 'object' && at ? at.port : 0 });
  await new Promise<void>((resolve, reject) => {
    client.once('connect', resolve);
    client.once('error', reject);
  });
  client.on('error', () => undefined);
  const port = client.localPort ?? 0;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        client.destroy();
        for (const s of accepted) s.destroy();
        holder.close(() => resolve());
      }),
  };
}

/** The listener stands in a thread that sleeps after it has begun to listen, so that it never accepts. */
const SLEEPER = `const { parentPort, workerData } = require('node:worker_threads');
const server = require('node:net').createServer();
server.listen({ port: 0, host: workerData.host, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(new Int32Array(workerData.bed), 0, 0));
});`;
/** Far longer than loopback takes to answer; a connection that is still pending then stands before a full queue. */
const FULL_AFTER_MS = 250;
const MOST = 16;

/** @returns a port on which connections time out: the queue of its listener is full and stays so (Linux drops the SYN then). */
export async function unansweringPort(host: string): Promise<DeadPort> {
  const worker = new Worker(SLEEPER, { eval: true, workerData: { host, bed: new SharedArrayBuffer(4) } });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const queue: Socket[] = [];
  let full = false;
  while (!full && queue.length < MOST) {
    const socket = connect({ host, port }).on('error', () => undefined);
    queue.push(socket);
    full = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), FULL_AFTER_MS);
      socket.once('connect', () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
  }
  return {
    port,
    close: async () => {
      for (const s of queue) s.destroy();
      await worker.terminate();
    },
  };
}
