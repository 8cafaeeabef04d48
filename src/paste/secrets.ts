/**
 * Secrets in pasted text, masked before anything becomes evidence: passwords after PASS and LOGIN, SASL blobs, tokens, cookies,
 * Authorization headers, URL user information, and the password fields of configurations and dumps.
 *
 * What is masked is the value, at a fixed width; the words around it stay. Ordinary sentences ("password incorrect"), the
 * prompts of AUTH LOGIN (`UGFzc3dvcmQ6`) and log ids stay as they are.
 */
import { MASK } from '../model/secret.ts';
import { decodeBase64Text } from '../wire/decode.ts';
import { SERVER_PROOF } from '../wire/proof.ts';

export interface Masked {
  readonly text: string;
  /** How many values were masked. */
  readonly secrets: number;
}

/** Cheap and coarse: most lines of a log have none of these, and are not looked at again. */
const TRIGGER =
  /pass(?:word|wd|phrase|code|wort)?\d?["'\]]{0,2}\s{0,4}(?:[=:：]|-|$)|\bpass[ \t]|(?:login|authenticate|authentication|credentials?|setpassword|plainauth)\(|pwd|secret|token["'\]]{0,2}\s?[=:]|bearer|cookie|api.?key|credential|eyJ|:\/\/[^\s/@:]{0,200}:[^\s/@]{1,200}@|ya29\.|1\/\/0|SG\.|\bEw[A-Z]|334(?:[ "]|$)|apop |resp=|authzid=|b64=|kennwort|contrase|senha|парол|密码|密碼|授权码|パスワード|mật khẩu|mot de passe|authorization|-auth\b|\blogin ["'\w]|auth(?:enticate)? +[a-z]|-u[ =]|-ap |--user|--(?:auth-)?pass|plt=|^\s*(?:\S{1,30}\s)?\+(?: |$)/i;
/** A line of nothing but base64, with or without a client's mark. */
const LONE_BLOB = /^(\s*(?:[^\s]{1,24}\s{1,3}){0,6}?)([A-Za-z0-9+/]{4,}={0,2})\s*$/;
const CHALLENGE = /(?:^|[\s:<*~>"'])334(?:[ "]|$)|^\s*(?:(?:S|<-{0,3}|<{1,3}|IMAP<|POP3<)[:\s]\s*)?\+(?: |$)/;
const MECHANISMS =
  /^(?:PLAIN|LOGIN|XOAUTH2?|OAUTHBEARER|CRAM-MD5|DIGEST-MD5|NTLM|GSSAPI|SCRAM-\S{1,20}|EXTERNAL|ANONYMOUS|KERBEROS_V4|SPA|MSN)$/i;

/** Values that are no secrets: masked already, empty, or a word that says what is wrong with one. */
const HARMLESS =
  /^(?:[*•●xX.…_-]{2,}|\*|<[^>]*>|\[[^\]]*\]|\(?(?:hidden|redacted|masked|removed|omitted|filtered)\)?|true|false|null|none|nil|undefined|yes|no|on|off|empty|string|\d{1,2}|\$\{?\w+\}?|%\w+%|incorrect|wrong|invalid|required|failed|failure|expired|missing|mismatch|unknown|rejected|denied|error|disabled|enabled|not|the|a|is|was|please|needed|necessary|command|too|must|your|you|for|and|or|of|to|this|check|sai|không|错误|不正确|錯誤|不正確|無効|falsch|ungültig|incorrecte?|incorrecta|erron[eé]e?a?|errado|inválida|неверный|неправильный)$/i;

