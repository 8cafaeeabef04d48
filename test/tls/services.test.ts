/** Several services, several addresses and other hosts: what comparing their certificates tells (issue of the service that was not reloaded). */
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Minted } from '../../src/lab/authority.ts';
import { check, found, GREETING, HOST, listenRaw, listenTls, mint, rootOf } from './world.ts';

const NOT_RELOADED = 'certificate.not-reloaded';

describe('the other ports of the host', () => {
  const ADDRESS = '127.88.0.1';
  const names = { [HOST]: [ADDRESS] };
  const root = process.getuid?.() === 0;
  const services = async (bad: 995 | 993 | 465) => {
    const [old, fresh] = [mint('expired'), mint('valid')];
    const ports = [
      [995, GREETING.pop3],
      [993, GREETING.imap],
      [465, GREETING.smtp],
    ] as const;
    for (const [port, greeting] of ports) await listenTls(port === bad ? old : fresh, { address: ADDRESS, port }, greeting);
  };

  it.skipIf(!root)('995 has the old certificate, 993 and 465 the new one: which was not reloaded is told', async () => {
    await services(995);
    const c = await check({ protocol: 'pop3', port: 995, names });
    expect(rootOf(c)).toBe('certificate.expired');
    const told = found(c, NOT_RELOADED);
    expect(told).toMatchObject({ severity: 'notice', certainty: 'proven' });
    expect(told?.sighting.params?.bad).toBe(`${ADDRESS}:995 (1/3)`);
    expect(String(told?.sighting.params?.good).split(', ').sort()).toEqual([`${ADDRESS}:465`, `${ADDRESS}:993`]);
  });

  it.skipIf(!root)('without control probes nothing is compared, and the healthy port is healthy', async () => {
    await services(995);
    const c = await check({ protocol: 'pop3', port: 995, names, options: { controlProbes: false } });
    expect(rootOf(c)).toBe('certificate.expired');
    expect(found(c, NOT_RELOADED)).toBeUndefined();
    expect(c.evidence.some((e) => e.control !== undefined)).toBe(false);
    const healthy = await check({ protocol: 'imap', port: 993, names, options: { until: 'greeting' } });
    expect(healthy.diagnosis.verdict).toBe('pass');
  });
});

describe('the other addresses of the name', () => {
  const [A, B, C] = ['127.88.0.2', '127.88.0.3', '127.88.0.4'];
  const port = 50_993;
  const names = { [HOST]: [A, B, C] };
  const serve = async (kinds: readonly ('expired' | 'valid')[]) => {
    for (const [i, kind] of kinds.entries()) await listenTls(mint(kind), { address: [A, B, C][i] ?? '', port }, GREETING.imap);
  };

  it('two of three serve the old certificate: the check fails, and says which', async () => {
    await serve(['expired', 'expired', 'valid']);
    const c = await check({ port, names });
    // Whichever opened first is the one in use.
    const used = c.evidence.find((e) => e.kind === 'certificate' && e.control === undefined);
    const bad = found(c, NOT_RELOADED)?.sighting.params?.bad;
    expect(String(bad)).toContain('(2/3)');
    for (const a of [A, B]) expect(String(bad)).toContain(`${a}:${port}`);
    expect(found(c, NOT_RELOADED)?.sighting.params?.good).toBe(`${C}:${port}`);
    expect(used?.kind === 'certificate' && used.address === C ? 'warn' : 'fail').toBe(c.diagnosis.verdict);
    expect(found(c, 'certificate.expired')).toBeDefined();
  });

  it('all serve the new one: nothing is said', async () => {
    await serve(['valid', 'valid', 'valid']);
    const c = await check({ port, names, options: { until: 'certificate' } });
    expect(c.diagnosis.findings).toEqual([]);
  });
});

