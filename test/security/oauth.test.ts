/** OAuth 2.0 by the device flow against a real HTTPS server: what is obeyed, what is refused, and that codes and tokens stand nowhere but where they belong. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:https';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DeviceCode, pollToken, requestCode } from '../../src/net/device.ts';
import { createNet } from '../../src/net/net.ts';
import { bytesOf, CANARY, found, needles, TOKEN } from './canary.ts';
import { cli, type Home, newHome, written } from './cli.ts';
import { authority, later } from './raw.ts';

const SECRETS = {
  device: 'Dv-CANARY-7Qw2Er9Ty4Ui1Op-device',
  refresh: '1//Rf-CANARY-3As8Df5Gh2Jk7Lz-refresh',
  client: 'Cs-CANARY-6Zx1Cv8Bn3Mq5Wp-client',
};
const NEEDLES = [CANARY, ...Object.values(SECRETS)]
  .flatMap((s) => needles(s))
  .filter(
    (n) => !/^(efresh|refres|device|client|-devic|-clien|-refre|evice$|lient$)$/.test(n) && !/^-?(refresh|device|client)/.test(n),
  );
let minted: { readonly key: string; readonly cert: string; readonly ca: string };
beforeAll(() => {
  minted = authority().mint('valid', { dns: ['localhost'], ips: ['127.0.0.1'] });
});

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly destroy?: true;
}

/** A server that gives its answers one after the other, the last one for ever. */
async function provider(answers: readonly Answer[], cert = minted) {
  const heard: string[] = [];
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.on('data', (d) => {
      body += d;
    });
    request.on('end', () => {
      heard.push(`${request.method} ${request.url} ${body}`);
      const a = answers[Math.min(heard.length, answers.length) - 1] ?? {};
      if (a.destroy) return void request.socket.destroy();
      response.writeHead(a.status ?? 200, { 'content-type': 'application/json', ...a.headers });
      response.end(a.body ?? '');
    });
  };
  const server = createServer({ key: cert.key, cert: cert.cert }, listener);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(() => {
    server.closeAllConnections();
    server.close();
  });
  const at = server.address();
  return { url: `https://127.0.0.1:${typeof at === 'object' && at ? at.port : 0}`, heard };
}

const json = (o: object, status = 200): Answer => ({ status, body: JSON.stringify(o) });
const code = {
  device_code: SECRETS.device,
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://example.test/device',
  expires_in: 900,
  interval: 5,
};

function world() {
  const net = createNet({
    signal: new AbortController().signal,
    families: [4],
    secrets: [],
    transcript: false,
    env: {},
    ca: minted.ca,
    allowPrivate: true,
  });
  later(() => net.close());
  net.deadline(20_000);
  return net;
}

const CODE: DeviceCode = {
  userCode: 'X',
  where: 'https://example.test',
  expiresInS: 900,
  intervalS: 5,
  deviceCode: SECRETS.device,
};
async function poll(answers: readonly Answer[], more: Partial<DeviceCode> = {}) {
  const server = await provider(answers);
  const waits: number[] = [];
  const issuer = {
    device: `${server.url}/d`,
    token: `${server.url}/t`,
    scope: 's',
    clientId: 'id',
    clientSecret: SECRETS.client,
  };
  const result = await pollToken(world(), issuer, { ...CODE, ...more }, async (ms) => void waits.push(ms / 1000));
  return { result, waits, heard: server.heard };
}

describe('the device flow', () => {
  it('S-181: the interval is obeyed, five seconds are added on slow_down, an error in between is waited out', async () => {
    const { result, waits } = await poll([
      json({ error: 'authorization_pending' }, 400),
      json({ error: 'slow_down' }, 400),
      { destroy: true },
      { status: 503, body: '<html>busy</html>' },
      json({ error: 'slow_down' }, 400),
      json({ access_token: TOKEN, token_type: 'Bearer', expires_in: 3600 }),
    ]);
    expect(waits).toEqual([5, 5, 10, 10, 10, 15]);
    expect(result).toMatchObject({ outcome: 'token', accessToken: TOKEN });
  });

  it('S-181: denied, expired and the end of the code are told apart', async () => {
    expect((await poll([json({ error: 'access_denied' }, 400)])).result.outcome).toBe('denied');
    expect((await poll([json({ error: 'authorization_declined' }, 400)])).result.outcome).toBe('denied');
    expect((await poll([json({ error: 'expired_token' }, 400)])).result.outcome).toBe('expired');
    const late = await poll([json({ error: 'authorization_pending' }, 400)], { expiresInS: 3 });
    expect([late.result.outcome, late.waits, late.heard]).toEqual(['expired', [], []]);
    expect((await poll([json({ error: 'invalid_client' }, 401)])).result).toMatchObject({
      outcome: 'failed',
      detail: 'invalid_client',
    });
  });

  it('S-181: a server cannot make us poll faster than every second, or wait for ever', async () => {
    const server = await provider([json({ ...code, interval: 0, expires_in: 1e9 })]);
    const asked = await requestCode(world(), { device: server.url, token: server.url, scope: 's', clientId: 'id' });
    expect(asked).toMatchObject({ intervalS: 5, expiresInS: 3600 });
  });

  it('S-183: redirects, pages in place of JSON, megabytes and other token types fail with a reason', async () => {
    const elsewhere = await provider([json({ access_token: 'stolen', token_type: 'Bearer' })]);
    const redirect = await poll([{ status: 307, headers: { location: `${elsewhere.url}/t` } }]);
    expect(redirect.result).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('redirects') });
    expect(elsewhere.heard).toEqual([]);
    expect((await poll([{ status: 200, body: '<html>log in</html>' }])).result).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('without JSON'),
    });
    expect((await poll([{ body: `{"access_token":"${'x'.repeat(10_000_000)}"}` }])).result).toMatchObject({ outcome: 'failed' });
    expect((await poll([json({ access_token: 'x', token_type: 'mac' })])).result).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('Bearer'),
    });
    expect((await poll([json({ access_token: 'x', token_type: 'bearer' })])).result).toMatchObject({ outcome: 'token' });
    expect((await poll([json([])])).result).toMatchObject({ outcome: 'failed' });
  });

  it('S-183: the certificate is always verified', async () => {
    const { createAuthority } = await import('../../src/lab/authority.ts');
    const other = createAuthority().mint('valid', { dns: ['localhost'], ips: ['127.0.0.1'] });
    const server = await provider([json(code)], other);
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect(await requestCode(world(), { device: server.url, token: server.url, scope: 's', clientId: 'id' })).toMatchObject({
        fault: expect.any(String),
      });
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
    expect(server.heard).toEqual([]);
  });
});

