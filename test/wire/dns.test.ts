import packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHostName, reverseName } from '../../src/wire/address.ts';
import {
  type Answer,
  MAX_RECORDS,
  type Question,
  type Read,
  readAnswer,
  readQuery,
  writeAnswer,
  writeQuery,
} from '../../src/wire/dns.ts';

const answerOf = (r: Read): Answer => {
  if (r.kind !== 'answer') throw new Error(`${r.kind} ${'detail' in r ? r.detail : ''}`);
  return r.answer;
};

/** A message by hand: names as label lists, so that hostile labels can be written. */
const name = (...labels: (string | Buffer)[]) =>
  Buffer.concat([
    ...labels.map((l) => Buffer.concat([Buffer.from([l.length]), Buffer.from(l as string, 'latin1')])),
    Buffer.from([0]),
  ]);
const u16 = (n: number) => Buffer.from([n >> 8, n & 255]);
const rr = (owner: Buffer, type: number, data: Buffer, ttl = 60) =>
  Buffer.concat([owner, u16(type), u16(1), u16(0), u16(ttl), u16(data.length), data]);
const message = (id: number, flags: number, question: Buffer, type: number, answers: Buffer[], authority: Buffer[] = []) =>
  Buffer.concat([
    u16(id),
    u16(flags),
    u16(1),
    u16(answers.length),
    u16(authority.length),
    u16(0),
    question,
    u16(type),
    u16(1),
    ...answers,
    ...authority,
  ]);
const OWNER = Buffer.from([0xc0, 12]);

describe('queries', () => {
  it('ask one question with RD, AD and EDNS DO', () => {
    const m = packet.decode(Buffer.from(writeQuery(7, { name: 'mail.example.test', type: 'MX' })));
    expect(m).toMatchObject({
      id: 7,
      flag_rd: true,
      flag_ad: true,
      questions: [{ name: 'mail.example.test', type: 'MX', class: 'IN' }],
    });
    expect(m.additionals?.[0]).toMatchObject({ type: 'OPT', udpPayloadSize: 1232, flag_do: true });
    expect(packet.decode(Buffer.from(writeQuery(7, { name: 'a.test', type: 'ANY' }, true))).additionals).toEqual([]);
    expect(readQuery(writeQuery(9, { name: 'A.test', type: 'TLSA' }))).toEqual({ id: 9, name: 'a.test', type: 'TLSA' });
    expect(readQuery(Buffer.from('nonsense'))).toBeUndefined();
  });
});

describe('answers', () => {
  const ask = (q: Question, answers: Parameters<typeof writeAnswer>[0]['answers'], more = {}) =>
    answerOf(readAnswer(writeAnswer({ id: 1, name: q.name, type: q.type, answers: answers ?? [], ...more }), 1, q));

  it('give records in presentation form', () => {
    const n = 'x.test';
    expect(ask({ name: n, type: 'A' }, [{ type: 'A', name: 'X.TEST', ttl: 30, data: '192.0.2.1' }])).toMatchObject({
      records: ['192.0.2.1'],
      ttl: 30,
    });
    expect(ask({ name: n, type: 'AAAA' }, [{ type: 'AAAA', name: n, data: '2001:db8:0:0:1:0:0:1' }]).records).toEqual([
      '2001:db8::1:0:0:1',
    ]);
    expect(ask({ name: n, type: 'AAAA' }, [{ type: 'AAAA', name: n, data: '::' }]).records).toEqual(['::']);
    expect(ask({ name: n, type: 'MX' }, [{ type: 'MX', name: n, data: { preference: 0, exchange: '.' } }]).records).toEqual([
      '0 .',
    ]);
    expect(
      ask({ name: n, type: 'SRV' }, [{ type: 'SRV', name: n, data: { priority: 1, weight: 2, port: 993, target: 'i.x.test' } }])
        .records,
    ).toEqual(['1 2 993 i.x.test']);
    expect(ask({ name: n, type: 'TXT' }, [{ type: 'TXT', name: n, data: ['v=spf1 ', Buffer.from('-all')] }]).records).toEqual([
      'v=spf1 -all',
    ]);
    expect(
      ask({ name: n, type: 'TLSA' }, [
        { type: 'TLSA', name: n, data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from('ab', 'hex') } },
      ]).records,
    ).toEqual(['3 1 1 ab']);
    expect(
      ask({ name: n, type: 'ANY' }, [
        { type: 'A', name: n, data: '192.0.2.1' },
        { type: 'CAA', name: n, data: { flags: 0, tag: 'issue', value: 'x' } },
      ]).records,
    ).toEqual(['A 192.0.2.1', 'TYPE257 \\# 8 00056973737565 78'.replace(' 78', '78')]);
  });

  it('follow aliases and tell loops', () => {
    const q: Question = { name: 'a.test', type: 'A' };
    const alias = (from: string, to: string) => ({ type: 'CNAME' as const, name: from, ttl: 9, data: to });
    expect(
      ask(q, [alias('a.test', 'b.test'), alias('b.test', 'c.test'), { type: 'A', name: 'c.test', ttl: 5, data: '192.0.2.3' }]),
    ).toMatchObject({ records: ['192.0.2.3'], cnames: ['b.test', 'c.test'], ttl: 5 });
    expect(ask(q, [alias('a.test', 'b.test')])).toMatchObject({ records: [], next: 'b.test' });
    expect(ask(q, [alias('a.test', 'b.test'), alias('b.test', 'A.test')])).toMatchObject({ loop: true });
    const long = Array.from({ length: 12 }, (_, i) => alias(i === 0 ? 'a.test' : `n${i}.test`, `n${i + 1}.test`));
    expect(ask(q, long)).toMatchObject({ loop: true });
    // A record of a name that nobody asked for is no answer.
    expect(ask(q, [{ type: 'A', name: 'evil.test', data: '192.0.2.9' }]).records).toEqual([]);
  });

  it('carry rcode, AD, truncation, the TTL of a negative answer, and referrals', () => {
    const q: Question = { name: 'a.test', type: 'A' };
    const soa = { type: 'SOA' as const, name: 'test', ttl: 900, data: { mname: 'm.test', rname: 'r.test', minimum: 300 } };
    expect(ask(q, [], { rcode: 3, authorities: [soa] })).toMatchObject({ rcode: 3, ttl: 300, referral: false });
    expect(ask(q, [], { authentic: true, truncated: true })).toMatchObject({ authentic: true, truncated: true });
    const ns = rr(name('test'), 2, name('ns', 'test'));
    expect(answerOf(readAnswer(message(1, 0x8100, name('a', 'test'), 1, [], [ns]), 1, q))).toMatchObject({ referral: true });
  });

  it('keep at most the documented number of records', () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({
      type: 'A' as const,
      name: 'a.test',
      data: `10.0.${i >> 8}.${i & 255}`,
    }));
    const got = ask({ name: 'a.test', type: 'A' }, many);
    expect(got.total).toBe(1000);
    expect(got.records.length).toBe(MAX_RECORDS);
  });

  it('escape what is not a host name', () => {
    const target = name('a.b', Buffer.from([0, 0x1b, 0xff, 0x20, 0x5c, 0x22]), 'test');
    const m = message(1, 0x8180, name('x', 'test'), 5, [rr(OWNER, 5, target)]);
    expect(answerOf(readAnswer(m, 1, { name: 'x.test', type: 'CNAME' })).records).toEqual([
      'a\\.b.\\000\\027\\255\\032\\\\\\".test',
    ]);
    expect(isHostName('a\\.b.test')).toBe(false);
  });
});