describe('--control-host', () => {
  const [OWN, OTHER] = ['127.88.0.5', '127.88.0.6'];
  const port = 50_994;
  const OTHER_HOST = 'mail.elsewhere.invalid';
  const names = { [HOST]: [OWN], [OTHER_HOST]: [OTHER], 'pop.example.test': [OTHER] };

  it('the same foreign issuer on an unrelated host: something in between answers', async () => {
    await listenTls(mint('untrusted-root'), { address: OWN, port }, GREETING.imap);
    await listenTls(mint('untrusted-root', OTHER_HOST), { address: OTHER, port }, GREETING.imap);
    const c = await check({ port, names, options: { controlHost: OTHER_HOST } });
    expect(rootOf(c)).toBe('certificate.intercepted');
    expect(c.diagnosis.root?.certainty).toBe('likely');
    expect(c.diagnosis.root?.sighting.alternatives).toContain('certificate.untrusted-root');
    const without = await check({ port, names });
    expect(rootOf(without)).toBe('certificate.untrusted-root');
  });

  it('over STARTTLS as well', async () => {
    const upgraded = (minted: Minted) => (socket: Socket) => {
      socket.write('* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n');
      socket.on('data', (said) => {
        const [tag = '', verb = ''] = said.toString('latin1').trim().split(' ');
        if (verb !== 'STARTTLS') return void socket.write(`* CAPABILITY IMAP4rev1 STARTTLS\r\n${tag} OK done\r\n`);
        socket.removeAllListeners('data');
        socket.write(`${tag} OK begin\r\n`);
        const { key, cert } = minted;
        new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ key, cert }) }).on('error', () => {});
      });
    };
    await listenRaw(upgraded(mint('untrusted-root')), { address: OWN, port });
    await listenRaw(upgraded(mint('untrusted-root', OTHER_HOST)), { address: OTHER, port });
    const c = await check({ port, names, security: 'starttls', options: { controlHost: OTHER_HOST } });
    expect(rootOf(c)).toBe('certificate.intercepted');
  });

  it('a host of the same domain, or one with a certificate of its own, proves nothing', async () => {
    await listenTls(mint('untrusted-root'), { address: OWN, port }, GREETING.imap);
    await listenTls(mint('untrusted-root', 'pop.example.test'), { address: OTHER, port }, GREETING.imap);
    const related = await check({ port, names, options: { controlHost: 'pop.example.test' } });
    expect(rootOf(related)).toBe('certificate.untrusted-root');
  });
});

it('a mail server of somebody else: whose it is, and what names would work', async () => {
  const port = await listenTls(mint('identity-differs'), {}, GREETING.imap);
  const c = await check({ port });
  expect(rootOf(c)).toBe('certificate.identity-differs');
  expect(c.diagnosis.root?.sighting.params?.names).toBe('mail.example.net, example.net');
  expect(c.diagnosis.root?.sighting.evidence[0]).toMatchObject({ subject: 'CN=mail.example.net' });
});

describe('the clock', () => {
  const future = new Date(Date.now() + 30 * 86_400_000);

  it('S-027 not yet valid, and the greeting says that it is later: this clock is wrong', async () => {
    const greeting = `220 ${HOST} ESMTP; ${future.toUTCString().replace('GMT', '+0000')}\r\n`;
    const port = await listenTls(mint('not-yet-valid'), {}, greeting);
    const c = await check({ protocol: 'smtp', port });
    expect(rootOf(c)).toBe('certificate.local-clock');
    expect(found(c, 'certificate.not-yet-valid') ?? c.diagnosis.root).toBeDefined();
  });

  it('S-027 without a date from elsewhere, or with the same one, the certificate is at fault', async () => {
    for (const greeting of ['220 ESMTP\r\n', `220 ESMTP; ${new Date().toUTCString().replace('GMT', '+0000')}\r\n`]) {
      const port = await listenTls(mint('not-yet-valid'), {}, greeting);
      const c = await check({ protocol: 'smtp', port });
      expect(rootOf(c)).toBe('certificate.not-yet-valid');
    }
  });

  it.skipIf(process.getuid?.() !== 0)('the Date of the host’s web server serves as well', async () => {
    const ADDRESS = '127.88.0.7';
    const web = createServer((_, answer) => answer.writeHead(200, { date: future.toUTCString() }).end('hello'));
    await new Promise<void>((resolve) => web.listen(80, ADDRESS, () => resolve()));
    try {
      await listenTls(mint('not-yet-valid'), { address: ADDRESS, port: 50_995 }, GREETING.pop3);
      const c = await check({ protocol: 'pop3', port: 50_995, names: { [HOST]: [ADDRESS] } });
      expect(rootOf(c)).toBe('certificate.local-clock');
    } finally {
      web.closeAllConnections();
      web.close();
    }
  });
});
