import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReplyForm } from '../../src/model/net.ts';
import { MASK, sealSecret } from '../../src/model/secret.ts';
import { bad, line, listen, net, ok } from './world.ts';

/** A server that writes `first` and then answers each line by `answers`, in turn. */
const scripted = (first: string, ...answers: string[]) =>
  listen((s) => {
    s.write(first, 'latin1');
    let got = '';
    s.on('data', (d) => {
      got += d.toString('latin1');
      for (let i = got.indexOf('\n'); i >= 0; i = got.indexOf('\n')) {
        got = got.slice(i + 1);
        const a = answers.shift();
        if (a === '!close') s.end();
        else if (a === '!reset') s.resetAndDestroy();
        else if (a !== undefined) s.write(a, 'latin1');
      }
    });
  });

describe('a conversation', () => {
  it('reads the greeting and the replies of pipelined commands in turn, and keeps a transcript', async () => {
    const received: string[] = [];
    const { port } = await listen((s) => {
      s.write('220 hello\r\n');
      s.on('data', (d) => {
        received.push(d.toString());
        s.write('250 a\r\n250-b\r\n250 c\r\n221 bye\r\n');
      });
    });
    const n = net();
    const l = await line(n, port);
    expect(ok(await l.read('smtp'))).toEqual(['220 hello']);
    l.write([
      { text: 'MAIL', reply: 'smtp' },
      { text: 'RCPT', reply: 'smtp' },
      { text: 'QUIT', reply: 'smtp' },
    ]);
    expect([ok(await l.read('smtp')), ok(await l.read('smtp')), ok(await l.read('smtp'))]).toEqual([
      ['250 a'],
      ['250-b', '250 c'],
      ['221 bye'],
    ]);
    expect(received).toEqual(['MAIL\r\nRCPT\r\nQUIT\r\n']);
    expect(n.transcript.map((t) => `${t.from}: ${t.text}`)).toEqual([
      'server: 220 hello',
      'client: MAIL',
      'client: RCPT',
      'client: QUIT',
      'server: 250 a',
      'server: 250-b',
      'server: 250 c',
      'server: 221 bye',
    ]);
    expect(l.channel).toBe('plain');
    l.authenticated();
    expect(l.channel).toBe('authenticated');
  });

  it('gives reads asked for at once their replies in order', async () => {
    const { port } = await scripted('+OK a\r\n+OK b\r\n-ERR c\r\n');
    const l = await line(net(), port);
    const all = await Promise.all([l.read('pop3'), l.read('pop3'), l.read('pop3')]);
    expect(all.map((r) => ok(r)[0])).toEqual(['+OK a', '+OK b', '-ERR c']);
  });

  it('lets IMAP replies overtake each other', async () => {
    const { port } = await scripted('* OK hi\r\n', '', '* X\r\nm2 OK two\r\n* Y\r\nm1 OK one\r\n');
    const l = await line(net(), port);
    await l.read('pop3');
    l.write([
      { text: 'm1 ID NIL', reply: 'imap' },
      { text: 'm2 NOOP', reply: 'imap' },
    ]);
    expect(ok(await l.read('imap', 'm1'))).toEqual(['* Y', 'm1 OK one']);
    expect(ok(await l.read('imap', 'm2'))).toEqual(['* X', 'm2 OK two']);
  });

  it('is read the same one byte a segment', async () => {
    const text = '+OK list\r\n1 \xe9\r\n..x\r\n.\r\n';
    const { port } = await listen((s) => {
      s.setNoDelay(true);
      let i = 0;
      const next = () => {
        const c = text[i++];
        if (c !== undefined && !s.destroyed) s.write(c, 'latin1', () => setImmediate(next));
      };
      next();
    });
    const l = await line(net(), port);
    expect(ok(await l.read('pop3-multi'))).toEqual(['+OK list', '1 \xe9', '.x']);
  });
});

