/** `--send --arrival`: the test message is found at the receiving side. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkup } from '../../src/checkup.ts';
import { kitOf } from '../../src/kit.ts';
import { createAccount } from '../../src/lab/account.ts';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { type Running, serve } from '../../src/lab/server.ts';
import { sealSecret } from '../../src/model/secret.ts';
import { readTold, type Told } from '../../src/settle/settle.ts';
import { OPTIONS } from '../tools/live.ts';

describe.each(['imap', 'pop3'] as const)('arrival by %s', (protocol) => {
  let authority: Authority;
  let smtp: Running;
  let incoming: Running;
  beforeAll(async () => {
    authority = createAuthority();
    const account = createAccount({});
    [smtp, incoming] = await Promise.all([
      serve({ protocol: 'smtp' }, { authority, account }),
      serve({ protocol }, { authority, account }),
    ]);
  });
  afterAll(() => Promise.all([smtp.close(), incoming.close()]));

  it('tells when the message came, by one log-in on each side', async () => {
    const secret = sealSecret(smtp.password);
    const told = (r: Running): Told => ({
      ...readTold({
        protocol: r.protocol,
        address: r.mail,
        host: r.host,
        port: r.port,
        security: r.security,
        insecureAuth: false,
      }),
      secret,
    });
    const done = await checkup({
      told: [told(smtp)],
      incoming: told(incoming),
      options: { ...OPTIONS, send: true, arrival: true },
      net: { families: [4], resolver: smtp.resolver, ca: smtp.ca, transcript: true, env: {}, allowPrivate: true },
      signal: new AbortController().signal,
      kit: kitOf([]),
    });
    const [check] = done.checks;
    expect(check?.diagnosis.root?.cause.id).toBeUndefined();
    const sent = check?.evidence.filter((e) => e.kind === 'sender' && e.depth === 'data');
    expect(sent).toHaveLength(1);
    expect(sent?.[0]).toMatchObject({
      accepted: true,
      arrivedAfterS: expect.any(Number),
      messageId: expect.stringMatching(/^<mailcheck\./),
    });
    expect(incoming.received.filter((l) => /AUTH|LOGIN|PASS/i.test(l)).length).toBeLessThanOrEqual(2);
    expect(incoming.received.join('\n')).not.toMatch(/DELE|STORE|EXPUNGE|SELECT /i);
  });
});
