/** Replies in the charsets of old servers are shown as words, and understood; what is no text of another charset stays as it came. */
import { describe, expect, it } from 'vitest';
import { readLegacy } from '../../src/wire/decode.ts';
import { look, PROTOCOLS, raw, session } from '../security/raw.ts';

const GBK: Readonly<Record<string, readonly number[]>> = {
  密码错误: [0xc3, 0xdc, 0xc2, 0xeb, 0xb4, 0xed, 0xce, 0xf3],
  邮箱已被锁定: [0xd3, 0xca, 0xcf, 0xe4, 0xd2, 0xd1, 0xb1, 0xbb, 0xcb, 0xf8, 0xb6, 0xa8],
};

describe.each(PROTOCOLS)('%s in GBK', (protocol) => {
  it.each([
    ['密码错误', 'auth.credentials-rejected'],
    ['邮箱已被锁定', 'auth.account-locked'],
  ])('%s: %s', async (words, wanted) => {
    const server = await raw(
      session(protocol, {
        implicit: true,
        on: (command, io, tag) => {
          if (!/^(?:AUTH|AUTHENTICATE|PASS|LOGIN)\b/.test(command)) return false;
          const head = { smtp: '535 Error: ', pop3: '-ERR ', imap: `${tag} NO ` }[protocol];
          io.say(Buffer.concat([Buffer.from(head), Buffer.from(GBK[words] ?? []), Buffer.from('\r\n')]));
          return true;
        },
      }),
    );
    const { cause, report, check } = await look(server.port, { protocol, security: 'tls' });
    expect(cause).toBe(wanted);
    expect(JSON.stringify(report.checks[0]?.findings[0]?.evidence)).toContain(words);
    expect(check.transcript.some((l) => l.text.includes(words))).toBe(true);
  });
});

describe('a line', () => {
  const latin = (bytes: readonly number[]) => Buffer.from(bytes).toString('latin1');
  it.each([
    ['535 Échec de l’authentification', '535 Échec de l’authentification'],
    ['535 Échec: mot de passe erroné, réessayez plus tard', '535 Échec: mot de passe erroné, réessayez plus tard'],
    ['535 Ungültiges Paßwort für Müller', '535 Ungültiges Paßwort für Müller'],
    ['535 Contraseña inválida, inténtelo más tarde', '535 Contraseña inválida, inténtelo más tarde'],
    ['220 \u009b31m \u0080\u0081', '220 \u009b31m \u0080\u0081'],
    [latin([0xcf, 0xe0, 0xf0, 0xee, 0xeb, 0xfc, 0x20, 0xed, 0xe5, 0xe2, 0xe5, 0xf0, 0xe5, 0xed]), 'Пароль неверен'],
    [latin([0x83, 0x70, 0x83, 0x58, 0x83, 0x8f, 0x81, 0x5b, 0x83, 0x68, 0x83, 0x47, 0x83, 0x89, 0x81, 0x5b]), 'パスワードエラー'],
  ])('%j', (came, meant) => {
    expect(readLegacy(came)).toBe(meant);
  });
});