describe('a conversation that breaks', () => {
  it('tells a close from a reset, and keeps what came of the reply', async () => {
    const { port } = await scripted('220-half\r\n220-unfin', '!close');
    const l = await line(net(), port);
    l.write([{ text: 'X', reply: 'smtp' }]);
    expect(bad(await l.read('smtp'))).toMatchObject({ how: 'closed', lines: ['220-half', '220-unfin'] });
    // Nothing is written to a connection that is gone, and nothing throws.
    l.write([{ text: 'X', reply: 'smtp' }]);
    expect(bad(await l.read('smtp')).how).toBe('closed');

    const reset = await scripted('220 hi\r\n', '!reset');
    const r = await line(net(), reset.port);
    await r.read('smtp');
    r.write([{ text: 'X', reply: 'smtp' }]);
    expect(bad(await r.read('smtp'))).toMatchObject({ how: 'reset', code: 'ECONNRESET' });
  });

  it('reads what came whole before the close', async () => {
    const { port } = await listen((s) => s.end('554 no\r\n'));
    const l = await line(net(), port);
    await new Promise((r) => setImmediate(r));
    expect(ok(await l.read('smtp'))).toEqual(['554 no']);
    expect(bad(await l.read('smtp')).how).toBe('closed');
  });

  it('ends at the deadline of the stage, which no trickle extends', async () => {
    const { port } = await listen((s) => {
      s.write('220-x\r\n');
      const t = setInterval(() => s.write('220-x\r\n'), 20);
      s.on('close', () => clearInterval(t));
    });
    const n = net();
    const l = await line(n, port);
    n.deadline(600);
    const r = bad(await l.read('smtp'));
    expect(r.how).toBe('timeout');
    expect(r.lines[0]).toBe('220-x');
    expect(bad(await l.read('smtp')).how).toBe('timeout');
  });

  it('ends when the run is interrupted, and can still say good-bye', async () => {
    const { port, sockets } = await scripted('220 hi\r\n');
    const stop = new AbortController();
    const n = net({ signal: stop.signal });
    const l = await line(n, port);
    await l.read('smtp');
    const [peer] = sockets;
    const got = new Promise((resolve) => peer?.once('data', (d) => resolve(d.toString())));
    l.write([{ text: 'NOOP', reply: 'smtp' }]);
    expect(await got).toBe('NOOP\r\n');
    const reading = l.read('smtp');
    stop.abort();
    expect(bad(await reading).how).toBe('interrupted');
    const bye = new Promise((resolve) => peer?.once('data', (d) => resolve(d.toString())));
    l.write([{ text: 'QUIT', reply: 'smtp' }]);
    expect(bad(await l.read('smtp')).how).toBe('interrupted');
    await l.close();
    expect(await bye).toBe('QUIT\r\n');
  });

  it('stops at a line and at a reply without end', async () => {
    const flood = (text: string) =>
      listen((s) => {
        const more = () => {
          while (s.write(text));
        };
        s.on('drain', more);
        more();
      });
    const long = await flood('x'.repeat(65_536));
    expect(bad(await (await line(net(), long.port)).read('smtp')).how).toBe('line-too-long');
    const endless = await flood('250-x\r\n'.repeat(5000));
    expect(bad(await (await line(net(), endless.port)).read('smtp')).how).toBe('reply-too-long');
    expect(endless.sockets.size + long.sockets.size).toBeLessThanOrEqual(2);
  });

  it('makes a server wait that floods while nobody reads', async () => {
    const { port, sockets } = await listen((s) => {
      s.write('220 hi\r\n');
      const more = () => {
        while (s.write('250 flood\r\n'.repeat(5000)));
      };
      s.on('drain', more);
      more();
    });
    const n = net();
    const l = await line(n, port);
    await l.read('smtp');
    await n.sleep(200);
    const [peer] = sockets;
    const before = peer?.bytesWritten;
    await n.sleep(100);
    expect(peer?.writableLength).toBeGreaterThan(0);
    expect(peer?.bytesWritten).toBe(before);
  });
});

describe('a server that answers before it is asked', () => {
  it('is told by the command that it would have answered', async () => {
    const smtp = await scripted('220 hi\r\n250 early\r\n');
    const a = await line(net(), smtp.port);
    await a.read('smtp');
    a.write([{ text: 'EHLO x', reply: 'smtp' }]);
    expect(bad(await a.read('smtp'))).toMatchObject({ how: 'unasked', lines: ['250 early'] });

    const imap = await scripted('* OK hi\r\nm1 OK early\r\n');
    const b = await line(net(), imap.port);
    await b.read('pop3');
    b.write([{ text: 'm1 STARTTLS', reply: 'imap' }]);
    expect(bad(await b.read('imap', 'm1')).how).toBe('unasked');
  });

  it('may refuse at any time, and IMAP may tell news', async () => {
    const smtp = await scripted('220 hi\r\n421 shutting down\r\n');
    const a = await line(net(), smtp.port);
    await a.read('smtp');
    a.write([{ text: 'EHLO x', reply: 'smtp' }]);
    expect(ok(await a.read('smtp'))).toEqual(['421 shutting down']);

    const imap = await scripted('* OK hi\r\n* 3 EXISTS\r\n', 'm1 OK\r\n');
    const b = await line(net(), imap.port);
    await b.read('pop3');
    b.write([{ text: 'm1 NOOP', reply: 'imap' }]);
    expect(ok(await b.read('imap', 'm1'))).toEqual(['* 3 EXISTS', 'm1 OK']);
  });

  it('shows what is pending', async () => {
    const { port } = await scripted('220 hi\r\n', '220 go\r\nINJECTED\r\nhalf');
    const l = await line(net(), port);
    await l.read('smtp');
    l.write([{ text: 'STARTTLS', reply: 'smtp' }]);
    await l.read('smtp');
    expect(l.pending()).toBe('INJECTED\r\nhalf');
  });
});

