/** S-064 to S-070: where encryption begins and where it fails, over all three protocols: the mix-up is named, with what would work. */
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Serve } from '../../src/model/cause.ts';
import { proofOf } from '../../src/report/proof.ts';
import * as m from '../certificate/mint.ts';
import { checkServe } from '../tools/live.ts';
import { authority, check, found, GREETING, listenRaw, listenTls, mint, rootOf } from './world.ts';

const PROTOCOLS = ['pop3', 'imap', 'smtp'] as const;
const told = (c: Awaited<ReturnType<typeof check>>) => c.diagnosis.root?.sighting.params;
const proofs = (c: Awaited<ReturnType<typeof check>>) => c.diagnosis.root?.sighting.evidence.map(proofOf).join('\n') ?? '';

describe.each(PROTOCOLS)('%s', (protocol) => {
  const serve = (faults: Omit<Serve, 'protocol'>) => checkServe({ protocol, ...faults }, authority);

  it('S-065 TLS from the first byte against a plain port: STARTTLS on that port works, and is printed', async () => {
    const { check: c, running } = await serve({ security: 'starttls', client: { security: 'tls' } });
    expect(rootOf(c)).toBe('tls.implicit-on-plain-port');
    expect(told(c)?.instead).toBe(`${c.service.port} STARTTLS`);
    expect(c.diagnosis.root?.certainty).toBe('proven');
    expect(running.received.join('\n')).not.toMatch(/PASS|LOGIN |AUTH /);
  });

  it('S-065 STARTTLS or plain text against a TLS port: TLS at once works, and is printed', async () => {
    for (const security of ['starttls', 'none'] as const) {
      const { check: c } = await serve({ security: 'tls', client: { security } });
      expect(rootOf(c)).toBe('tls.plain-on-implicit-port');
      expect(told(c)?.instead).toBe(`${c.service.port} SSL/TLS`);
    }
  });

  it('S-067 noise in place of TLS is no text and no network error', async () => {
    const { check: c } = await serve({ tls: 'garbage' });
    expect(rootOf(c)).toMatch(/^tls\./);
    expect(rootOf(c)).not.toBe('tls.implicit-on-plain-port');
  });

  it.each(['tls', 'starttls'] as const)(
    'S-064 old versions only, %s: the version that the server has is said',
    async (security) => {
      const { check: c, running } = await serve({ security, tls: 'old-version' });
      expect(rootOf(c)).toBe('tls.version-too-old');
      expect(proofs(c)).toMatch(/TLSv1(\.1)?\b/);
      expect(running.received.join('\n')).not.toMatch(/PASS|LOGIN |AUTH /);
    },
  );

  it.each(['tls', 'starttls'] as const)('S-051 no cipher in common, %s: what the server has is said', async (security) => {
    const { check: c } = await serve({ security, tls: 'no-shared-cipher' });
    expect(rootOf(c)).toBe('tls.no-shared-cipher');
    expect(proofs(c)).toMatch(/TLS_\w+_WITH_\w+/);
  });

  it.each(['client-certificate', 'client-certificate-tls12'] as const)('%s', async (tls) => {
    for (const security of ['tls', 'starttls'] as const) {
      const { check: c } = await serve({ security, tls });
      expect(rootOf(c)).toBe('tls.client-certificate-required');
    }
  });

  it('S-075 closed by the server after its greeting: that is said, and nothing is written after the end', async () => {
    let after = 0;
    const port = await listenRaw((socket) => {
      socket.end(GREETING[protocol]);
      socket.on('end', () => {
        after = socket.bytesRead;
      });
    });
    const c = await check({ protocol, port, security: 'starttls' });
    expect(c.diagnosis.verdict).toBe('fail');
    expect(c.evidence.some((e) => e.kind === 'break' && (e.how === 'closed' || e.how === 'reset'))).toBe(true);
    expect(after).toBeLessThan(100);
  });
});

describe('the server name', () => {
  it('S-069 a server that knows no such name and says so: the name that was sent is in the report', async () => {
    // Fatal alert unrecognized_name(112).
    const port = await listenRaw((s) => void s.once('data', () => s.end(Buffer.of(0x15, 3, 3, 0, 2, 2, 112))));
    const c = await check({ port });
    expect(rootOf(c)).toMatch(/^tls\./);
    expect(c.evidence.find((e) => e.kind === 'tls')).toMatchObject({ sni: 'mail.example.test', failure: 'unrecognized-name' });
  });

  it('S-070 none is sent for an address, and an address matches only an address', async () => {
    let sent: string | false | null = null;
    const port = await listenTls(mint('valid'), {}, GREETING.imap, {
      SNICallback: (name, done) => {
        sent = name;
        done(null);
      },
    });
    const c = await check({ port, host: '127.0.0.1' });
    expect(sent).toBeNull();
    expect(c.evidence.find((e) => e.kind === 'tls')).toMatchObject({ sni: null });
    expect(rootOf(c)).toBe('certificate.identity-differs');
  });
});

