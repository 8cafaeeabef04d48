/** Files of mailcheck itself are recognised: saved evidence is used as it is, reports give their causes and quotes back. */
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/explain.ts';
import { kitOf } from '../../src/kit.ts';
import { en } from '../../src/locales/en.ts';
import { read } from '../../src/paste/read.ts';

const reply = {
  kind: 'reply',
  stage: 'auth',
  protocol: 'imap',
  channel: 'tls',
  command: 'LOGIN',
  status: 'no',
  condition: 'NO',
  text: 'Nope',
  lines: ['a1 NO Nope'],
};
const report = {
  schema: 'mailcheck.report/1',
  tool: { name: 'mailcheck', version: '1.0.0' },
  checks: [
    {
      protocol: 'smtp',
      cause: 'sender.relay-denied',
      findings: [
        { cause: 'sender.relay-denied', evidence: ['554 5.7.1 <b@example.net>: Relay access denied'] },
        { cause: 'certificate.expires-soon', evidence: [] },
      ],
    },
  ],
};

describe('files of --save', () => {
  it('takes the evidence, of one check or of several', () => {
    const one = read(JSON.stringify({ schema: 'mailcheck.evidence/1', evidence: [reply] }));
    expect(one.evidence).toEqual([reply]);
    expect(one.saved).toMatchObject({ schema: 'mailcheck.evidence/1' });
    expect(
      read(JSON.stringify({ schema: 'mailcheck.evidence/1', checks: [{ evidence: [reply] }, { evidence: [reply] }] })).evidence,
    ).toHaveLength(2);
  });
  it('leaves out what is no evidence, and never throws on a tampered file', () => {
    const odd = [
      reply,
      null,
      7,
      'x',
      {},
      { kind: 'reply', stage: 'auth' },
      { kind: 'nonsense', stage: 'auth' },
      { ...reply, stage: 'nowhere' },
      { ...reply, lines: 'x' },
    ];
    expect(read(JSON.stringify({ schema: 'mailcheck.evidence/1', evidence: odd })).evidence).toEqual([reply]);
    expect(read('{"schema":"mailcheck.evidence/1","evidence":[').saved).toBeUndefined();
  });
});

describe('explain', () => {
  it('goes on with the saved check that failed, by its own settings', () => {
    const service = (protocol: string, port: number) => ({ protocol, host: 'mail.example.com', port, security: 'tls' });
    const lookup = { kind: 'lookup', stage: 'dns', host: 'mail.example.com', type: 'A', resolver: '192.0.2.53:5353' };
    const found = { ...lookup, outcome: 'answer', records: ['192.0.2.1'], ms: 1 };
    const checks = [
      { service: service('pop3', 995), evidence: [found], stages: [{ stage: 'dns' }] },
      { service: service('imap', 993), evidence: [found, reply], stages: [{ stage: 'dns' }, { stage: 'auth' }] },
    ];
    const said = explain(JSON.stringify({ schema: 'mailcheck.evidence/1', checks }), kitOf([]), en);
    expect(said.next).toBe('mailcheck imap you@example.com --host mail.example.com --port 993 --security tls');
    const sound = explain(JSON.stringify({ schema: 'mailcheck.evidence/1', checks: checks.slice(0, 1) }), kitOf([]), en);
    expect([sound.healthy, sound.matches, said.healthy]).toEqual([true, [], undefined]);
  });
});

describe('reports', () => {
  it('JSON: causes in order, quotes read again', () => {
    const r = read(JSON.stringify(report, null, 2));
    expect(r.causes).toEqual(['sender.relay-denied', 'certificate.expires-soon']);
    expect(r.evidence).toEqual([expect.objectContaining({ kind: 'reply', code: 554, enhanced: '5.7.1' })]);
  });
  it('NDJSON: one line per check', () => {
    const line = JSON.stringify({ schema: 'mailcheck.report/1', check: report.checks[0] });
    expect(read(`${line}\n${line}\n`).causes).toEqual(['sender.relay-denied', 'certificate.expires-soon']);
  });
  it('Markdown, JUnit and the terminal: by the ids', () => {
    const markdown =
      '# mailcheck report\n\n## Relay denied (`sender.relay-denied`)\n\n> 554 5.7.1 <b@example.net>: Relay access denied\n';
    const r = read(markdown);
    expect(r.causes).toEqual(['sender.relay-denied']);
    expect(r.evidence.some((e) => e.kind === 'reply' && e.code === 554)).toBe(true);
  });
  it('takes an ordinary paste for what it is', () => {
    expect(read('535 5.7.8 Error: authentication failed').saved).toBeUndefined();
    expect(read('{"error":"invalid_grant"}').saved).toBeUndefined();
  });
});
