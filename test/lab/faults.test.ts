import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/lab/authority.ts';
import { type Running, serve } from '../../src/lab/server.ts';
import type { LabCertificate, Serve } from '../../src/model/cause.ts';
import { handshake, plain, secure } from './client.ts';

const authority = createAuthority();
const open: Running[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((r) => r.close()));
});
async function start(faults: Serve): Promise<Running> {
  const running = await serve(faults, { authority });
  open.push(running);
  return running;
}

/** The code of a handshake's failure, or the code of the failure that follows it. */
async function failure(running: Running, options: tls.ConnectionOptions = {}): Promise<string> {
  try {
    const c = await secure(running, options);
    return `after: ${await c.over}`;
  } catch (e) {
    return e instanceof Error && 'code' in e ? String(e.code) : String(e);
  }
}

/** What openssl s_client says, given a moment and no input. */
function sClient(running: Running, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn('openssl', ['s_client', '-connect', `${running.address}:${running.port}`, ...args]);
    let out = '';
    child.stdout.on('data', (d) => (out += d));
    child.stderr.on('data', (d) => (out += d));
    child.on('close', () => resolve(out));
    child.stdin.end();
  });
}

/** The first bytes that come to a client which sends what looks like a ClientHello. */
async function firstBytes(running: Running): Promise<Buffer> {
  const socket = net.connect(running.port, running.address);
  socket.on('error', () => undefined);
  socket.write(Buffer.from('1603010005010000010000', 'hex'));
  return new Promise((resolve) => {
    socket.once('data', (d) => {
      socket.destroy();
      resolve(d);
    });
    socket.once('close', () => resolve(Buffer.alloc(0)));
  });
}

describe('TCP faults', () => {
  it('refuses', async () => {
    const running = await start({ protocol: 'pop3', tcp: 'refuse' });
    for (let i = 0; i < 3; i++) expect(await plain(running).over).toBe('ECONNREFUSED');
  });

  it('never answers a SYN', async () => {
    const running = await start({ protocol: 'pop3', tcp: 'no-answer' });
    const socket = net.connect({ host: running.address, port: running.port, timeout: 400 });
    const how = await new Promise((resolve) => {
      for (const event of ['connect', 'timeout', 'error']) socket.once(event, () => resolve(event));
    });
    socket.destroy();
    expect(how).toBe('timeout');
  });

  it('resets and closes before the first word', async () => {
    expect(await plain(await start({ protocol: 'imap', tcp: 'reset' })).over).toBe('ECONNRESET');
    const closing = plain(await start({ protocol: 'imap', tcp: 'close', security: 'none' }));
    expect(await closing.over).toBe('end');
    expect(closing.text).toBe('');
  });

  it('accepts and says nothing, whatever the client says', async () => {
    const running = await start({ protocol: 'smtp', security: 'starttls', tcp: 'silent' });
    const c = plain(running);
    c.write('EHLO me\r\nQUIT\r\n');
    c.socket.end();
    expect(await c.over).toBe('end');
    expect(c.text).toBe('');
    expect(running.connections).toBe(1);
  });

  it('has a dead first address and a healthy second', async () => {
    const running = await start({ protocol: 'imap', tcp: 'first-address-dead' });
    expect(running.byName).toBe(true);
    expect(await plain({ ...running, address: '::1' }).over).toMatch(/ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH/);
    const c = await secure(running);
    await c.until(/\* OK/);
    c.close();
  });
});