it('S-073 no build path, thread id or line of the library is in what the report quotes', async () => {
  for (const tls of ['old-version', 'no-shared-cipher', 'alert', 'garbage', 'client-certificate'] as const) {
    const { check: c } = await checkServe({ protocol: 'imap', tls }, authority);
    for (const e of c.evidence) expect(proofOf(e)).not.toMatch(/\.c:\d+|[0-9A-F]{12,}:error|\/(?:deps|home|build)\//);
  }
});

it('data from before TLS is no fact of the session over TLS', async () => {
  const capabilities = { plain: ['STARTTLS', 'AUTH=PLAIN', 'X-BEFORE'], tls: ['AUTH=LOGIN', 'X-AFTER'] };
  const { check: c } = await checkServe({ protocol: 'imap', security: 'starttls', capabilities }, authority);
  const lists = c.evidence.filter((e) => e.kind === 'capabilities');
  expect(lists.at(-1)?.items).not.toContain('X-BEFORE');
  expect(lists.at(-1)?.items).toContain('X-AFTER');
  expect(lists.map((l) => l.channel)).toContain('plain');
});

describe.each(PROTOCOLS)('services that wait to be spoken to, where %s is expected', (protocol) => {
  const web = createHttp((_, answer) => answer.end());
  const secure = createHttps({ ...mint('valid') }, (_, answer) => answer.end());
  const options = { timeoutMs: 400 };

  it.each(['tls', 'starttls', 'none'] as const)('a web server, %s', async (security) => {
    const port = await listenRaw((socket) => web.emit('connection', socket));
    const c = await check({ protocol, port, security, options });
    expect(rootOf(c)).toBe('greeting.wrong-service');
    expect(proofs(c)).toMatch(/HTTP\/1\.1 400/);
  });

  it('a web server over TLS', async () => {
    const port = await listenRaw((socket) => secure.emit('connection', socket));
    const c = await check({ protocol, port, options });
    expect(rootOf(c)).toBe('greeting.wrong-service');
    expect(proofs(c)).toMatch(/HTTP\/1\.1 400/);
  });

  it.each(['starttls', 'none'] as const)('TLS at once would work, but for another service, %s', async (security) => {
    const port = await listenTls(mint('valid'), {}, protocol === 'pop3' ? GREETING.imap : GREETING.pop3);
    const c = await check({ protocol, port, security, options });
    expect(rootOf(c)).toBe('greeting.wrong-service');
  });

  it('words of another kind in answer to TLS: the port speaks plain text', async () => {
    const port = await listenRaw((socket) => void socket.once('data', () => socket.end('!! what was that?\r\n')));
    const c = await check({ protocol, port, options });
    expect(rootOf(c)).toBe('tls.implicit-on-plain-port');
    expect(proofs(c)).toMatch(/what was that/);
  });

  it('a mail server that stays silent over TLS is silent, whatever is said to it', async () => {
    const port = await listenTls(mint('valid'), {}, '');
    const c = await check({ protocol, port, options });
    expect(rootOf(c)).toBe('greeting.timeout');
  });
});

/** ServerHello of TLS 1.2 and a Certificate message with other bytes in place of a certificate. */
function unreadable(): Buffer {
  const vector = (size: number, ...parts: readonly Buffer[]) => {
    const body = Buffer.concat(parts);
    const length = Buffer.alloc(size);
    length.writeUIntBE(body.length, 0, size);
    return Buffer.concat([length, body]);
  };
  const message = (type: number, body: Buffer) => Buffer.concat([Buffer.of(type), vector(3, body)]);
  const hello = Buffer.concat([
    Buffer.of(3, 3),
    Buffer.alloc(32, 7),
    Buffer.of(0, 0xc0, 0x2f, 0),
    vector(2, Buffer.from('ff01000100', 'hex')),
  ]);
  const messages = Buffer.concat([message(2, hello), message(11, vector(3, vector(3, Buffer.from('no certificate at all'))))]);
  return Buffer.concat([Buffer.of(22, 3, 3), vector(2, messages)]);
}
const answering = (act: (socket: Socket) => void) => listenRaw((socket) => void socket.once('data', () => act(socket)));

it('cut off in the middle of the handshake is no cut before it', async () => {
  for (const act of [
    (s: Socket) => s.end(unreadable().subarray(0, 40)),
    (s: Socket) => s.write(unreadable().subarray(0, 40), () => setTimeout(() => s.resetAndDestroy(), 20)),
  ]) {
    const c = await check({ port: await answering((s) => void act(s)) });
    expect(rootOf(c)).toBe('tls.handshake-failed');
  }
  for (const act of [(s: Socket) => s.end(), (s: Socket) => s.resetAndDestroy()]) {
    const c = await check({ port: await answering((s) => void act(s)) });
    expect(rootOf(c)).toBe('connect.reset');
  }
});

it('a certificate that cannot be read is no mere failure of the handshake', async () => {
  const c = await check({ port: await answering((s) => void s.end(unreadable())) });
  expect(rootOf(c)).toBe('certificate.invalid');
  expect(c.evidence.find((e) => e.kind === 'tls')).toMatchObject({ failure: 'bad-certificate' });
});

it.each([
  ['P-192', m.ec('prime192v1'), /P-192/],
  ['secp256k1', m.ec('secp256k1'), /secp256k1/],
  ['RSA of 512 bits', m.rsa(512), /RSA 512/],
] as const)('S-051 a key of %s: a handshake up to TLS 1.2 shows it', async (_, keys, shown) => {
  const leaf = m.mint({ keys, extensions: [m.names(m.dns('mail.example.test'))] });
  const c = await check({ port: await listenTls({ key: m.keyPem(leaf), cert: m.pem(leaf) }, {}, GREETING.imap) });
  expect(rootOf(c)).toBe('tls.no-shared-cipher');
  expect(c.diagnosis.root?.certainty).toBe('proven');
  expect(proofs(c)).toMatch(shown);
  expect(found(c, 'certificate.self-signed')).toBeUndefined();
});
