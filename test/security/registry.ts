/** A small npm registry on loopback: packages made here, with whatever a hostile publisher would put into them. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { later } from './raw.ts';

export interface Package {
  readonly json: Readonly<Record<string, unknown>> & { readonly name: string; readonly version: string };
  readonly files?: Readonly<Record<string, string>>;
  readonly publisher?: string;
  /** What is sent in place of the tarball that was announced. */
  readonly swapped?: Readonly<Record<string, string>>;
}

/** A tar of one folder (POSIX ustar), gzipped. */
function tarball(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const body = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(`package/${name}`, 0);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write('0', 156);
    header.write('ustar\0', 257);
    header.write('00', 263);
    const sum = header.reduce((a, b) => a + b, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

export interface Registry {
  readonly url: string;
  /** Every path that was asked for. */
  readonly asked: readonly string[];
}

export async function registry(packages: readonly Package[]): Promise<Registry> {
  const asked: string[] = [];
  let url = '';
  const made = packages.map((p) => {
    const content = (files: Readonly<Record<string, string>> = {}) =>
      tarball({ 'package.json': JSON.stringify(p.json), ...files });
    const announced = content(p.files);
    return { p, announced, sent: p.swapped ? content(p.swapped) : announced };
  });
  const pathOf = (p: Package) => `/${p.json.name}/-/${p.json.name.replace(/^.*\//, '')}-${p.json.version}.tgz`;
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    asked.push(path);
    const file = made.find(({ p }) => pathOf(p) === path);
    if (file) {
      response.end(file.sent);
      return;
    }
    const versions = made.filter(({ p }) => `/${p.json.name}` === path);
    if (versions.length === 0) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end('{"error":"Not found"}');
      return;
    }
    const name = versions[0]?.p.json.name ?? '';
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        name,
        'dist-tags': { latest: versions.at(-1)?.p.json.version },
        versions: Object.fromEntries(
          versions.map(({ p, announced }) => [
            p.json.version,
            {
              ...p.json,
              _npmUser: { name: p.publisher ?? 'somebody', email: 'somebody@example.test' },
              hasInstallScript: 'scripts' in p.json,
              dist: {
                tarball: `${url}${pathOf(p)}`,
                integrity: `sha512-${createHash('sha512').update(announced).digest('base64')}`,
                shasum: createHash('sha1').update(announced).digest('hex'),
              },
            },
          ]),
        ),
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(() => {
    server.closeAllConnections();
    server.close();
  });
  const at = server.address();
  url = `http://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`;
  return { url, asked };
}
