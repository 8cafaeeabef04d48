import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReplyForm } from '../../src/model/net.ts';
import { createLineReader, decodeText, type Framed, LIMITS, type Limits } from '../../src/wire/lines.ts';

const bytes = (s: string) => Buffer.from(s, 'latin1');

/** Feeds `chunks` and reads the replies of `forms` in order; what never comes is undefined. */
function run(
  chunks: readonly Uint8Array[],
  forms: readonly (readonly [ReplyForm, string?])[],
  limits?: Limits,
): (Framed | undefined)[] {
  const reader = createLineReader(limits);
  const out: (Framed | undefined)[] = [];
  let i = 0;
  const begin = () => {
    const form = forms[i];
    if (form) reader.expect(...form);
  };
  begin();
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let got = reader.next(); got && i < forms.length; got = reader.next()) {
      out.push(got);
      i += 1;
      if (!got.ok) return out;
      begin();
    }
  }
  return out;
}

const lines = (text: string, form: ReplyForm, tag?: string) => {
  const [got] = run([bytes(text)], [[form, tag]]);
  return got?.lines;
};

describe('framing', () => {
  it('ends an SMTP reply on the line without a hyphen, whatever its code', () => {
    expect(lines('250-a\r\n250-b\r\n250 c\r\n250 d\r\n', 'smtp')).toEqual(['250-a', '250-b', '250 c']);
    expect(lines('250-a\r\n550 b\r\n', 'smtp')).toEqual(['250-a', '550 b']);
    expect(lines('250\r\n', 'smtp')).toEqual(['250']);
    expect(lines('hello\r\n220 x\r\n', 'smtp')).toEqual(['hello']);
    expect(lines('250PIPELINING\r\n', 'smtp')).toEqual(['250PIPELINING']);
  });

  it('reads POP3 listings up to the dot and removes the stuffing', () => {
    expect(lines('+OK 2\r\n1 a\r\n..b\r\n.c\r\n.\r\n+OK', 'pop3-multi')).toEqual(['+OK 2', '1 a', '.b', 'c']);
    expect(lines('-ERR no\r\n+OK\r\n', 'pop3-multi')).toEqual(['-ERR no']);
    expect(lines('+ abc=\r\n', 'pop3-sasl')).toEqual(['+ abc=']);
  });

  it('reads IMAP replies up to the tag, literals and folded text in them', () => {
    expect(lines('* 1 EXISTS\r\nm1 OK done\r\n', 'imap', 'm1')).toEqual(['* 1 EXISTS', 'm1 OK done']);
    expect(lines('* ID ("name" {9}\r\nm1 OK\r\nxy "v" {1}\r\nz)\r\nm1 OK done\r\n', 'imap', 'm1')).toEqual([
      '* ID ("name" {9}\nm1 OK\r\nxy "v" {1}\nz)',
      'm1 OK done',
    ]);
    expect(lines('* OK said {5}\r\nm1 NO no\r\n', 'imap', 'm1')).toEqual(['* OK said {5}', 'm1 NO no']);
    expect(lines('* OK [ALERT] long\r\nfolded text\r\nm1 NO no\r\n', 'imap', 'm1')).toEqual([
      '* OK [ALERT] long',
      'folded text',
      'm1 NO no',
    ]);
    expect(lines('+ go\r\n', 'imap', 'm1')).toEqual(['+ go']);
    expect(lines('+\r\n', 'imap', 'm1')).toEqual(['+']);
  });

  it('ends an IMAP reply at a tag that was not sent and at garbage', () => {
    expect(lines('m9 OK early\r\nm1 OK\r\n', 'imap', 'm1')).toEqual(['m9 OK early']);
    expect(lines('garbage\r\nm1 OK\r\n', 'imap', 'm1')).toEqual(['garbage']);
  });

  it('keeps a reply that overtook another for its own turn', () => {
    const reader = createLineReader();
    reader.push(bytes('* a\r\nm2 OK two\r\n* b\r\nm1 OK one\r\n'));
    reader.expect('imap', 'm1', new Set(['m2']));
    expect(reader.next()?.lines).toEqual(['* b', 'm1 OK one']);
    reader.expect('imap', 'm2', new Set());
    expect(reader.next()?.lines).toEqual(['* a', 'm2 OK two']);
  });

  it('takes a bare LF as an end, keeps a bare CR, NUL and 8-bit', () => {
    expect(lines('+OK a\rb\0c\n', 'pop3')).toEqual(['+OK a\rb\0c']);
    const [utf8] = run([Buffer.from('+OK héé\r\n', 'utf8')], [['pop3']]);
    expect(utf8?.lines).toEqual(['+OK héé']);
    expect(lines('+OK h\xe9\r\n', 'pop3')).toEqual(['+OK h\xe9']);
    expect(Buffer.from(decodeText(Buffer.from([0xb5, 0xc7, 0xc2, 0xbc])), 'latin1')).toEqual(
      Buffer.from([0xb5, 0xc7, 0xc2, 0xbc]),
    );
  });
});