describe('secrets', () => {
  it('go over the wire, and are masked in what comes back and in the transcript', async () => {
    const password = 'Zq7-CANARY-p@ss';
    const blob = Buffer.from(`\0me\0${password}`).toString('base64');
    const { port, sockets } = await scripted('220 hi\r\n', `535 you said ${blob}, that is ${password}\r\n`);
    const secret = sealSecret(password);
    const n = net({ secrets: [secret], users: ['me'] });
    const l = await line(n, port);
    await l.read('smtp');
    const [peer] = sockets;
    const got = new Promise((resolve) => peer?.once('data', (d) => resolve(d.toString())));
    l.write([
      {
        text: `AUTH PLAIN ${MASK}`,
        wire: (open) => `AUTH PLAIN ${Buffer.from(`\0me\0${open(secret)}`).toString('base64')}`,
        reply: 'smtp',
      },
    ]);
    expect(await got).toBe(`AUTH PLAIN ${blob}\r\n`);
    expect(ok(await l.read('smtp'))).toEqual([`535 you said ${MASK}, that is ${MASK}`]);
    expect(JSON.stringify(n.transcript)).not.toContain('CANARY');
    expect(JSON.stringify(n.transcript)).not.toContain(blob.slice(4, 12));
    expect(n.mask(`x ${password}`)).toBe(`x ${MASK}`);
  });
});

describe('closing', () => {
  it('is idempotent, flushes what was written, and never waits for a server that does not close', async () => {
    const { port, sockets } = await listen((s) => {
      s.allowHalfOpen = true;
      s.write('220 hi\r\n');
    });
    const l = await line(net(), port);
    await l.read('smtp');
    const [peer] = sockets;
    const got = new Promise((resolve) => peer?.once('data', (d) => resolve(d.toString())));
    l.write([{ text: 'QUIT', reply: 'smtp' }]);
    await Promise.all([l.close(), l.close()]);
    expect(await got).toBe('QUIT\r\n');
    expect(bad(await l.read('smtp')).how).toBe('closed');
  });

  it('of the net ends every line and every read', async () => {
    const { port } = await listen(() => {});
    const n = net();
    const l = await line(n, port);
    const reading = l.read('smtp');
    await n.close();
    expect(bad(await reading).how).toBe('closed');
  });
});

describe('waiting', () => {
  it('within gives up at its limit, sleep ends when the run is interrupted', async () => {
    const stop = new AbortController();
    const n = net({ signal: stop.signal });
    await n.within(new Promise(() => {}), 20);
    await n.within(Promise.reject(new Error('x')), 10_000);
    const asleep = n.sleep(60_000);
    stop.abort();
    await asleep;
    await n.sleep(60_000);
  });
});

describe('noise in place of replies', () => {
  it('ends every read in a value, whatever comes and however it is cut', async () => {
    const forms: readonly ReplyForm[] = ['smtp', 'pop3', 'pop3-multi', 'pop3-sasl', 'imap'];
    const n = net({ secrets: [sealSecret('Zq7-CANARY-p@ss')] });
    n.deadline(20_000);
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 40 }),
            fc.constantFrom('250-', '250 x\r\n', '* ', '{5}\r\n', 'm1 OK\r\n', '+ ', '.\r\n', '\r\n').map((t) => Buffer.from(t)),
          ),
          { maxLength: 20 },
        ),
        fc.array(fc.constantFrom(...forms), { minLength: 1, maxLength: 5 }),
        async (chunks, wanted) => {
          const { port, server } = await listen((s) => {
            for (const c of chunks) s.write(c);
            s.end();
          });
          const l = await line(n, port);
          for (const [i, form] of wanted.entries()) {
            const tag = `m${i + 1}`;
            l.write([{ text: `${tag} NOOP`, reply: form }]);
            const r = await l.read(form, form === 'imap' ? tag : undefined);
            expect(r.ok || ['closed', 'reset', 'unasked', 'line-too-long', 'reply-too-long'].includes(r.how)).toBe(true);
          }
          await l.close();
          server.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});
