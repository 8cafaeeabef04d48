import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { later, net } from './world.ts';

/** A folder with one program in it. */
function tools(programs: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'mailcheck-'));
  later(() => rmSync(dir, { recursive: true }));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  }
  return dir;
}

const trace = async (programs: Readonly<Record<string, string>>, ms = 5000, address = '192.0.2.1') => {
  const n = net({ env: { PATH: tools(programs), SECRET: 'Zq7-CANARY' } });
  return await n.route?.(address, ms);
};

describe('a route', () => {
  it('is traced by the first tool there is, with numbers only and no environment', async () => {
    const got = await trace({ tracepath: 'echo "args $*"; echo " 1  10.0.0.1  0.5 ms"; echo "secret [$SECRET]"' });
    expect(got).toMatchObject({
      program: 'tracepath',
      outcome: 'traced',
      lines: ['args -n -m 30 192.0.2.1', ' 1  10.0.0.1  0.5 ms', 'secret []'],
    });
  });

  it('ends at its limit, and keeps what came', async () => {
    expect(await trace({ traceroute: 'echo " 1  10.0.0.1"; exec /bin/sleep 30' }, 300)).toMatchObject({
      outcome: 'timeout',
      lines: [' 1  10.0.0.1'],
    });
  });

  it('says that no tool is there, or that it failed', async () => {
    expect(await trace({})).toMatchObject({ outcome: 'no-tool', program: '', lines: [] });
    expect(await trace({ traceroute: 'exit 1' })).toMatchObject({ outcome: 'failed', program: 'traceroute' });
    expect(await trace({ traceroute: 'echo x' }, 1000, '$(id)')).toMatchObject({ outcome: 'failed', program: '' });
  });

  it('is bounded', async () => {
    const got = await trace({ traceroute: 'while :; do echo 0123456789012345678901234567890123456789; done' });
    expect(got?.lines.length).toBe(64);
  });
});
