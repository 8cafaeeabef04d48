/** What an authority publishes over plain HTTP: its CRL and its intermediate (RFC 5280 §4.2.1.13, §4.2.2.1). */
import { createServer } from 'node:http';

export interface Published {
  readonly url: string;
  /** Path → content. */
  put(path: string, type: string, content: Uint8Array): void;
  close(): Promise<void>;
}

export async function startPublishing(host: string): Promise<Published> {
  const files = new Map<string, { type: string; content: Uint8Array }>();
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain', connection: 'close' });
    response.end(file?.content);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host }, resolve);
  });
  const at = server.address();
  const port = typeof at === 'object' && at ? at.port : 0;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    put: (path, type, content) => files.set(path, { type, content }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
