/** Every grammar by properties: no text and no bytes make a reader throw, none takes more than linear time, and what is written is read as it was. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAutoconfig, readPox } from '../../src/wire/autoconfig.ts';
import { certificatesIn } from '../../src/wire/bundle.ts';
import { readTlsa } from '../../src/wire/dane.ts';
import {
  decodeBase64Text,
  decodeEncodedWords,
  decodeQuotedPrintable,
  decodeText,
  mendMojibake,
  unescapeText,
} from '../../src/wire/decode.ts';
import { digestMd5 } from '../../src/wire/digestmd5.ts';
import { htmlToText } from '../../src/wire/html.ts';
import { quoted, readCapability, readId, readImapReply } from '../../src/wire/imap.ts';
import { createLineReader } from '../../src/wire/lines.ts';
import { ntlmAuthenticate } from '../../src/wire/ntlm.ts';
import { apopTimestamp, readCapa, readPop3Reply } from '../../src/wire/pop3.ts';
import { KNOWN, saslClient } from '../../src/wire/sasl.ts';
import { scram } from '../../src/wire/scram.ts';
import { readEhlo, readSmtpReply } from '../../src/wire/smtp.ts';
import { readSocketError } from '../../src/wire/socketerror.ts';
import { readSpf } from '../../src/wire/spf.ts';
import { readDmarc, readKey, readStsPolicy, readTags } from '../../src/wire/tags.ts';
import { cleanTlsMessage, readTlsErrors } from '../../src/wire/tlserror.ts';
import { tokenClaims } from '../../src/wire/token.ts';
import { readXml } from '../../src/wire/xml.ts';

const now = new Date('2026-11-23T10:00:00Z');
const lines = (t: string) => t.split('\n');

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'SMTP replies': (t) => readSmtpReply(lines(t)),
  EHLO: (t) => readEhlo(lines(t)),
  'POP3 replies': (t) => readPop3Reply(lines(t)),
  CAPA: (t) => readCapa(lines(t)),
  'APOP timestamps': (t) => apopTimestamp(t),
  'IMAP replies': (t) => [readImapReply(lines(t)), readImapReply(lines(t), 'm1')],
  'IMAP capabilities': (t) => readCapability(lines(t)),
  'IMAP ID': (t) => readId(lines(t)),
  'IMAP strings': (t) => quoted(t),
  XML: (t) => readXml(t),
  autoconfig: (t) => readAutoconfig(t, 'you@example.test'),
  Autodiscover: (t) => readPox(t),
  SPF: (t) => readSpf(t),
  tags: (t) => [readTags(t), readKey(t), readDmarc(t), readStsPolicy(t)],
  TLSA: (t) => readTlsa(t),
  tokens: (t) => tokenClaims(t, now),
  'TLS errors': (t) => [readTlsErrors(t), cleanTlsMessage(t)],
  'socket errors': (t) => readSocketError(t),
  HTML: (t) => htmlToText(t),
  escapes: (t) => [
    unescapeText(t),
    mendMojibake(t),
    decodeText(t),
    decodeQuotedPrintable(t),
    decodeBase64Text(t),
    decodeEncodedWords(t),
  ],
  'PEM, DER and PKCS #7': (t) => certificatesIn(Buffer.from(t, 'latin1')),
  'DIGEST-MD5': (t) => digestMd5(t, 'u', 'p', 'imap', 'h', 'n'),
};

/** Texts that are near to what each reader expects, bent. */
const near = fc
  .array(
    fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '250-',
        '250 ',
        '535 5.7.8 ',
        '+OK ',
        '-ERR [',
        '* OK [',
        'm1 NO ',
        '* CAPABILITY ',
        'AUTH=',
        '{3}',
        '"',
        '\\',
        '<a',
        '</a>',
        '<![CDATA[',
        ']]>',
        '<!--',
        '&#x41;',
        '&amp;',
        '<?xml ?>',
        'v=spf1 ',
        'include:',
        '%{i}',
        'v=DMARC1; ',
        'p=',
        '; ',
        '=',
        '=?utf-8?b?',
        '?=',
        '=3D',
        '\\u00e9',
        'eyJ',
        '.',
        '-----BEGIN CERTIFICATE-----',
        '0\x82\x01',
        'error:0A00010B:SSL',
        'ECONNREFUSED 127.0.0.1:25',
        '3 1 1 ',
        'realm="x",nonce="y"',
        '\r',
        '\n',
        '\t',
        '\0',
        '\ud800',
        'é',
        '中',
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('no text makes a reader throw', () => {
  it.each(Object.entries(READERS))('%s', (_name, read) => {
    fc.assert(
      fc.property(fc.oneof(near, fc.string({ maxLength: 400 }), fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
        read(text);
      }),
      { numRuns: 600, seed: 1939 },
    );
  });
});

describe('no text takes more than linear time', () => {
  const SIZE = 200_000;
  const PATTERNS = [
    'a',
    ' ',
    '\t ',
    '<',
    '<a ',
    '</',
    '&',
    '&#',
    '=',
    '=?',
    '%',
    '\\',
    '"',
    '"\\',
    '(',
    '[',
    '{',
    '-',
    '- ',
    '.',
    'a.',
    ':',
    ';',
    ', ',
    '+',
    '/',
    '0',
    '\n',
    '\r\n',
    '* ',
    '250-',
    'A=',
    '<!--',
    ']]',
    '=3',
    'error:',
    'v=',
    'x@',
    '\u0000',
    'é',
  ];
  it.each(Object.entries(READERS))(
    '%s',
    (_name, read) => {
      for (const p of PATTERNS) {
        const text = p.repeat(SIZE / p.length);
        const begun = performance.now();
        read(text);
        read(`${text}!`);
        // A quadratic reader would take minutes for this.
        expect([p, performance.now() - begun < 4000]).toEqual([p, true]);
      }
    },
    60_000,
  );
});

describe('what is written is read as it was', () => {
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 .,-]{0,40}$/).map((s) => s.trim());
  it('SMTP replies', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.array(word, { minLength: 1, maxLength: 6 }), (code, texts) => {
        const reply = readSmtpReply(texts.map((t, i) => `${code}${i === texts.length - 1 ? ' ' : '-'}${t}`));
        expect(reply).toMatchObject({ code, body: texts, status: code < 300 ? 'ok' : code < 400 ? 'continue' : 'no' });
      }),
    );
  });

  it('and never as success where the codes differ or the first digit is no 2', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 4 }), (codes) => {
        const reply = readSmtpReply(codes.map((c, i) => `${String(c).padStart(3, '0')}${i === codes.length - 1 ? ' ' : '-'}x`));
        const fine = new Set(codes).size === 1 && (codes[0] ?? 0) >= 200 && (codes[0] ?? 0) <= 299;
        expect(reply.status === 'ok').toBe(fine);
      }),
    );
  });

  it('POP3 listings, through the reader, dots and all, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[ -~]{0,30}$/), { maxLength: 12 }),
        fc.integer({ min: 1, max: 9 }),
        (body, size) => {
          const bytes = Buffer.from(`+OK\r\n${body.map((l) => `${l.startsWith('.') ? '.' : ''}${l}\r\n`).join('')}.\r\n`);
          const reader = createLineReader();
          reader.expect('pop3-multi');
          for (let i = 0; i < bytes.length; i += size) reader.push(bytes.subarray(i, i + size));
          expect(reader.next()).toMatchObject({ ok: true, lines: ['+OK', ...body] });
        },
      ),
    );
  });

  it('IMAP strings: what can be quoted is unquoted to the same', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (value) => {
        const q = quoted(value);
        const ascii = !/[^\x01-\x7f]|[\r\n]/.test(value);
        expect(q !== undefined).toBe(ascii);
        if (q === undefined) return;
        expect(q.slice(1, -1).replace(/\\(.)/gs, '$1')).toBe(value);
        // No quote inside ends it early.
        expect(/^"(?:[^"\\\r\n]|\\["\\])*"$/s.test(q)).toBe(true);
      }),
    );
  });

  it('IMAP literals, whatever stands in them, through the reader', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (data, size) => {
        const bytes = Buffer.concat([Buffer.from(`* X {${data.length}}\r\n`), data, Buffer.from(' end\r\nm1 OK done\r\n')]);
        const reader = createLineReader();
        reader.expect('imap', 'm1');
        for (let i = 0; i < bytes.length; i += size) reader.push(bytes.subarray(i, i + size));
        const got = reader.next();
        // Bytes that look like another literal's announcement begin one: then it waits, and never runs away.
        if (got === undefined) return;
        expect(got.ok).toBe(true);
        if (got.ok) expect(got.lines.at(-1)).toBe('m1 OK done');
      }),
    );
  });

  it('XML: text is what was escaped', () => {
    const escaped = (s: string) => s.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~é中]{0,40}$/), (text) => {
        const read = readXml(`<a b="${escaped(text)}"><c>${escaped(text)}</c></a>`);
        if ('fault' in read) throw new Error(read.fault);
        expect(read.root.attributes.b ?? '').toBe(text);
        expect(read.root.children[0]?.text).toBe(text.trim());
      }),
    );
  });
});