const KEY =
  /((?:["'[]|\b)[\w.-]{0,40}?(?:password|passwd|passphrase|passcode|passwort|kennwort|contraseña|senha|secret|(?:access|refresh|id|auth|api|bearer|session|csrf|oauth2?|sasl)[_-]?token|\btoken(?=\s*=)|api[_-]?key|apikey|pwd|\bpass\d?|_pass|smtppass|userpass|auth_?pass|credentials?|\bplt)["'\]]{0,2}\s{0,4}(?:=>|:=|=|:|：)\s{0,4})("(?:[^"\\\n]|\\.){0,4000}"|'(?:[^'\\\n]|\\.){0,4000}'|[^\s"'&;,)\]}<>]{1,4000})/giu;
const KEY_OTHER = /((?:密码|密碼|パスワード|пароль|mật khẩu|mot de passe|授权码)\s{0,3}[:：=]\s{0,3})([!-~]{4,200})/giu;

const escaped = (line: string) => line.replace(/\\0|\\x00|\\u0000/g, '');

/** A value in prose ("Password: incorrect") or a secret? */
function isSecret(value: string, key: string): boolean {
  const bare = value.replace(/^["']|["']$/g, '');
  if (bare === '' || HARMLESS.test(bare)) return false;
  if (bare.startsWith('UGFzc3dvcmQ') || bare.startsWith('VXNlcm5hbWU')) return false;
  if (/[=>]\s*$/.test(key) || value !== bare)
    return !/^(?:function|new|os|process|env|getenv|config)\b/.test(bare) && bare !== MASK;
  // After a colon a lone lower-case word may be prose; digits, capitals inside or symbols make it a secret.
  return /\d|[^\p{L}\d.'’-]|\p{Ll}\p{Lu}/u.test(bare.replace(/[.!?]$/, ''));
}

/** Is this blob a SASL response that carries a secret? */
function isResponse(blob: string): boolean {
  const text = decodeBase64Text(blob);
  if (text === undefined) return blob.length >= 40 && /[a-z]/.test(blob) && /[A-Z]/.test(blob);
  return text.includes('\0') || /^n,a=|auth=Bearer|^\{?"?user=/i.test(text);
}

function maskLine(line: string, mask: () => string): string {
  let out = line;
  // PASS x as a command: alone on its line but for a client's mark.
  out = out.replace(/^(\s*(?:[^\s]{1,24}\s{1,3}){0,4}?["']?PASS[ \t]+)(\S.*)$/, (whole, before: string, rest: string) => {
    const value = rest.trimEnd().replace(/["']$/, '');
    const marked = /[:>~-]\s*["']?PASS/.test(before);
    return HARMLESS.test(value) || value === '' || (/\s/.test(value) && !marked)
      ? whole
      : before + mask() + rest.slice(value.length);
  });
  out = out.replace(/^(\s*pass[ \t]+)(\S+)(\s*)$/i, (whole, before: string, value: string, after: string) =>
    HARMLESS.test(value) ? whole : before + mask() + after,
  );
  out = out.replace(
    /((?:^|[\s>:"'])(?:[A-Za-z]{0,6}\d{1,9}|[A-Za-z.$#*]|\d{1,4}\.\d{1,6})\s+LOGIN\s+(?:"[^"]{0,300}"|[^\s"{]{1,300})\s+)("(?:[^"\\]|\\.){0,400}"|[^\s"]{1,400})(?=["']?\s*$)/i,
    (whole, before: string, value: string) =>
      HARMLESS.test(value.replace(/^"|"$/g, '')) || /^\{\d+\+?\}$/.test(value) ? whole : before + mask(),
  );
  out = out.replace(
    /((["'`])login\s+[^\s"'`]{1,300}\s+)([^"'`\s]{1,400})\2/gi,
    (whole, before: string, quote: string, value: string) => (HARMLESS.test(value) ? whole : before + mask() + quote),
  );
  out = out.replace(
    /(\bAUTH(?:ENTICATE)?\s+([A-Z][\w-]{2,20})\s+)([A-Za-z0-9+/]{4,}={0,2})(?=["'\\]|\s*$)/gi,
    (whole, before: string, mechanism: string, value: string) =>
      MECHANISMS.test(mechanism) &&
      !MECHANISMS.test(value) &&
      (/[a-z=\d+/]/.test(value) || value.length > 20 || Buffer.from(value, 'base64').includes(0))
        ? before + mask()
        : whole,
  );
  out = out.replace(/(\bAPOP\s+\S{1,300}\s+)([0-9a-f]{32})\b/gi, (_, before: string) => before + mask());
  out = out.replace(/(\b(?:resp|authzid|b64)=)([A-Za-z0-9+/]{8,}={0,2})/g, (_, before: string) => before + mask());
  out = out.replace(
    /^(\s*(?:[*<>]\s+)?(?:proxy-)?(?:authorization|(?:set-)?cookie|x-[\w-]{0,30}(?:token|key|auth))\s*:\s*)(\S.*)$/i,
    (whole, before: string, value: string) => (HARMLESS.test(value) ? whole : before + mask()),
  );
  out = out.replace(
    /(\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer)\s+)([\w.~+/=-]{6,})/gi,
    (_, before: string) => before + mask(),
  );
  out = out.replace(/(\bbearer\s+)([\w.~+/=-]{8,})/gi, (whole, before: string, value: string) =>
    /[\d.=]/.test(value) && !/^token/i.test(value) ? before + mask() : whole,
  );
  out = out.replace(
    /eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?|\bya29\.[\w-]{10,}|\b1\/\/0[\w-]{20,}|\bSG\.[\w-]{10,}\.[\w-]{10,}|\bEw[A-Z][A-Za-z0-9+/]{100,}={0,2}/g,
    () => mask(),
  );
  out = out.replace(
    /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,200}:)([^\s/@]{1,200})@/gi,
    (whole, before: string, value: string) => (HARMLESS.test(value) ? whole : `${before}${mask()}@`),
  );
  out = out.replace(
    /(\s--?(?:ap|auth-password|pass(?:word)?[12]?)[= ]+)(?!-)("[^"]{1,200}"|'[^']{1,200}'|[^\s"']{1,200})/g,
    (whole, before: string, value: string) =>
      !/^\s-(?!-)/.test(before) || before.trim().startsWith('-ap') ? (HARMLESS.test(value) ? whole : before + mask()) : whole,
  );
  out = out.replace(/(\s(?:-u|--user)[= ]["']?[^\s:"']{1,200}:)([^\s"']{1,200})/g, (_, before: string) => before + mask());
  out = out.replace(
    /(\b(?:login|authenticate|passwordauthentication|networkcredential|withcredentials)\(\s*(?:["'][^"']{0,200}["']|[\w.]{1,60})\s*,\s*)(["'])([^"']{1,400})\2/gi,
    (whole, before: string, quote: string, value: string) =>
      HARMLESS.test(value) ? whole : `${before}${quote}${mask()}${quote}`,
  );
  out = out.replace(
    /(\bsetpassword\(\s*|\bplainauth\(\s*"[^"]{0,200}",\s*"[^"]{0,200}",\s*)(["'])([^"']{1,400})\2/gi,
    (_, before: string, quote: string) => `${before}${quote}${mask()}${quote}`,
  );
  out = out.replace(KEY, (whole, key: string, value: string) => {
    if (!isSecret(value, key) || value.includes(MASK)) return whole;
    const quote = /^["']/.exec(value)?.[0] ?? '';
    return `${key}${quote}${mask()}${quote}`;
  });
  out = out.replace(KEY_OTHER, (whole, key: string, value: string) =>
    isSecret(value, key) && !value.includes(MASK) ? key + mask() : whole,
  );
  return out;
}

/**
 * @param text any text; one secret per kind and line is found at least.
 * @returns the text with the secrets masked, and their number. Linear in the text.
 */
export function maskSecrets(text: string): Masked {
  let secrets = 0;
  const mask = () => {
    secrets++;
    return MASK;
  };
  const out: string[] = [];
  let copied = 0;
  let at = 0;
  /** Lines for which a SASL response is due, after a challenge or AUTH without an initial response. */
  let due = 0;
  let literal = false;
  while (at <= text.length) {
    const next = text.indexOf('\n', at);
    const end = next < 0 ? text.length : next;
    // Lines without end are not protocol: their head is looked at, in pieces.
    const line = text.slice(at, end);
    let changed = line;
    const blob = due > 0 || longToken(line) ? LONE_BLOB.exec(line) : null;
    const value = blob?.[2] ?? '';
    if (blob && !MECHANISMS.test(value) && !/^(?:UGFzc3dvcmQ|VXNlcm5hbWU)/.test(value)) {
      const loose =
        due > 0 && (/[=\d]/.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value)) || value.length > 8) && decodesTo(value);
      if (!/(?:334|\+)\s*$/.test(blob[1] ?? '') && (loose || (value.length >= 16 && isResponse(value))))
        changed = (blob[1] ?? '') + mask();
    }
    if (changed === line && literal && !/^\s*(?:S:|<|\+|\*)/.test(line)) {
      changed = line.replace(/(\S+)\s*$/, () => mask());
    }
    literal = literal && /^\s*(?:S:\s*|<\s*)?\+/.test(line);
    if (changed === line && line.length < 20_000) changed = line.replace(SERVER_PROOF, mask);
    if (changed === line && TRIGGER.test(line)) {
      changed =
        line.length > 20_000
          ? pieces(line)
              .map((p) => maskLine(p, mask))
              .join('')
          : maskLine(line, mask);
      if (/\bLOGIN\b.{0,300}\{\d{1,6}\+?\}\s*$/i.test(line)) literal = true;
      due = CHALLENGE.test(escaped(line)) || /\bAUTH(?:ENTICATE)?\s+[A-Z][\w-]{2,20}\s*$/.test(line) ? 3 : due - 1;
    } else due--;
    if (changed !== line) {
      out.push(text.slice(copied, at), changed);
      copied = end;
    }
    at = end + 1;
  }
  out.push(text.slice(copied));
  return { text: out.join(''), secrets };
}

/** Does the line end in a long run of base64? Looked at by hand, since every line is asked. */
function longToken(line: string): boolean {
  const n = line.length;
  if (n < 16 || n > 8000) return false;
  for (let i = n - 1; i >= n - 16; i--) {
    const c = line.charCodeAt(i);
    if (!((c > 46 && c < 58) || (c > 64 && c < 91) || (c > 96 && c < 123) || c === 43 || c === 61)) return false;
  }
  return true;
}

function decodesTo(value: string): boolean {
  return value.length % 4 === 0 && decodeBase64Text(value) !== undefined ? true : value.length >= 20;
}

function pieces(line: string): string[] {
  const parts: string[] = [];
  for (let i = 0; i < line.length; i += 10_000) parts.push(line.slice(i, i + 10_000));
  return parts;
}