describe('mailcheck token', () => {
  const run = (home: Home, device: string, token: string, ...more: readonly string[]) => {
    writeFileSync(join(home.tmp, 'ca.pem'), minted.ca);
    return cli(
      [
        'token',
        '--provider',
        'google',
        '--client-id',
        'id',
        '--client-secret-env',
        'CLIENT',
        '--device-url',
        device,
        '--token-url',
        token,
        '--ca-file',
        'ca.pem',
        '--timeout',
        '5',
        ...more,
      ],
      {
        in: home,
        env: { CLIENT: SECRETS.client, DEBUG: '*', NODE_DEBUG: 'net,tls,http,https,stream' },
      },
    );
  };

  it('S-163 S-186: the code is shown once, the token goes where it was told to, a new file of 0600, and nothing else is kept', async () => {
    const home = newHome();
    const server = await provider([
      json({ ...code, interval: 1 }),
      json({ error: 'authorization_pending' }, 400),
      json({ access_token: TOKEN, refresh_token: SECRETS.refresh, token_type: 'Bearer' }),
    ]);
    const path = join(home.home, 'token.txt');
    const ran = await run(home, `${server.url}/d`, `${server.url}/t`, '--write', path);
    expect([ran.status, ran.stdout]).toEqual([0, '']);
    expect(ran.stderr.match(/WDJB-MJHT/g)).toHaveLength(1);
    expect(readFileSync(path, 'utf8')).toBe(`${TOKEN}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const rest = written(home).filter((f) => f.path !== path);
    const traces = rest.map((f) => f.text).join('\n') + bytesOf(ran.stdout + ran.stderr);
    expect(found(traces, NEEDLES)).toEqual([]);
    expect(written(home).filter((f) => f.text.includes('WDJB') || (f.text.includes(TOKEN) && f.path !== path))).toEqual([]);
    const again = await run(home, `${server.url}/d`, `${server.url}/t`, '--write', path);
    expect(again.status).not.toBe(0);
    expect(server.heard.filter((h) => h.includes('device_code')).every((h) => h.startsWith('POST /t '))).toBe(true);
  }, 40_000);

  it('S-171: errors that hold tokens, codes and URLs: the error code stays, the rest is nowhere', async () => {
    const bad = (o: object) => json({ error: 'invalid_grant', ...o }, 400);
    for (const answer of [
      bad({ refresh_token: SECRETS.refresh, access_token_hint: TOKEN }),
      bad({ error_description: `the code ${SECRETS.device} was used; secret ${SECRETS.client}` }),
      bad({ error_uri: `https://x.test/?code=${SECRETS.device}&client_secret=${SECRETS.client}` }),
      { status: 302, headers: { location: `https://x.test/cb?code=${SECRETS.device}` } },
      { status: 500, body: `<html>${SECRETS.device} ${SECRETS.client} ${SECRETS.refresh}</html>` },
    ] as const) {
      const home = newHome();
      const server = await provider([json({ ...code, interval: 1, expires_in: 3 }), answer]);
      const ran = await run(home, `${server.url}/d`, `${server.url}/t`);
      expect(ran.status).toBe(1);
      expect(
        found(
          written(home)
            .map((f) => f.text)
            .join('\n') + bytesOf(ran.stdout + ran.stderr),
          [...NEEDLES, ...needles(TOKEN)],
        ),
      ).toEqual([]);
      if ('status' in answer && answer.status === 400) expect(ran.stderr).toContain('invalid_grant');
    }
  }, 60_000);

  it('S-183: only https, and no user name in the URL', async () => {
    for (const url of ['http://127.0.0.1/d', `https://me:${SECRETS.client}@127.0.0.1/d`, 'file:///etc/passwd']) {
      const ran = await run(newHome(), url, url);
      expect([ran.status, ran.stdout]).toEqual([2, '']);
      expect(ran.stderr).not.toContain(SECRETS.client);
    }
  }, 20_000);
});
