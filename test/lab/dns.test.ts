import { Resolver } from 'node:dns/promises';
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/lab/authority.ts';
import { type Running, serve } from '../../src/lab/server.ts';
import { serveAccount } from '../../src/lab/whole.ts';
import type { Serve } from '../../src/model/cause.ts';

const authority = createAuthority();
let running: Running;
afterEach(() => running.close());

async function start(faults: Partial<Serve>): Promise<Resolver> {
  running = await serve({ protocol: 'imap', ...faults }, { authority });
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([running.resolver]);
  return resolver;
}
const code = (p: Promise<unknown>) => p.then(JSON.stringify, (e) => String(e.code));

describe("the lab's DNS", () => {
  it('leads every name to the lab and publishes no services', async () => {
    const r = await start({});
    expect(running.byName).toBe(false);
    expect(await r.resolve4('mail.example.test')).toEqual(['127.0.0.1']);
    expect(await code(r.resolve6('mail.example.test'))).toBe('ENODATA');
    expect(await r.resolveMx('example.test')).toEqual([{ exchange: 'mx.example.test', priority: 10 }]);
    expect(await code(r.resolveTxt('example.test'))).toBe('ENODATA');
    expect(await code(r.resolveSrv('_imaps._tcp.example.test'))).toBe('ENOTFOUND');
    expect(await code(r.resolve4('autoconfig.example.test'))).toBe('ENOTFOUND');
    expect(running.asked).toContain('MX example.test');
  });

  it.each([
    ['nxdomain', 'ENOTFOUND'],
    ['no-data', 'ENODATA'],
    ['servfail', 'ESERVFAIL'],
    ['refused', 'EREFUSED'],
    ['timeout', 'ETIMEOUT'],
    ['sinkhole', '["0.0.0.0"]'],
  ] as const)('%s: %s', async (dns, expected) => {
    const r = await start({ dns });
    expect(running.byName).toBe(true);
    expect(await code(r.resolve4(running.host))).toBe(expected);
    const broken = ['servfail', 'refused', 'timeout'].includes(dns);
    expect(await code(r.resolve4('example.test'))).toBe(broken ? expected : '["127.0.0.1"]');
  });

  it('knows the near name, not the misspelled one', async () => {
    const r = await start({ dns: 'near-name' });
    expect(running.host).toBe('imap.gmaill.com');
    expect(await code(r.resolve4('imap.gmaill.com'))).toBe('ENOTFOUND');
    expect(await code(r.resolve4('imap.gmail.com'))).toBe('["127.0.0.1"]');
    await running.close();
    const own = await start({ dns: 'near-name', client: { address: 'you@gmial.com' } });
    expect(await code(own.resolveMx('gmial.com'))).toBe('ENOTFOUND');
    expect(await code(own.resolve4('imap.gmial.com'))).toBe('ENOTFOUND');
    expect(await code(own.resolveMx('gmail.com'))).toContain('mx.gmail.com');
  });

  it('gives a dead address beside the healthy one', async () => {
    const r = await start({ tcp: 'first-address-dead' });
    expect(await r.resolve6(running.host)).toEqual(['::1']);
    expect(await r.resolve4(running.host)).toEqual(['127.0.0.1']);
  });

  it('answers over TCP too, in pieces, and ignores what is no question', async () => {
    await start({});
    const [host = '', port = ''] = running.resolver.split(':');
    const socket = net.connect(Number(port), host);
    const query = Buffer.from('beef01000001000000000000046d61696c076578616d706c6504746573740000010001', 'hex');
    const framed = Buffer.concat([Buffer.of(0, query.length), query]);
    const junk = Buffer.concat([Buffer.of(0, 5), Buffer.alloc(5, 0xff)]);
    const answer = new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.write(Buffer.concat([junk, framed.subarray(0, 7)]));
    socket.write(framed.subarray(7));
    const got = await answer;
    expect(got.readUInt16BE(0)).toBe(got.length - 2);
    expect(got.subarray(2, 6).toString('hex')).toBe('beef8180');
    expect(got.subarray(-4).toString('hex')).toBe('7f000001');
    socket.destroy();
  });
});

describe('a whole account', () => {
  it('publishes its services where they are, and those that it lacks as not offered', async () => {
    const whole = await serveAccount({ pop3: null, smtp: { security: 'starttls' } }, { authority });
    const r = new Resolver({ timeout: 200, tries: 1 });
    r.setServers([whole.resolver]);
    const [imap, smtp] = whole.servers;
    expect(await r.resolveSrv('_imaps._tcp.example.test')).toMatchObject([{ name: 'mail.example.test', port: imap?.port }]);
    expect(await r.resolveSrv('_submission._tcp.example.test')).toMatchObject([{ name: 'mail.example.test', port: smtp?.port }]);
    for (const absent of ['_imap', '_submissions', '_pop3', '_pop3s']) {
      expect(await r.resolveSrv(`${absent}._tcp.example.test`)).toMatchObject([{ name: '', port: 0 }]);
    }
    await whole.close();
    await expect(serveAccount({ pop3: null, imap: null, smtp: null }, { authority })).rejects.toThrow(TypeError);
    running = await serve(
      { protocol: 'imap' },
      {
        authority,
        records: (name) =>
          name === 'x.test' ? { code: 'NOERROR', records: [{ type: 'TXT', text: 'y'.repeat(300) }] } : undefined,
      },
    );
    r.setServers([running.resolver]);
    expect(await r.resolveTxt('x.test')).toEqual([['y'.repeat(255), 'y'.repeat(45)]]);
  });
});