describe('TLS faults', () => {
  const kinds = ['imap', 'pop3', 'smtp'] as const;

  it('speaks 1.0 and 1.1 only', async () => {
    const running = await start({ protocol: 'imap', tls: 'old-version' });
    expect(await failure(running)).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    const old = await handshake(
      { host: running.address, port: running.port, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
      running,
    );
    expect(old.getProtocol()).toBe('TLSv1.1');
    old.destroy();
    expect(await sClient(running, '-tls1', '-cipher', 'ALL:@SECLEVEL=0')).toMatch(/Protocol *: TLSv1$/m);
  });

  it('shares no cipher with anybody', async () => {
    const running = await start({ protocol: 'imap', tls: 'no-shared-cipher' });
    expect(await failure(running)).toBe('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE');
    expect(await sClient(running, '-tls1_2')).toMatch(/alert handshake failure/);
    expect(await sClient(running, '-tls1_2', '-curves', 'brainpoolP256r1:P-256')).toMatch(/Cipher is ECDHE-ECDSA-AES/);
  });

  it('demands a client certificate, under 1.3 after the handshake, under 1.2 within it', async () => {
    const running = await start({ protocol: 'imap', tls: 'client-certificate' });
    expect(await failure(running)).toBe('after: ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    expect(await failure(running, { maxVersion: 'TLSv1.2' })).toBe('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE');
    const { key, cert } = authority.mint('valid', { dns: ['you@example.test'], ips: [] });
    (await handshake({ host: running.address, port: running.port, key, cert }, running)).destroy();
    const old = await start({ protocol: 'imap', tls: 'client-certificate-tls12' });
    expect(await failure(old)).toBe('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE');
  });

  it('answers with garbage, an alert, a reset or nothing', async () => {
    const garbage = await start({ protocol: 'imap', tls: 'garbage' });
    const bytes = await firstBytes(garbage);
    expect(bytes).toHaveLength(64);
    expect(bytes[0]).toBeGreaterThan(0x7f);
    expect(await failure(garbage)).toMatch(/^ERR_SSL/);
    const alert = await start({ protocol: 'imap', tls: 'alert' });
    expect((await firstBytes(alert)).toString('hex')).toBe('15030300020250');
    expect(await failure(alert)).toBe('ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR');
    expect(await failure(await start({ protocol: 'imap', tls: 'reset' }))).toBe('ECONNRESET');
    const silent = await start({ protocol: 'imap', tls: 'silent' });
    const socket = tls.connect({ host: silent.address, port: silent.port, timeout: 300 });
    socket.on('error', () => undefined);
    const how = await new Promise((resolve) => {
      for (const event of ['secureConnect', 'timeout', 'close']) socket.once(event, () => resolve(event));
    });
    socket.destroy();
    expect(how).toBe('timeout');
  });

  it.each(kinds)('speaks plain text where TLS is due: %s', async (protocol) => {
    const running = await start({ protocol, tls: 'plain' });
    expect(await failure(running)).toBe('ERR_SSL_WRONG_VERSION_NUMBER');
    const c = plain(running);
    expect(await c.until(/\r\n/)).toMatch(/^(220 |\+OK |\* OK )/);
    c.close();
    const later = await start({ protocol, security: 'starttls', tls: 'plain' });
    const s = plain(later);
    await s.until(/\r\n/);
    await s.ask(protocol === 'pop3' ? 'STLS' : protocol === 'imap' ? 'a STARTTLS' : 'STARTTLS', /Begin|Ready/);
    await expect(s.upgrade()).rejects.toThrow(/wrong version number/);
  });

  it.each(kinds)('fails after the reply to STARTTLS as it would from the first byte: %s', async (protocol) => {
    const command = protocol === 'pop3' ? 'STLS' : protocol === 'imap' ? 'a STARTTLS' : 'STARTTLS';
    const upgrade = async (faults: Partial<Serve>) => {
      const c = plain(await start({ protocol, security: 'starttls', ...faults }));
      await c.until(/\r\n/);
      await c.ask(command, /(Begin|Ready)[^\r\n]*\r\n/);
      return c.upgrade().then(
        () => 'secured',
        (e) => String(e.code),
      );
    };
    expect(await upgrade({})).toBe('secured');
    expect(await upgrade({ tls: 'alert' })).toBe('ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR');
    expect(await upgrade({ tls: 'reset' })).toBe('ECONNRESET');
    expect(await upgrade({ tls: 'old-version' })).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    expect(await upgrade({ certificate: 'self-signed' })).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it.each(kinds)('injects an answer before the handshake, in one segment: %s', async (protocol) => {
    const running = await start({ protocol, security: 'starttls', tls: 'injected' });
    const c = plain(running);
    await c.until(/\r\n/);
    const chunk = new Promise<Buffer>((resolve) => c.socket.once('data', resolve));
    c.write(protocol === 'pop3' ? 'STLS\r\n' : protocol === 'imap' ? 'a STARTTLS\r\n' : 'STARTTLS\r\n');
    expect((await chunk).toString()).toMatch(
      /(Begin|Ready)[^\r\n]*\r\n(\+OK injected|250 2\.0\.0 injected|\* CAPABILITY)[^\r\n]*\r\n$/,
    );
    const s = await c.upgrade();
    expect(s.text).toBe('');
    s.close();
  });

  it('waits for TLS on a port that is told as STARTTLS', async () => {
    const running = await start({ protocol: 'smtp', security: 'tls', client: { security: 'starttls' } });
    expect(running.security).toBe('starttls');
    const c = plain(running);
    c.write('EHLO me\r\n');
    await c.over;
    expect(c.text).not.toMatch(/220/);
  });
});

describe('certificates as they are met', () => {
  const CODES: readonly [LabCertificate, string][] = [
    ['valid', 'secured'],
    ['expires-soon', 'secured'],
    ['wrong-order', 'secured'],
    ['weak-key', 'secured'],
    ['revoked', 'secured'],
    ['revocation-unreachable', 'secured'],
    ['name-only-in-cn', 'secured'],
    ['partial-wildcard', 'secured'],
    ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['untrusted-root', 'SELF_SIGNED_CERT_IN_CHAIN'],
    ['intercepted', 'SELF_SIGNED_CERT_IN_CHAIN'],
    ['incomplete-chain', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['expired-intermediate', 'CERT_HAS_EXPIRED'],
    ['not-yet-valid', 'CERT_NOT_YET_VALID'],
    ['identity-differs', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['weak-signature', 'UNSPECIFIED'],
    ['wrong-purpose', 'INVALID_PURPOSE'],
    ['name-constraint', 'UNSPECIFIED'],
    ['path-length', 'PATH_LENGTH_EXCEEDED'],
    ['no-ca-bit', 'INVALID_PURPOSE'],
    ['critical-extension', 'UNSPECIFIED'],
    ['bad-signature', 'CERT_SIGNATURE_FAILURE'],
  ];

  it.each(CODES)('%s: Node says %s', async (certificate, code) => {
    const running = await start({ protocol: 'imap', certificate });
    const said = await handshake({ host: running.address, port: running.port }, running).then(
      (s) => {
        s.destroy();
        return 'secured';
      },
      (e) => String(e.code),
    );
    expect(said).toBe(code);
  });

  it('gives nobody’s certificate to those who send no name', async () => {
    const running = await start({ protocol: 'imap', certificate: 'server-name-missing' });
    expect(running.host).toBe('127.0.0.1');
    const nameless = await handshake(
      { host: running.address, port: running.port, servername: '', rejectUnauthorized: false },
      running,
    );
    expect(nameless.getPeerCertificate().subject.CN).toBe('invalid2.invalid');
    nameless.destroy();
    const named = await handshake({ host: running.address, port: running.port, servername: 'mail.example.test' }, running);
    expect(named.getPeerCertificate().subject.CN).toBe('mail.example.test');
    named.destroy();
  });

  it('staples the revocation and serves the list', async () => {
    const running = await start({ protocol: 'imap', certificate: 'revoked' });
    const options = {
      host: running.address,
      port: running.port,
      ca: running.ca,
      servername: running.host,
      requestOCSP: true,
    };
    const socket = tls.connect(options);
    const staple = await new Promise<Buffer>((resolve) => socket.once('OCSPResponse', (r) => resolve(r)));
    socket.destroy();
    expect(staple.length).toBeGreaterThan(100);
    const der =
      (await handshake({ host: running.address, port: running.port }, running)).getPeerX509Certificate()?.raw ?? Buffer.alloc(0);
    const url = /http:\/\/127\.0\.0\.1:\d+\/lab\.crl/.exec(der.toString('latin1'))?.[0] ?? '';
    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toBe('application/pkix-crl');
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
  });

  it('publishes the issuer where it is asked to', async () => {
    const running = await serve({ protocol: 'imap', certificate: 'incomplete-chain' }, { authority, issuerUrl: true });
    open.push(running);
    const s = await handshake({ host: running.address, port: running.port, rejectUnauthorized: false }, running);
    const url = /URI:(\S+)/.exec(s.getPeerX509Certificate()?.infoAccess ?? '')?.[1] ?? '';
    s.destroy();
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(
      authority.mint('valid', { dns: ['x.test'], ips: [] }).issuer,
    );
  });
});

describe('a server', () => {
  it('fits the name that the client is told, and loopback', async () => {
    const running = await start({ protocol: 'pop3', client: { host: 'pop.provider.example' } });
    for (const servername of ['pop.provider.example', 'mail.example.test', 'localhost']) {
      (await handshake({ host: running.address, port: running.port, servername }, running)).destroy();
    }
  });

  it('serves both families', async () => {
    const running = await serve({ protocol: 'pop3' }, { authority, host: '::1' });
    open.push(running);
    const c = await secure(running);
    expect(await c.until(/\r\n/)).toMatch(/^\+OK/);
    expect(running.resolver).toMatch(/^\[::1\]:\d+$/);
    c.close();
  });

  it('survives clients that vanish at every step, and leaves nothing behind', async () => {
    const running = await start({ protocol: 'smtp', security: 'starttls' });
    for (const words of [
      '',
      'EHLO me\r\n',
      'EHLO me\r\nSTARTTLS\r\n',
      'EHLO me\r\nSTARTTLS\r\n\x16\x03\x01',
      'x'.repeat(100_000),
    ]) {
      const c = plain(running);
      await c.until(/220/);
      c.write(words);
      c.socket.resetAndDestroy();
      await c.over;
    }
    const last = plain(running);
    await last.until(/220/);
    expect(existsSync(running.caFile)).toBe(true);
    await Promise.all([running.close(), running.close()]);
    expect(existsSync(running.caFile)).toBe(false);
    expect(await last.over).toMatch(/end|ECONNRESET/);
    expect(await plain(running).over).toBe('ECONNREFUSED');
  });

  it.each(['pop3', 'imap', 'smtp'] as const)('takes any bytes at any time: %s', async (protocol) => {
    const running = await start({ protocol, security: 'none' });
    const words = [
      'AUTH',
      'PLAIN',
      'a1',
      'LOGIN',
      'FETCH',
      'BODY[',
      '(((',
      '"',
      '{3}',
      '{2+}',
      '\r\n',
      '\n',
      '\0',
      '\xff',
      ' ',
      'MAIL FROM:<',
    ];
    const more = [
      'EXAMINE INBOX',
      'SEARCH NOT',
      'DATA',
      '.',
      'EHLO x',
      'USER',
      'TOP 1',
      '*',
      '=',
      'STLS',
      'RCPT TO:<a@b>',
      'UID',
      '>',
      'ID (',
    ];
    const all = [...words, ...more];
    let seed = 7;
    const next = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    for (let session = 0; session < 40; session++) {
      const c = plain(running);
      const text = Array.from({ length: 60 }, () => `${all[next(all.length)]}${next(3) === 0 ? '\r\n' : ' '}`).join('');
      c.write(text);
      c.socket.end();
      await c.over;
      c.close();
    }
    const c = plain(running);
    expect(await c.until(/\r\n/)).toMatch(/^(\+OK|\* OK|220)/);
    c.close();
  });

  it('says clearly that a port is taken, and frees what it had', async () => {
    const first = await start({ protocol: 'pop3' });
    await expect(serve({ protocol: 'pop3' }, { authority, port: first.port })).rejects.toThrow(/EADDRINUSE/);
  });

  it('logs the conversation without the secrets', async () => {
    const lines: string[] = [];
    const running = await serve({ protocol: 'pop3', security: 'none' }, { authority, log: (l) => lines.push(l) });
    open.push(running);
    const c = plain(running);
    c.write('USER you@example.test\r\nPASS not for the screen\r\nAUTH PLAIN AHlvdQBub3QgZm9yIHRoZSBzY3JlZW4=\r\nQUIT\r\n');
    await c.over;
    expect(lines).toContain('C: PASS ********');
    expect(lines).toContain('C: AUTH PLAIN ********');
    expect(lines.join('\n')).not.toMatch(/not for the screen|AHlvd/);
    expect(running.received).toContain('PASS not for the screen');
  });
});
