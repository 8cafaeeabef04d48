import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCertificate } from '../../src/wire/certificate.ts';
import { addressBytes, identify } from '../../src/wire/identity.ts';
import { ipText } from '../../src/wire/names.ts';
import * as m from '../certificate/mint.ts';

const keys = m.ec();
const check = (host: string, list: readonly Buffer[], cn = 'unrelated') =>
  identify(
    readCertificate(
      m.mint({ keys, subject: `CN=${cn}`, extensions: list.length > 0 ? [m.names(...list)] : [m.basic(false)] }).der,
    ),
    host,
  );
const verdict = (host: string, list: readonly Buffer[], cn?: string) => {
  const found = check(host, list, cn);
  return found.matches ? 'match' : found.problem;
};

describe('DNS names (RFC 9525 §6.3)', () => {
  it.each([
    ['mail.example.com', 'mail.example.com', 'match'],
    ['mail.example.com.', 'mail.example.com', 'match'],
    ['mail.example.com', 'mail.example.com.', 'match'],
    ['MAIL.Example.COM', 'mail.example.com', 'match'],
    ['mail.example.com', 'MAIL.example.com', 'match'],
    ['mail.example.com', '*.example.com', 'match'],
    ['xn--mller-kva.example.com', '*.example.com', 'match'],
    ['müller.example.com', 'xn--mller-kva.example.com', 'match'],
    ['example.com', '*.example.com', 'identity-differs'],
    ['a.b.example.com', '*.example.com', 'identity-differs'],
    ['mail.test', '*.test', 'identity-differs'],
    ['example.com', '*.com', 'identity-differs'],
    ['example.co.uk', '*.co.uk', 'identity-differs'],
    ['mail.lan', '*.lan', 'identity-differs'],
    ['mail.example.com', '*', 'identity-differs'],
    ['localhost', '*', 'identity-differs'],
    ['localhost', 'localhost', 'match'],
    ['a.mail.test', 'mail.*.test', 'identity-differs'],
    ['x.b.example.com', '*.*.example.com', 'identity-differs'],
    ['mail.example.com', 'm*.example.com', 'partial-wildcard'],
    ['mail.example.com', '*l.example.com', 'partial-wildcard'],
    ['mail.example.com', 'm*l.example.com', 'partial-wildcard'],
    ['mail.example.com', 'x*.example.com', 'identity-differs'],
    ['mail.example.com', 'mail.example.com\0.evil.com', 'identity-differs'],
    ['mail.example.com', 'evil.com, DNS:mail.example.com', 'identity-differs'],
    ['mail.example.com', ' mail.example.com', 'identity-differs'],
    ['mail.example.com', '', 'identity-differs'],
    ['müller.example.com', 'müller.example.com', 'identity-differs'],
    ['foo_bar.example.com', 'foo_bar.example.com', 'match'],
    ['*.example.com', '*.example.com', 'identity-differs'],
  ])('%s against %j: %s', (host, presented, wanted) => {
    expect(verdict(host, [m.dns(presented)])).toBe(wanted);
  });

  it('labels of 63 octets match, longer hosts never do', () => {
    const label = 'a'.repeat(63);
    expect(verdict(`${label}.example.com`, [m.dns(`${label}.example.com`)])).toBe('match');
    const long = Array.from({ length: 5 }, () => label).join('.');
    expect(verdict(long, [m.dns(long)])).toBe('identity-differs');
  });

  it('the common name never counts, and is named where only it holds the host', () => {
    expect(verdict('mail.example.com', [], 'mail.example.com')).toBe('name-only-in-cn');
    expect(verdict('mail.example.com', [m.dns('other.example.com')], 'mail.example.com')).toBe('name-only-in-cn');
    expect(verdict('mail.example.com', [], '*.example.com')).toBe('name-only-in-cn');
    expect(verdict('mail.example.com', [m.uri('smtp://mail.example.com')])).toBe('identity-differs');
  });

  it('says why a near name is refused', () => {
    expect(check('example.co.uk', [m.dns('*.co.uk')])).toMatchObject({
      presented: '*.co.uk',
      reason: 'the wildcard covers a public suffix',
    });
  });

  it('a later exact name beats an earlier partial wildcard', () => {
    expect(verdict('mail.example.com', [m.dns('m*.example.com'), m.dns('mail.example.com')])).toBe('match');
  });
});

describe('addresses (RFC 9525 §6.5)', () => {
  const v6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  it.each([
    ['192.0.2.1', m.ip(192, 0, 2, 1), 'match'],
    ['192.0.2.1', m.ip(192, 0, 2, 2), 'identity-differs'],
    ['192.0.2.1', m.dns('192.0.2.1'), 'identity-differs'],
    ['192.0.2.1', m.dns('*.0.2.1'), 'identity-differs'],
    ['2001:db8::1', m.ip(...v6), 'match'],
    ['2001:DB8:0:0::1', m.ip(...v6), 'match'],
    ['[2001:db8::1]', m.ip(...v6), 'match'],
    ['::ffff:192.0.2.1', m.ip(192, 0, 2, 1), 'identity-differs'],
    ['fe80::1%eth0', m.ip(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 'match'],
    ['192.0.2.1', m.ip(192, 0, 2, 1, 255, 255, 255, 255), 'identity-differs'],
  ])('%s', (host, presented, wanted) => {
    expect(verdict(host, [presented])).toBe(wanted);
  });
  it('never count in the common name', () => {
    expect(verdict('192.0.2.1', [], '192.0.2.1')).toBe('name-only-in-cn');
    expect(verdict('192.0.2.1', [], '192.000.002.001')).toBe('name-only-in-cn');
  });
  it('any address read is the address written', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 })),
        (bytes) => {
          const buffer = Buffer.from(bytes);
          expect(addressBytes(ipText(buffer))).toEqual(buffer);
        },
      ),
    );
  });
});

it('a name is matched only by itself or its own wildcard', () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  fc.assert(
    fc.property(fc.array(label, { minLength: 3, maxLength: 4 }), fc.array(label, { minLength: 3, maxLength: 4 }), (a, b) => {
      const [host, other] = [a.join('.'), b.join('.')];
      const same = host === other;
      expect(verdict(host, [m.dns(other)]) === 'match').toBe(same);
    }),
    { numRuns: 40 },
  );
});
