/** The list of stages tells what happened, in its order: one failed stage where one thing is wrong. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import type { Serve } from '../../src/model/cause.ts';
import type { Protocol } from '../../src/model/terms.ts';
import { look, raw, session } from '../security/raw.ts';
import { checkServe } from '../tools/live.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

const ASK: Readonly<Record<Protocol, RegExp>> = { smtp: /^EHLO/, imap: /^CAPABILITY/, pop3: /^CAPA/ };
const NONSENSE: Readonly<Record<Protocol, string>> = { smtp: 'hello\r\n', imap: 'hello\r\n', pop3: 'hello\r\n' };

describe.each(['smtp', 'imap', 'pop3'] as const)('%s with STARTTLS', (protocol) => {
  it('capabilities that fail after TLS stand after it', async () => {
    const server = await raw(
      session(protocol, {
        on: (command, io, _tag, channel) => {
          if (channel === 'plain' || !ASK[protocol].test(command)) return false;
          io.say(NONSENSE[protocol]);
          return 'over';
        },
      }),
    );
    const { check } = await look(server.port, { protocol, security: 'starttls' });
    const ran = check.stages.filter((s) => s.status !== 'skipped').map((s) => `${s.stage} ${s.status}`);
    expect(ran.slice(-4)).toEqual(['greeting pass', 'tls pass', 'certificate pass', 'capabilities fail']);
    expect(check.diagnosis.root?.stage).toBe('capabilities');
  });
});

describe('a firewall that rewrites', () => {
  const cisco: Serve = {
    protocol: 'smtp',
    security: 'starttls',
    greeting: '220 *************************2******200**********0*00',
    capabilities: { plain: ['SIZE 31457280', 'XXXXXXXA'] },
  };
  const ended = async (serve: Serve) => {
    const { check } = await checkServe(serve, authority, { timeoutMs: 4000 });
    return {
      failed: check.stages.filter((s) => s.status === 'fail').map((s) => s.stage),
      errors: check.diagnosis.findings.filter((f) => f.severity === 'error').map((f) => f.cause.id),
      all: check.diagnosis.findings.map((f) => `${f.severity} ${f.cause.id}`),
    };
  };

  it('hides STARTTLS: one stage fails, by one cause', async () => {
    expect(await ended(cisco)).toMatchObject({ failed: ['tls'], errors: ['greeting.middlebox'] });
  });

  it('refuses EHLO', async () => {
    const serve: Serve = { ...cisco, replies: { EHLO: '550 5.5.1 Command refused: "XXXX [127.0.0.1]"' } };
    expect(await ended(serve)).toMatchObject({ failed: ['capabilities'], errors: ['greeting.middlebox'] });
  });

  it('is no excuse for a refused password', async () => {
    const serve: Serve = { ...cisco, capabilities: {}, replies: { AUTH: '535 5.7.8 Authentication failed' } };
    expect(await ended(serve)).toMatchObject({
      failed: ['auth'],
      errors: ['auth.credentials-rejected'],
      all: expect.arrayContaining(['warning greeting.middlebox']),
    });
  });
});
