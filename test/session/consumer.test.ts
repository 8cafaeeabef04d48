/** `--client zoho-fetch`: Zoho fetches by POP alone, so what it makes of IMAP is said and not left to silence. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { checkServe } from '../tools/live.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

describe('a service held against what Zoho demands', () => {
  it('IMAP: works, and is no use to it', async () => {
    const { check } = await checkServe({ protocol: 'imap', client: { args: ['--client', 'zoho-fetch'] } }, authority, {
      timeoutMs: 4000,
    });
    expect(check.diagnosis.verdict).toBe('warn');
    expect(check.diagnosis.findings).toMatchObject([
      { cause: { id: 'settings.client-policy' }, severity: 'warning', sighting: { params: { instead: 'POP3 110, 995' } } },
    ]);
  });

  it.each(['pop3', 'smtp'] as const)('%s: nothing to say', async (protocol) => {
    const { check } = await checkServe({ protocol, client: { args: ['--client', 'zoho-fetch'] } }, authority, {
      timeoutMs: 4000,
    });
    expect(check.diagnosis.verdict).toBe('pass');
  });
});
