/** The choice among sources, the likely intention behind a misspelled name, and disagreement: pure functions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceEvidence } from '../../src/model/evidence.ts';
import type { Protocol, Security, Source } from '../../src/model/terms.ts';
import { choices, ranked } from '../../src/settle/choose.ts';
import { meantDomain } from '../../src/settle/domains.ts';
import { meantHost } from '../../src/settle/meant.ts';
import { presetDomains } from '../../src/settle/presets.ts';
import { remarksOn } from '../../src/settle/remarks.ts';
import { readAutoconfig, readPox } from '../../src/wire/autoconfig.ts';
import { readXml, XML_MAX } from '../../src/wire/xml.ts';

type Offer = SourceEvidence['offers'][number];
const offer = (host: string, more: Partial<Offer> = {}): Offer => ({
  protocol: 'imap',
  host,
  port: 993,
  security: 'tls',
  ...more,
});
const source = (from: Source, offers: readonly Offer[], authenticated = false): SourceEvidence => ({
  kind: 'source',
  stage: 'settings',
  source: from,
  where: from,
  outcome: 'found',
  authenticated,
  offers,
  ms: 1,
});
const own = (host: string) => host.endsWith('.example.test');
const hosts = (sources: readonly SourceEvidence[]) => ranked(sources, own).map((o) => o.host);

describe('the order', () => {
  it('puts the stronger source first', () => {
    const all = (['guess', 'mx', 'autodiscover', 'srv', 'autoconfig', 'preset'] as const).map((s) =>
      source(s, [offer(`${s}.example.test`)], true),
    );
    expect(hosts(all)).toEqual(['preset', 'autoconfig', 'srv', 'autodiscover', 'mx', 'guess'].map((s) => `${s}.example.test`));
    expect(choices(ranked(all, own))[0]).toMatchObject({
      reason: 'strongest',
      others: expect.arrayContaining([expect.objectContaining({ why: 'weaker' })]),
    });
  });
  it('puts what answers, what is encrypted, and what is vouched for before it', () => {
    const silent = source('autoconfig', [offer('a.example.test', { answers: false })], true);
    const plain = source('autoconfig', [offer('b.example.test', { security: 'none', port: 143, answers: true })], true);
    const foreign = source('srv', [offer('c.elsewhere.test', { answers: true })]);
    const guess = source('guess', [offer('d.example.test', { answers: true })]);
    expect(hosts([silent, plain, foreign, guess])).toEqual([
      'd.example.test',
      'c.elsewhere.test',
      'b.example.test',
      'a.example.test',
    ]);
    expect(choices(ranked([silent, guess], own))[0]).toMatchObject({
      host: 'd.example.test',
      reason: 'answers',
      others: [{ why: 'silent' }],
    });
    expect(choices(ranked([plain, guess], own))[0]).toMatchObject({
      host: 'd.example.test',
      reason: 'encrypted',
      others: [{ why: 'unencrypted' }],
    });
    expect(choices(ranked([silent], own))[0]).toMatchObject({ reason: 'none-answers' });
  });
  it('needs no consent for what another source vouches for', () => {
    const srv = source('srv', [offer('c.elsewhere.test')]);
    expect(ranked([srv], own)[0]?.consent).toBe(true);
    expect(ranked([srv, source('autoconfig', [offer('c.elsewhere.test')], true)], own)[0]?.consent).toBeUndefined();
    expect(ranked([source('srv', [offer('c.elsewhere.test')], true)], own)[0]?.consent).toBeUndefined();
    expect(ranked([source('autoconfig', [offer('a.example.test')], false)], own)[0]?.consent).toBe(true);
  });
  it('is total: every distinct server is kept, once', () => {
    const protocol = fc.constantFrom<Protocol>('imap', 'pop3', 'smtp');
    const any = fc.record({
      protocol,
      host: fc.constantFrom('a.example.test', 'b.example.test', 'c.other.test'),
      port: fc.constantFrom(993, 143, 465),
      security: fc.constantFrom<Security>('tls', 'starttls', 'none'),
    });
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom<Source>('autoconfig', 'srv', 'mx', 'guess'), fc.array(any, { maxLength: 6 }), fc.boolean()),
          { maxLength: 6 },
        ),
        (list) => {
          const sources = list.map(([s, offers, a]) => source(s, offers, a));
          const keys = new Set(
            sources.flatMap((s) => s.offers.map((o) => JSON.stringify([o.protocol, o.host, o.port, o.security]))),
          );
          const out = ranked(sources, own);
          expect(out).toHaveLength(keys.size);
          expect(choices(out).map((c) => c.protocol)).toEqual(
            (['imap', 'pop3', 'smtp'] as const).filter((p) => out.some((o) => o.protocol === p)),
          );
        },
      ),
    );
  });
});

describe('S-152 disagreement', () => {
  const told = (sources: readonly SourceEvidence[]) =>
    remarksOn('example.test', undefined, sources, ranked(sources, own), undefined).length;
  it('is no server in common, or another port for a shared one', () => {
    expect(told([source('autoconfig', [offer('a.example.test')]), source('srv', [offer('b.example.test')])])).toBe(1);
    expect(
      told([source('autoconfig', [offer('a.example.test')]), source('srv', [offer('a.example.test', { port: 9993 })])]),
    ).toBe(1);
    expect(
      told([
        source('autoconfig', [offer('a.example.test'), offer('a.example.test', { port: 143, security: 'starttls' })]),
        source('srv', [offer('a.example.test')]),
      ]),
    ).toBe(0);
    expect(told([source('srv', [offer('a.example.test')]), source('srv', [offer('b.example.test')])])).toBe(0);
    expect(told([source('srv', [offer('a.example.test')]), source('guess', [offer('b.example.test')])])).toBe(0);
  });
});

describe('a misspelled name', () => {
  it.each([
    ['gmial.com', 'gmail.com'],
    ['gmail.con', 'gmail.com'],
    ['gmail.co', 'gmail.com'],
    ['gmaill.com', 'gmail.com'],
    ['yaho.com', 'yahoo.com'],
    ['hotmial.com', 'hotmail.com'],
    ['outlok.com', 'outlook.com'],
    ['iclod.com', 'icloud.com'],
  ])('%s meant %s', (typed, meant) => expect(meantDomain(typed, presetDomains())).toBe(meant));
  it.each(['abc.com', 'qa.com', 'example.test', 'gmail.test', 'mycompany.de', 'co.uk', 'localhost', 'aok.com'])(
    '%s meant itself',
    (typed) => expect(meantDomain(typed, presetDomains())).toBeUndefined(),
  );
  it('in a host, by the domain of the account', () => {
    expect(meantHost('imap.exmaple.com', 'example.com')).toBe('imap.example.com');
    expect(meantHost('imap.example.com', 'example.com')).toBeUndefined();
    expect(meantHost('imap.gmail.com', 'example.com')).toBeUndefined();
    expect(meantHost('mail.ab.de', 'ac.de')).toBe('mail.ac.de');
  });
});

describe('S-139 XML', () => {
  it('is refused or read in linear time, and never throws', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('<', '>', '/', 'a', ' ', '"', "'", '=', '!', '-', '[', ']', '?', '&', ';', '#', 'x'),
          maxLength: 300,
        }),
        (text) => {
          for (const read of [readXml(text), readPox(text), readAutoconfig(text, 'a@b.test')]) expect(typeof read).toBe('object');
        },
      ),
    );
    for (const text of [
      `<a ${'b="c" '.repeat(150_000)}>`,
      '<a>'.repeat(300_000),
      `<a ${'b=\'"'.repeat(200_000)}`,
      `<!--${'-'.repeat(900_000)}`,
      `<a>${'&#x41;'.repeat(150_000)}</a>`,
      '<a '.repeat(300_000),
    ]) {
      // A cost that is not linear runs into the time limit of the tests.
      expect(readXml(text.slice(0, XML_MAX.bytes))).toBeTypeOf('object');
    }
    expect(readXml(`<!DOCTYPE lolz [${'<!ENTITY a "&b;&b;">'.repeat(40_000)}]><a/>`)).toMatchObject({
      fault: expect.stringContaining('xml-doctype'),
    });
  });
  it('is bounded in size, depth and number', () => {
    expect(readXml(`${'<a>'.repeat(33)}${'</a>'.repeat(33)}`)).toHaveProperty('fault');
    expect(readXml(`<a>${'<b/>'.repeat(5001)}</a>`)).toHaveProperty('fault');
    expect(readXml(`<a>${'x'.repeat(XML_MAX.bytes)}</a>`)).toHaveProperty('fault');
  });
});