describe('SASL', () => {
  const input = { user: 'u', protocol: 'imap', host: 'h', port: 993, nonce: 'abcdef', now: 0 } as const;
  it.each(KNOWN.filter((m) => m !== 'APOP' && m !== 'USER'))(
    '%s answers any challenges with a step or a fault, and never throws',
    (mechanism) => {
      fc.assert(
        fc.property(
          fc.array(
            fc.oneof(
              fc.uint8Array({ maxLength: 120 }),
              near.map((t) => Buffer.from(t)),
            ),
            { maxLength: 5 },
          ),
          (challenges) => {
            const client = saslClient(mechanism, {
              ...input,
              secret: () => 'secret',
              binding: { type: 'tls-exporter', data: Buffer.alloc(32) },
            });
            if (!client) throw new Error('unknown');
            if (client.first) client.initial();
            for (const c of challenges) {
              const step = client.respond(c);
              expect('send' in step || 'fault' in step).toBe(true);
              if ('fault' in step) break;
            }
            client.verify();
          },
        ),
        { numRuns: 200 },
      );
    },
  );

  it('LOGIN gives the password only in answer to a second prompt that asks for it, or to none at all', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (one, two) => {
        const client = saslClient('LOGIN', { ...input, secret: () => 'the secret' });
        const first = client?.respond(Buffer.from(one));
        if (!first || 'fault' in first) return;
        expect(first.send).toBe('u');
        const second = client?.respond(Buffer.from(two));
        if (second && 'send' in second)
          expect([second.send, /pass|pwd|secret|^[\0\s]*$/i.test(two)]).toEqual(['the secret', true]);
      }),
    );
  });

  it('SCRAM: an honest server is believed, any other is not, and no proof is given for a nonce that is not ours', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.stringMatching(/^[ -~]{1,30}$/),
        fc.stringMatching(/^[a-z]{1,20}$/),
        bytes,
        bytes,
        fc.constantFrom('sha1', 'sha256'),
        (password, user, salt, noise, hash) => {
          const client = scram(hash as 'sha1' | 'sha256', user, 'clientnonce');
          const first = `r=clientnonceserver,s=${Buffer.from(salt).toString('base64')},i=64`;
          const final = client.final(first, password);
          if ('fault' in final) throw new Error(final.fault);
          const size = hash === 'sha1' ? 20 : 32;
          const salted = pbkdf2Sync(password, salt, 64, size, hash);
          const without = final.message.slice(0, final.message.lastIndexOf(',p='));
          const auth = `n=${user},r=clientnonce,${first},${without}`;
          const key = createHmac(hash, salted).update('Client Key').digest();
          const signature = createHmac(hash, createHash(hash).update(key).digest()).update(auth).digest();
          const proof = Buffer.from(final.message.slice(final.message.lastIndexOf(',p=') + 3), 'base64');
          expect(proof.map((b, i) => b ^ (signature[i] ?? 0)).equals(key)).toBe(true);
          const server = createHmac(hash, createHmac(hash, salted).update('Server Key').digest()).update(auth).digest();
          expect(client.verify(`v=${server.toString('base64')}`)).toBe(undefined);
          expect(client.verify(`v=${Buffer.from(noise).toString('base64')}`)).toEqual(expect.any(String));
          expect(
            scram('sha256', user, 'clientnonce').final(`r=${Buffer.from(noise).toString('hex')},s=QUJD,i=4096`, password),
          ).toHaveProperty('fault');
        },
      ),
      { numRuns: 60 },
    );
  });

  it('NTLM takes any challenge or says that it is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, signed) => {
        const challenge = signed ? Buffer.concat([Buffer.from('NTLMSSP\0\x02\0\0\0', 'latin1'), noise]) : noise;
        const made = ntlmAuthenticate(challenge, 'u', 'p', Buffer.alloc(8), 0);
        expect(made === undefined || made instanceof Uint8Array).toBe(true);
      }),
    );
  });
});
