/** S-027 through the whole command line under a clock that is wrong: a date from the server tells the clock from the certificate. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/diagnosis.ts';
import { cli, newHome } from '../security/cli.ts';
import { authority, HOST, listenTls, mint } from './world.ts';

const faketime = spawnSync('faketime', ['--version']).status === 0;

async function look(kind: 'valid' | 'expired', greeting: string, shift: string | undefined) {
  const port = await listenTls(mint(kind), {}, greeting);
  const home = newHome();
  const ca = join(home.tmp, 'ca.pem');
  writeFileSync(ca, authority.rootPem);
  const args = ['--host', HOST, '--connect-to', `127.0.0.1:${port}`, '--security', 'tls', '--ca-file', ca, '--timeout', '3'];
  const ran = await cli(['smtp', ...args, '--json'], {
    in: home,
    ...(shift === undefined ? {} : { under: ['faketime', '-f', shift] }),
    env: { TZ: 'UTC', FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' },
  });
  const report: Report = JSON.parse(ran.stdout);
  return { cause: report.checks[0]?.cause, findings: report.checks[0]?.findings ?? [], status: ran.status };
}

const dated = (at: number) => `220 ${HOST} ESMTP Postfix; ${new Date(at).toUTCString().replace('GMT', '+0000')}\r\n`;

describe.skipIf(!faketime)(faketime ? 'a wrong clock' : 'SKIPPED: faketime is not installed', () => {
  it.each(['-3650d', '+3650d'])('%s, and the server says the right time: the clock is at fault', async (shift) => {
    const r = await look('valid', dated(Date.now()), shift);
    expect(r.cause).toBe('certificate.local-clock');
    expect(r.status).toBe(1);
  });

  it('S-027 ten years behind, and nobody says the time: not yet valid, with the clock as what to look at', async () => {
    const r = await look('valid', `220 ${HOST} ESMTP\r\n`, '-3650d');
    expect(r.cause).toBe('certificate.not-yet-valid');
    const [first] = r.findings;
    expect(JSON.stringify(first)).toMatch(/clock|date and time/i);
  });

  it('a certificate that expired by every clock is expired', async () => {
    expect((await look('expired', dated(Date.now()), undefined)).cause).toBe('certificate.expired');
  });
});
