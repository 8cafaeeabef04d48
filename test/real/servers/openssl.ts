/** `openssl s_server` on loopback: TLS with limits that no mail server can be brought to, and nothing behind it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority } from '../../../src/lab/authority.ts';
import type { LabCertificate } from '../../../src/model/cause.ts';
import { HOST } from './dovecot.ts';
import { freePorts, listening, makeFolder, type Place, stopped, supervise } from './process.ts';

export interface Openssl {
  readonly place: Place;
  readonly ca: string;
  stop(): Promise<void>;
}

/** @param args more words of `openssl s_server`. */
export async function startOpenssl(
  authority: Authority,
  args: readonly string[],
  certificate: LabCertificate = 'valid',
): Promise<Openssl> {
  const folder = makeFolder('mco');
  const { port } = await freePorts(['port'], '127.0.0.1');
  const minted = authority.mint(certificate, { dns: [HOST], ips: [] });
  const file = (name: string) => join(folder, name);
  const [leaf = '', ...chain] = minted.cert.split(/(?=-----BEGIN)/);
  writeFileSync(file('cert.pem'), leaf);
  writeFileSync(file('chain.pem'), chain.join(''));
  writeFileSync(file('key.pem'), minted.key, { mode: 0o600 });
  writeFileSync(file('ca.pem'), minted.ca);
  const command = ['openssl', 's_server', '-accept', `127.0.0.1:${port}`, '-quiet'];
  const keys = [
    '-cert',
    file('cert.pem'),
    ...(chain.length > 0 ? ['-cert_chain', file('chain.pem')] : []),
    '-key',
    file('key.pem'),
    '-CAfile',
    file('ca.pem'),
  ];
  const server = supervise([...command, ...keys, ...args], { folder });
  const place: Place = { address: '127.0.0.1', port };
  await listening([place], server, [file('stdout')]);
  return { place, ca: minted.ca, stop: () => stopped(server, [place]) };
}
