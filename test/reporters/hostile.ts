/** What hostile servers send to break out of a report (S-096 … S-105). */
import * as f from './fixtures.ts';

export const HOSTILE: Readonly<Record<string, string>> = {
  csi: '\u001b[31mred\u001b[2J\u001b[1;1H',
  title: '\u001b]0;owned\u0007',
  link: '\u001b]8;;https://evil.example/\u001b\\click\u001b]8;;\u001b\\',
  clipboard: '\u001b]52;c;ZXZpbA==\u0007',
  dcs: '\u001bP+q544e\u001b\\ \u001b_apc\u001b\\',
  c1: '\u009b31m \u009d0;x\u009c \u0085 \u0090',
  controls: 'a\u0000b\u0008c\u007fd\re\u000bf\tg',
  bidi: 'abc\u202edcba\u2066x\u2069\u200f',
  invisible: 'a\u200bb\u200dc\ufeffd\u2060e\u00adf',
  tags: '\u{e0041}\u{e0042}\u{e007f}',
  separators: 'a\u2028b\u2029c',
  surrogates: 'a\ud800b\udc00c',
  noncharacters: 'a\ufffeb\uffffc',
  html: '</td></pre></code><script>alert(1)</script><img src=x onerror=alert(1)>',
  attribute: '" onmouseover="alert(1)" x=\'y\'',
  details: '</details></summary><h1>x</h1>',
  cdata: ']]><evil/><![CDATA[',
  entity: '&lt;b&gt; &amp; &bogus; &#0;',
  markdownLink: '[click](http://evil.example) ![x](http://evil.example/p.png) <http://evil.example>',
  markdownMarks: '# heading **bold** _x_ ~~y~~ | a | b | \\',
  mention: '@all @octocat #123 GH-1 owner/repo#5 www.evil.example',
  ticks: '` `` ``` ```` `````',
  fence: '\n```\n# out\n',
  block: '\n# out\n> quote\n- item\n1. one\n---\n===\n| a |\n',
  command: '::error::owned ::add-mask::x',
  commandLine: '\n::error file=x::owned\n##[error]owned\n##vso[task.setvariable]x',
  percent: '%0A::error::owned%25',
  formula: '=HYPERLINK("http://evil.example") +1 @SUM(A1)',
  perfdata: "ok | time=0s;;; 'x'=1",
  label: 'a"} 1\nmailcheck_success{x="',
  hole: '{host} {user} {cause} {{x}}',
  jira: '{code}x{code} !http://evil.example/p.png! {color:red}x{color}',
};

/** A check in which every text that a server chooses is hostile. */
export function hostileCheck(text: string) {
  const reply = f.reply('auth', 'AUTH PLAIN ********', `535 5.7.8 ${text}`, { text, code: 535, enhanced: '5.7.8', status: 'no' });
  const leaf = { ...f.leaf, subject: `CN=${text}`, issuer: `O=${text}`, commonName: text, names: [`DNS:${text}`] };
  return f.check({
    service: { ...f.smtp, user: `u${text}`, from: [`f${text}`] },
    verdict: 'fail',
    stages: [
      ...(['settings', 'dns', 'connect', 'greeting', 'capabilities', 'tls', 'certificate'] as const).map((s) =>
        f.stage(s, 'pass'),
      ),
      f.stage('auth', 'fail'),
      f.skipped('identity', 'auth'),
    ],
    evidence: [
      { kind: 'setting', stage: 'settings', field: 'host', value: text, from: 'srv', authenticated: false },
      { kind: 'lookup', stage: 'dns', host: text, type: 'TXT', resolver: 'system', outcome: 'answer', records: [text], ms: 1 },
      {
        kind: 'connect',
        stage: 'connect',
        host: text,
        address: '192.0.2.1',
        family: 4,
        port: 587,
        outcome: 'open',
        detail: text,
        ms: 1,
      },
      f.reply('greeting', '', `220 ${text}`),
      { kind: 'capabilities', stage: 'capabilities', channel: 'tls', items: [text], mechanisms: [text], total: 1 },
      {
        kind: 'certificate',
        stage: 'certificate',
        host: text,
        address: '192.0.2.1',
        port: 587,
        sent: [leaf],
        built: [text],
        valid: true,
        identity: true,
        trusted: true,
      },
      reply,
      { kind: 'sender', stage: 'identity', from: text, depth: 'mail', accepted: false, reply: text },
      { kind: 'text', stage: 'connect', text, origin: 'tool', program: 'x', control: 'wait' },
      { kind: 'route', stage: 'connect', program: 'traceroute', address: text, lines: [text], outcome: 'traced', ms: 1 },
      { kind: 'domain', stage: 'identity', what: 'spf', domain: text, outcome: 'wrong', verdict: text, record: text },
      {
        kind: 'choice',
        stage: 'settings',
        protocol: 'smtp',
        host: text,
        port: 587,
        security: 'starttls',
        source: 'srv',
        reason: 'only',
        others: [{ host: text, port: 25, security: 'none', source: 'guess', why: 'silent' }],
      },
      { kind: 'environment', stage: 'settings', name: 'SSL_CERT_FILE', effect: 'trust', detail: text },
    ],
    findings: [
      f.judged({ ...f.wrongPassword, owner: 'provider' }, [reply], {
        matched: text,
        params: { provider: text, host: text },
        alternatives: ['auth.app-password-required'],
      }),
      f.judged(f.expiresSoon, [reply], { params: { date: text, days: 3 } }),
    ],
    transcript: [
      { from: 'server', atMs: 1, text: `220 ${text}` },
      { from: 'client', atMs: 2, text: `EHLO ${text}` },
    ],
  });
}
