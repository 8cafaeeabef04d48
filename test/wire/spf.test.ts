/** SPF terms, tag records, DKIM keys and MTA-STS policies. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readSpf } from '../../src/wire/spf.ts';
import { fitsStsMx, readDmarc, readKey, readStsPolicy, readTags } from '../../src/wire/tags.ts';

describe('SPF', () => {
  it('reads every kind of term', () => {
    expect(
      readSpf(
        'v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 a mx:example.net/26//64 include:_spf.example.org ?exists:%{i}.x.test ~all exp=e.test',
      ),
    ).toEqual({
      mechanisms: [
        { kind: 'ip4', qualifier: '+', value: '192.0.2.0', four: 24 },
        { kind: 'ip6', qualifier: '+', value: '2001:db8::', four: 32 },
        { kind: 'a', qualifier: '+', value: '' },
        { kind: 'mx', qualifier: '+', value: 'example.net', four: 26, six: 64 },
        { kind: 'include', qualifier: '+', value: '_spf.example.org' },
        { kind: 'exists', qualifier: '?', value: '%{i}.x.test' },
        { kind: 'all', qualifier: '~', value: '' },
      ],
    });
    expect(readSpf('v=spf1 redirect=_spf.example.com')).toMatchObject({ redirect: '_spf.example.com' });
  });
  it.each(['ip4:192.0.2', 'include:', 'alll', 'ip4:192.0.2.0/33', 'all:x', '-'])('names the term it cannot read: %s', (term) => {
    expect(readSpf(`v=spf1 a ${term} -all`)).toEqual({ fault: term });
  });
});

describe('tags', () => {
  it('refuses doubled and malformed ones', () => {
    expect(readTags('v=DMARC1; p=none; rua=mailto:a@b.test')?.get('rua')).toBe('mailto:a@b.test');
    expect(readTags('v=DMARC1; p=none; p=reject')).toBeUndefined();
    expect(readTags('v=DMARC1; nonsense')).toBeUndefined();
  });
  it('reads DMARC with a policy for what is below', () => {
    expect(readDmarc('v=DMARC1; p=reject; sp=quarantine')).toEqual({ policy: 'reject', below: 'quarantine' });
    expect(readDmarc('v=DMARC1; rua=mailto:a@b.test')).toEqual({ policy: 'none', below: 'none' });
    expect(readDmarc('v=DMARC1; p=sometimes')).toBeUndefined();
  });
  it('reads DKIM keys', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    expect(readKey(`v=DKIM1; k=rsa; p=${p}`)).toEqual({ kind: 'key', type: 'rsa', bits: 1024 });
    expect(readKey('v=DKIM1; p=')).toEqual({ kind: 'revoked' });
    expect(readKey('v=DKIM1; p=AAAA')).toEqual({ kind: 'malformed' });
    expect(readKey(`v=DKIM1; k=ed25519; p=${Buffer.alloc(32, 7).toString('base64')}`)).toEqual({
      kind: 'key',
      type: 'ed25519',
      bits: 256,
    });
  });
});

describe('S-144 the MTA-STS policy', () => {
  const policy = (nl: string) =>
    [
      'version: STSv1',
      'mode: enforce',
      'mx: mx1.example.test',
      'mx: *.mx.example.test',
      'max_age: 604800',
      'later: unknown',
      '',
    ].join(nl);
  it.each(['\r\n', '\n'])('is read with either end of line, unknown keys passed over', (nl) => {
    expect(readStsPolicy(policy(nl))).toEqual({ mode: 'enforce', mx: ['mx1.example.test', '*.mx.example.test'], maxAge: 604800 });
  });
  it.each([
    ['version: STSv2\nmode: none\nmax_age: 1', 'version'],
    ['version: STSv1\nmode: maybe\nmax_age: 1', 'mode'],
    ['version: STSv1\nmode: none\nmax_age: soon', 'max_age'],
    ['version: STSv1\nmode: enforce\nmax_age: 1', 'mx'],
    ['version: STSv1\nwhat', 'a line without "key: value"'],
  ])('names what is wrong', (text, fault) => expect(readStsPolicy(text)).toEqual({ fault }));
  it('lets a star stand for one label', () => {
    expect(fitsStsMx('a.mx.example.test', ['*.mx.example.test'])).toBe(true);
    expect(fitsStsMx('a.b.mx.example.test', ['*.mx.example.test'])).toBe(false);
    expect(fitsStsMx('mx.example.test', ['*.mx.example.test'])).toBe(false);
  });
});
