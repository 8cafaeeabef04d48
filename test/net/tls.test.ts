import { createHash, X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { TlsEvidence } from '../../src/model/evidence.ts';
import { bad, certificates, line, listen, net, ok, opensslServer, oversized } from './world.ts';

const HOST = 'mail.example.test';
const material = () => {
  const { key, cert } = certificates();
  return { key, cert };
};
const secureServer = (serve: (s: Socket) => void, options: tls.TlsOptions = {}) =>
  listen(serve, tls.createServer({ ...material(), ...options }));

/** The outcome of a handshake with a server that does `serve` with the raw connection. */
async function failed(serve: (s: Socket) => void, ms = 3000, more: { tap?: boolean } = {}): Promise<TlsEvidence> {
  const { port } = await listen(serve);
  const n = net();
  n.deadline(ms);
  const l = await line(n, port);
  const result = await l.secure({ host: HOST, mode: 'implicit', ...more });
  expect(result.certificate).toBeUndefined();
  expect(result.tls.outcome).toBe('failed');
  expect(bad(await l.read('smtp')).how).toBe('closed');
  return result.tls;
}

describe('an established handshake', () => {
  it('gives version, cipher, key, SNI and the examined certificate, and the conversation goes on over it', async () => {
    let sni: string | false | null = null;
    const { port } = await secureServer((s) => {
      sni = (s as tls.TLSSocket).servername;
      s.write('220 over tls\r\n');
      s.on('data', () => s.write('250 ok\r\n'));
    });
    const n = net({ ca: certificates().ca });
    const l = await line(n, port, HOST);
    const result = await l.secure({ host: HOST, mode: 'implicit' });
    expect(result.tls).toMatchObject({
      kind: 'tls',
      stage: 'tls',
      outcome: 'established',
      mode: 'implicit',
      host: HOST,
      address: '127.0.0.1',
      port,
      version: 'TLSv1.3',
      sni: HOST,
    });
    expect(result.tls.cipher).toMatch(/^TLS_/);
    expect(result.tls.ephemeral).toMatch(/^ECDH /);
    expect(result.certificate).toMatchObject({ valid: true, identity: true, trusted: true, anchor: 'ca-file' });
    expect(result.chain?.sent.length).toBe(1);
    expect(l.channel).toBe('tls');
    expect(ok(await l.read('smtp'))).toEqual(['220 over tls']);
    l.write([{ text: 'EHLO x', reply: 'smtp' }]);
    expect(ok(await l.read('smtp'))).toEqual(['250 ok']);
    expect(sni).toBe(HOST);
    await l.close();
  });

  it('sends no SNI to an address', async () => {
    let sni: string | false | null = null;
    const { port } = await secureServer((s) => {
      sni = (s as tls.TLSSocket).servername;
      s.write('220 hi\r\n');
    });
    const l = await line(net({ ca: certificates().ca }), port, '127.0.0.1');
    const { tls: t, certificate } = await l.secure({ host: '127.0.0.1', mode: 'implicit' });
    await l.read('smtp');
    expect([t.sni, sni, certificate?.identity]).toEqual([null, false, true]);
  });

  it('judges what it does not trust, and goes on', async () => {
    const { port } = await secureServer((s) => s.write('220 hi\r\n'));
    const l = await line(net(), port);
    const r = await l.secure({ host: 'other.invalid', mode: 'implicit' });
    expect(r.tls.outcome).toBe('established');
    expect(r.certificate).toMatchObject({ trusted: false, identity: false });
    expect(r.problems.length).toBeGreaterThan(1);
    expect(ok(await l.read('smtp'))).toEqual(['220 hi']);
  });

  it('upgrades a connection in its place, with no reply owed and noDelay still set', async () => {
    const context = tls.createSecureContext(material());
    const { port } = await listen((s) => {
      s.write('220 plain\r\n');
      s.once('data', () => {
        s.write('220 go\r\n');
        s.removeAllListeners('data');
        const t = new tls.TLSSocket(s, { isServer: true, secureContext: context });
        t.on('error', () => {});
        t.on('data', (d) => t.write(`250 over tls ${d.toString().trim()}\r\n`));
      });
    });
    const l = await line(net({ ca: certificates().ca }), port);
    await l.read('smtp');
    l.write([{ text: 'STARTTLS', reply: 'smtp' }]);
    await l.read('smtp');
    const { tls: t, certificate } = await l.secure({ host: HOST, mode: 'upgrade' });
    expect(t).toMatchObject({ outcome: 'established', mode: 'upgrade' });
    expect(certificate?.trusted).toBe(true);
    l.write([{ text: 'EHLO x', reply: 'smtp' }]);
    expect(ok(await l.read('smtp'))).toEqual(['250 over tls EHLO x']);
  });

  it('passes a stapled OCSP response on, even where it is garbage', async () => {
    const server = tls.createServer(material());
    server.on('OCSPRequest', (_c, _i, done) => done(null, Buffer.from('garbage')));
    const { port } = await listen((s) => s.write('220 hi\r\n'), server);
    const l = await line(net({ ca: certificates().ca }), port);
    const r = await l.secure({ host: HOST, mode: 'implicit' });
    expect(r.problems.map((p) => p.problem)).toContain('staple-invalid');
  });
});

describe('channel binding', () => {
  it('is the exporter under TLS 1.3', async () => {
    let theirs: Buffer | undefined;
    const { port } = await secureServer((s) => {
      theirs = (s as tls.TLSSocket).exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
      s.write('220 hi\r\n');
    });
    const l = await line(net(), port);
    expect(l.binding('tls-exporter')).toBeUndefined();
    await l.secure({ host: HOST, mode: 'implicit' });
    await l.read('smtp');
    expect(Buffer.from(l.binding('tls-exporter') ?? [])).toEqual(theirs);
    expect(l.binding('tls-unique')).toBeUndefined();
  });

  it('is the hash of the certificate, by its signature, at the end point', async () => {
    const pki = certificates();
    const of = async (m: { key: string; cert: string }) => {
      const { port } = await secureServer((s) => s.write('220 hi\r\n'), { ...m, maxVersion: 'TLSv1.2' });
      const l = await line(net(), port);
      const { tls: t } = await l.secure({ host: HOST, mode: 'implicit' });
      expect(t.version).toBe('TLSv1.2');
      expect(l.binding('tls-exporter')).toBeUndefined();
      expect(l.binding('tls-unique')?.length).toBe(12);
      return Buffer.from(l.binding('tls-server-end-point') ?? []);
    };
    const hash = (cert: string, h: string) => createHash(h).update(new X509Certificate(cert).raw).digest();
    expect(await of(pki)).toEqual(hash(pki.cert, 'sha256'));
    const { sha384, pss } = pki.others;
    if (!sha384 || !pss) throw new Error('no such leaf');
    expect(await of(sha384)).toEqual(hash(sha384.cert, 'sha384'));
    expect(await of(pss)).toEqual(hash(pss.cert, 'sha512'));
  });
});

describe('a failed handshake', () => {
  it('tells plain text in place of TLS', async () => {
    const t = await failed((s) => s.write('220 mail.example.test ESMTP ready, and more words\r\n'));
    expect(t).toMatchObject({ failure: 'plain-answer', code: 'ERR_SSL_WRONG_VERSION_NUMBER' });
  });

  it('remembers what was said, where it is asked to, and tells text from noise', async () => {
    expect(await failed((s) => s.write('220 mail.example.test ESMTP\r\n'), 3000, { tap: true })).toMatchObject({
      failure: 'plain-answer',
      firstBytes: '220 mail.example.test ESMTP\r\n',
    });
    const noise = await failed((s) => s.once('data', () => s.write(Buffer.alloc(64, 0xa5))), 3000, { tap: true });
    expect(noise).toMatchObject({ failure: 'not-tls', firstBytes: '\xa5'.repeat(64) });
  });

  it('works through the tap as without it', async () => {
    const { port } = await secureServer((s) => s.write('220 hi\r\n'));
    const l = await line(net(), port);
    expect((await l.secure({ host: HOST, mode: 'implicit', tap: true, control: 'other-mode' })).tls).toMatchObject({
      outcome: 'established',
      control: 'other-mode',
    });
    expect(ok(await l.read('smtp'))).toEqual(['220 hi']);
    await l.close();
  });

  it('tells silence, a close and a reset apart', async () => {
    expect((await failed(() => {}, 150)).failure).toBe('timeout');
    expect((await failed((s) => s.once('data', () => s.end()))).failure).toBe('closed');
    expect((await failed((s) => s.once('data', () => s.resetAndDestroy()))).failure).toBe('reset');
  });

  it('tells alerts by their number', async () => {
    const alert = (n: number) => failed((s) => s.once('data', () => s.end(Buffer.from([0x15, 3, 3, 0, 2, 2, n]))));
    expect(await alert(70)).toMatchObject({ failure: 'protocol-version', alert: 70 });
    expect(await alert(40)).toMatchObject({ alert: 40 });
    expect(await alert(112)).toMatchObject({ failure: 'unrecognized-name', alert: 112 });
    expect((await alert(80)).failure).toBe('handshake-alert');
    expect((await alert(42)).failure).toBe('certificate-required');
    expect((await alert(48)).failure).toBe('certificate-required');
    const t = await alert(40);
    expect(t.detail).not.toMatch(/\.c:\d|[0-9A-F]{8,16}:error|\.\.\//);
  });

  it('tells an old server by version, and the lowered handshake reaches it', async () => {
    const old = () =>
      secureServer((s) => s.write('220 hi\r\n'), { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    const n = net();
    const a = await line(n, (await old()).port);
    expect((await a.secure({ host: HOST, mode: 'implicit' })).tls.failure).toBe('protocol-version');
    const b = await line(n, (await old()).port);
    const lowered = await b.secure({ host: HOST, mode: 'implicit', minVersion: 'TLSv1', legacy: true, control: 'old-tls' });
    expect(lowered.tls).toMatchObject({ outcome: 'established', version: 'TLSv1.1', control: 'old-tls' });
    expect(lowered.tls.limits).toBe('TLS 1.0 and later, security level 0');
    expect(lowered.certificate?.control).toBe('old-tls');
    expect(lowered.problems.every((p) => p.control === 'old-tls')).toBe(true);
  });

  it('tells that no cipher is shared', async () => {
    const { port } = await secureServer(() => {}, { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' });
    const l = await line(net(), port);
    const { tls: t } = await l.secure({ host: HOST, mode: 'implicit' });
    expect(['no-shared-cipher', 'handshake-alert']).toContain(t.failure);
    expect(t.alert).toBe(40);
  });

  it('tells a certificate message over the limit', async () => {
    const { port } = await listen(() => {}, tls.createServer(oversized()));
    const l = await line(net(), port);
    const { tls: t } = await l.secure({ host: HOST, mode: 'implicit' });
    expect(t).toMatchObject({ failure: 'excessive-message', code: 'ERR_SSL_EXCESSIVE_MESSAGE_SIZE' });
  });

  it('tells that a client certificate is wanted: in the handshake under TLS 1.2, on the first read under 1.3', async () => {
    const want = { requestCert: true, rejectUnauthorized: true };
    const two = await secureServer(() => {}, { ...want, maxVersion: 'TLSv1.2' });
    const a = await line(net(), two.port);
    const r = await a.secure({ host: HOST, mode: 'implicit' });
    // Node's own server closes without an alert; OpenSSL's sends one.
    expect(r.tls.outcome === 'failed' || !(await a.read('smtp')).ok).toBe(true);

    const openssl = await opensslServer('-tls1_3', '-Verify', '1', '-verify_return_error');
    const b = await line(net(), openssl);
    expect((await b.secure({ host: HOST, mode: 'implicit' })).tls.outcome).toBe('established');
    const broken = bad(await b.read('smtp'));
    expect(broken.code).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    expect(broken.detail).toContain('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');

    const strict = await opensslServer('-tls1_2', '-Verify', '1', '-verify_return_error');
    const c = await line(net(), strict);
    const { tls: t } = await c.secure({ host: HOST, mode: 'implicit' });
    expect(t.outcome).toBe('failed');
    expect(t.alert).toBe(40);
  });

  it('never joins plain text to what comes over TLS', async () => {
    const { port } = await listen((s) => {
      s.write('220 hi\r\n');
      s.once('data', () => s.write('220 go\r\n250 half'));
    });
    const l = await line(net(), port);
    await l.read('smtp');
    l.write([{ text: 'STARTTLS', reply: 'smtp' }]);
    await l.read('smtp');
    const { tls: t } = await l.secure({ host: HOST, mode: 'upgrade' });
    expect(t).toMatchObject({ outcome: 'failed', failure: 'plain-answer', firstBytes: '250 half' });
  });

  it('is told where the connection is gone before it begins', async () => {
    const { port, sockets } = await listen((s) => s.end('220 hi\r\n'));
    const l = await line(net(), port);
    await l.read('smtp');
    expect(bad(await l.read('smtp')).how).toBe('closed');
    expect((await l.secure({ host: HOST, mode: 'upgrade' })).tls).toMatchObject({ outcome: 'failed', failure: 'closed' });
    expect(sockets.size).toBeLessThan(2);
  });

  it('ends when the run is interrupted', async () => {
    const stop = new AbortController();
    const { port } = await listen((s) => s.once('data', () => stop.abort()));
    const l = await line(net({ signal: stop.signal }), port);
    expect((await l.secure({ host: HOST, mode: 'implicit' })).tls).toMatchObject({ outcome: 'failed', code: 'ABORT_ERR' });
  });
});
