/** A whole account from only its address, on loopback: what is found, what is checked, what works. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { serveAccount, type Whole, type WholeFaults } from '../../src/lab/whole.ts';
import { run, runJson } from './cli.ts';

let authority: Authority;
const open: Whole[] = [];
beforeAll(() => {
  authority = createAuthority();
});
afterAll(async () => {
  await Promise.all(open.map((w) => w.close()));
});

async function whole(faults: WholeFaults = {}): Promise<Whole> {
  const made = await serveAccount(faults, { authority });
  open.push(made);
  return made;
}

const args = (w: Whole, ...more: string[]) => ['account', w.address, '--resolver', w.resolver, '--ca-file', w.caFile, '--password-env', 'PW', '--timeout', '5', ...more];

describe('mailcheck account', () => {
  it('finds all three services by SRV, checks them, and ends with settings that work', async () => {
    const w = await whole();
    const { ran, json } = await runJson(args(w), { PW: w.password });
    expect(ran.stderr).toBe('');
    expect(json.checks.map((c: { protocol: string; verdict: string; endpoint: { source: string } }) => [c.protocol, c.verdict, c.endpoint.source])).toEqual([
      ['imap', 'pass', 'srv'],
      ['pop3', 'pass', 'srv'],
      ['smtp', 'pass', 'srv'],
    ]);
    expect(json.working.map((x: { protocol: string; port: number }) => [x.protocol, x.port])).toEqual(
      ['imap', 'pop3', 'smtp'].map((p) => [p, w.servers.find((s) => s.protocol === p)?.port]),
    );
    expect(ran.status).toBe(0);
    console.log(ran.ms);
  });
  it('prints', async () => {
    const w = await whole();
    const ran = await run(args(w), { PW: w.password });
    console.log(ran.stdout);
    const d = await run(['discover', w.address, '--resolver', w.resolver, '--ca-file', w.caFile]);
    console.log(d.stdout, d.stderr, d.ms);
  });
});
