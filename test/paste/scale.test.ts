/** Long texts cost a bounded reading: linear in their length, few sayings, nothing that blows up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read } from '../../src/paste/read.ts';
import { selectLines } from '../../src/paste/select.ts';

/** A mail log of about `megabytes`, its one refusal of interest in the middle. */
function log(megabytes: number): string {
  const lines: string[] = [];
  let size = 0;
  for (let i = 0; size < megabytes * 1_000_000; i++) {
    const id = (i * 2654435761).toString(16).slice(0, 10).toUpperCase();
    const line =
      i % 7 === 0
        ? `Jan  9 08:12:${String(i % 60).padStart(2, '0')} mail01 postfix/smtpd[${i}]: ${id}: client=host${i}.example.net[192.0.2.${i % 250}]`
        : i % 7 === 1
          ? `Jan  9 08:12:59 mail01 postfix/smtp[${i}]: ${id}: to=<user${i}@example.org>, relay=mx.example.org[198.51.100.7]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as ${id})`
          : `Jan  9 08:12:59 mail01 dovecot: imap-login: Login: user=<user${i}@example.org>, method=PLAIN, rip=198.51.100.${i % 250}, session=<${id}>`;
    lines.push(line);
    size += line.length + 1;
  }
  lines.splice(
    lines.length >> 1,
    0,
    'Jan  9 09:00:00 mail01 postfix/smtp[77]: ABCDEF: to=<b@example.net>, relay=mx.example.net[198.51.100.9]:25, dsn=5.7.1, status=bounced (host mx.example.net[198.51.100.9] said: 554 5.7.1 <b@example.net>: Relay access denied (in reply to RCPT TO command))',
  );
  return lines.join('\n');
}

describe('scale', () => {
  it('finds the one refusal in ten megabytes', () => {
    const text = log(10);
    const reading = read(text);
    expect(reading.evidence.some((e) => e.kind === 'reply' && e.code === 554 && e.text.includes('Relay access denied'))).toBe(
      true,
    );
    expect(reading.evidence.length).toBeLessThan(30);
  });

  it('reads a bounded number of lines closely, whatever the text', () => {
    const lines = Array.from(
      { length: 200_000 },
      (_, i) => `error ${'abcdefghij'.charAt(i % 10)}${i.toString(26).replace(/\d/g, 'x')} failed badly`,
    );
    expect(selectLines(lines.join('\n')).length).toBeLessThan(5000);
    expect(read(lines.join('\n')).evidence.length).toBeLessThanOrEqual(400);
  });

  // A cost that is not linear runs into the time limit of the tests.
  it.each([
    ['one line without end', 'a'.repeat(3_000_000)],
    ['spaces', `x${' '.repeat(3_000_000)}y`],
    ['open tags', '<p '.repeat(700_000)],
    ['open comments', '<!--'.repeat(700_000)],
    ['open brackets', '[['.repeat(1_000_000)],
    ['quotes', '> '.repeat(1_000_000)],
    ['codes', '550 '.repeat(500_000)],
    ['enhanced codes', '5.7.1 '.repeat(400_000)],
    ['escapes', '\\xc3\\xa9'.repeat(300_000)],
    ['mojibake', 'Ã©'.repeat(1_000_000)],
    ['base64', `${'QUJD'.repeat(30)}\n`.repeat(20_000)],
    ['quoted-printable', '=C3=A9=\n'.repeat(200_000)],
    ['passwords', 'PASS  x  \n'.repeat(200_000)],
    ['password keys', 'password='.repeat(200_000)],
    ['urls', 'http://a:b'.repeat(200_000)],
    ['dots', 'a.'.repeat(1_000_000)],
    ['colons', ':1'.repeat(1_000_000)],
    ['entities', '&#1;&amp'.repeat(300_000)],
    ['encoded words', '=?utf-8?q?'.repeat(200_000)],
    ['terminal escapes', '\u001b[0'.repeat(500_000)],
    ['DSN fields', 'Diagnostic-Code: smtp; 550-\n'.repeat(60_000)],
    ['challenges', '334 UGFzc3dvcmQ6\n'.repeat(100_000)],
  ])('does not blow up on %s', (_, text) => {
    expect(read(text).evidence.length).toBeLessThanOrEqual(400);
  });

  it('is total on any text and any bytes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (text) => {
        expect(Array.isArray(read(text).evidence)).toBe(true);
      }),
      { numRuns: 150 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(typeof read(bytes).binary).toBe('boolean');
      }),
      { numRuns: 150 },
    );
  });
});