describe('limits', () => {
  const small: Limits = { line: 40, kept: 120, keptLines: 4, lines: 10, listing: 50, session: 4000 };

  it('stops at a line without end', () => {
    const [got] = run(
      Array.from({ length: 5 }, () => bytes('x'.repeat(20))),
      [['smtp']],
      small,
    );
    expect(got).toMatchObject({ ok: false, how: 'line-too-long' });
  });

  it('counts more lines than it keeps, and keeps the last line of a reply', () => {
    const [got] = run([bytes(`${'250-x\r\n'.repeat(8)}250 end\r\n`)], [['smtp']], small);
    expect(got).toMatchObject({ ok: true, count: 9, truncated: true, lines: ['250-x', '250-x', '250-x', '250-x', '250 end'] });
    const [list] = run([bytes(`+OK\r\n${'1 a\r\n'.repeat(45)}.\r\n`)], [['pop3-multi']], small);
    expect(list).toMatchObject({ ok: true, count: 46, truncated: true });
  });

  it('stops at an endless reply, an over-long literal and an endless session', () => {
    expect(run([bytes('250-x\r\n'.repeat(30))], [['smtp']], small)[0]).toMatchObject({ ok: false, how: 'reply-too-long' });
    expect(run([bytes(`+OK\r\n${'1 a\r\n'.repeat(60)}`)], [['pop3-multi']], small)[0]).toMatchObject({
      ok: false,
      how: 'reply-too-long',
    });
    expect(run([bytes('* X {999999}\r\n')], [['imap', 'm1']], small)[0]).toMatchObject({ ok: false, how: 'reply-too-long' });
    const many = run(
      [bytes('+OK\r\n'.repeat(1000))],
      Array.from({ length: 1000 }, () => ['pop3'] as const),
      small,
    );
    expect(many.at(-1)).toMatchObject({ ok: false, how: 'reply-too-long' });
    expect(many.length).toBe(801);
  });

  it('reads 10,000 capabilities, by line and in one line', () => {
    const items = Array.from({ length: 10_000 }, (_, i) => `XCAPABILITY${i}`);
    expect(run([bytes(`* CAPABILITY ${items.join(' ')}\r\nm1 OK\r\n`)], [['imap', 'm1']])[0]).toMatchObject({
      ok: true,
      count: 2,
    });
    const [ehlo] = run([bytes(`${items.map((i) => `250-${i}\r\n`).join('')}250 OK\r\n`)], [['smtp']]);
    expect(ehlo).toMatchObject({ ok: true, count: 10_001, truncated: false });
  });

  it('is linear on a long line that comes byte by byte', () => {
    const reader = createLineReader();
    reader.expect('pop3');
    let got: Framed | undefined;
    let n = 0;
    for (const one = bytes('x'); !got; n++) {
      reader.push(one);
      got = reader.next();
    }
    expect(got).toMatchObject({ ok: false, how: 'line-too-long' });
    expect(n).toBe(LIMITS.line + 1);
  });
});

describe('segmentation', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '250-a\r\n',
      '250 ok\r\n',
      '550 no\n',
      '+OK x\r\n',
      '.\r\n',
      '..\r\n',
      '-ERR\r\n',
      '* 1 EXISTS\r\n',
      '* X {5}\r\n',
      'hello',
      ' rest\r\n',
      'm1 OK\r\n',
      'm2 NO\r\n',
      '+ \r\n',
      '\r',
      '\n',
      '\0',
      '\xff',
      '\xc3\xa9',
      '{3}\r\n',
      'x'.repeat(90),
    ),
    fc.string({ maxLength: 12 }),
  );
  const form = fc.constantFrom<ReplyForm>('smtp', 'pop3', 'pop3-multi', 'pop3-sasl', 'imap');
  const limits: Limits = { line: 80, kept: 200, keptLines: 6, lines: 12, listing: 20, session: 600 };

  it('never changes what is read', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.array(form, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(7), { minLength: 1, maxLength: 60 }),
        (parts, forms, cuts) => {
          const all = bytes(parts.join(''));
          const wanted = forms.map((f, i) => [f, `m${i + 1}`] as const);
          const whole = run([all], wanted, limits);
          const chunks: Buffer[] = [];
          for (let at = 0, i = 0; at < all.length; i++) {
            const n = 1 + (cuts[i % cuts.length] ?? 0);
            chunks.push(all.subarray(at, at + n));
            at += n;
          }
          expect(run(chunks, wanted, limits)).toEqual(whole);
          expect(
            run(
              [...all].map((b) => Uint8Array.of(b)),
              wanted,
              limits,
            ),
          ).toEqual(whole);
        },
      ),
      { numRuns: 400 },
    );
  });
});