describe('what is not an answer', () => {
  const q: Question = { name: 'a.test', type: 'A' };
  const good = writeAnswer({ id: 1, name: 'a.test', type: 'A', answers: [{ type: 'A', name: 'a.test', data: '192.0.2.1' }] });

  it('is foreign by id, question, type or direction', () => {
    expect(readAnswer(good, 2, q).kind).toBe('foreign');
    expect(readAnswer(good, 1, { name: 'b.test', type: 'A' }).kind).toBe('foreign');
    expect(readAnswer(good, 1, { name: 'a.test', type: 'MX' }).kind).toBe('foreign');
    expect(readAnswer(writeQuery(1, q), 1, q).kind).toBe('foreign');
    expect(readAnswer(Buffer.alloc(5), 1, q).kind).toBe('foreign');
  });

  it('is malformed where lengths, pointers or labels are wrong', () => {
    const wrong = (answer: Buffer) => readAnswer(message(1, 0x8180, name('a', 'test'), 1, [answer]), 1, q).kind;
    expect(wrong(rr(OWNER, 1, Buffer.alloc(5)))).toBe('malformed');
    expect(wrong(rr(Buffer.from([0xc0, 200]), 1, Buffer.alloc(4)))).toBe('malformed');
    expect(wrong(rr(Buffer.from([0xc0, 24]), 1, Buffer.alloc(4)))).toBe('malformed');
    expect(wrong(rr(Buffer.from([0x80, 0]), 1, Buffer.alloc(4)))).toBe('malformed');
    expect(wrong(rr(OWNER, 1, Buffer.alloc(4)).subarray(0, 12))).toBe('malformed');
    expect(readAnswer(Buffer.concat([u16(1), u16(0x8182), Buffer.alloc(8)]), 1, q)).toMatchObject({
      kind: 'answer',
      answer: { rcode: 2 },
    });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(good.length - 1), (noise, at) => {
        readAnswer(noise, 1, q);
        const spoiled = Buffer.from(good);
        spoiled.set(noise.subarray(0, good.length - at), at);
        readAnswer(spoiled, 1, q);
        readQuery(noise);
      }),
      { numRuns: 500 },
    );
  });
});

describe('names', () => {
  it('are within the limits of RFC 1035', () => {
    expect(isHostName('mail.example.test.')).toBe(true);
    expect(isHostName('_imaps._tcp.example.test')).toBe(true);
    expect(isHostName(`${'a'.repeat(63)}.test`)).toBe(true);
    for (const bad of [
      '',
      '.',
      'a..b',
      `${'a'.repeat(64)}.test`,
      `${'a.'.repeat(127)}aa`,
      'a b.test',
      'a/b',
      'a\0.test',
      'é.test',
    ])
      expect(isHostName(bad)).toBe(false);
  });

  it('of addresses are reversed', () => {
    expect(reverseName('192.0.2.5')).toBe('5.2.0.192.in-addr.arpa');
    expect(reverseName('2001:db8::1')).toBe('1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa');
    expect(reverseName('::ffff:192.0.2.5')).toBe('5.0.2.0.0.0.0.c.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa');
  });
});
