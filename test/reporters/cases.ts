/** The reports that every format and language is tested with. */
import type { Check, Report } from '../../src/model/diagnosis.ts';
import type { RenderOptions } from '../../src/model/reporter.ts';
import type { Words } from '../../src/model/words.ts';
import { say } from '../../src/report/say.ts';
import * as f from './fixtures.ts';
import { OPTIONS, reportOf } from './make.ts';

export interface Case {
  readonly name: string;
  readonly options: RenderOptions;
  readonly reports: (words: Words) => readonly Report[];
}

const one = (name: string, ...checks: readonly Check[]): Case => ({
  name,
  options: OPTIONS,
  reports: (words) => [reportOf(checks, words)],
});

const account = (words: Words): Report =>
  reportOf([f.healthy, f.senderCheck], words, {
    account: { address: 'you@example.com', preset: 'example' },
    working: [{ protocol: 'pop3', host: 'pop.example.com', port: 995, security: 'tls', user: 'you@example.com' }],
    warnings: ['plugin mailcheck-plugin-x: the cause x.y failed'],
    options: { transcript: false, redact: false, plugins: [{ name: 'mailcheck-plugin-x', version: '0.1.0', linked: true }] },
  });

/** A run with a configuration that expects and allows, a baseline, and an account that could not be checked. */
const expectations = (words: Words): readonly Report[] => [
  {
    ...reportOf([f.selfSignedCheck], words),
    verdict: 'pass',
    key: '#1',
    expectation: { wanted: 'fail certificate.self-signed', met: true, found: 'fail certificate.self-signed' },
  },
  {
    ...reportOf([f.healthy], words),
    verdict: 'fail',
    key: '#2',
    expectation: { wanted: 'fail certificate.expired', met: false, found: 'pass' },
    previous: { verdict: 'fail', cause: 'certificate.self-signed' },
  },
  {
    ...reportOf([f.healthy], words, { account: { address: 'soon@example.com', preset: null } }),
    verdict: 'fail',
    key: '#3',
    expectation: { wanted: 'days-to-expiry 60', met: false, found: 'days-to-expiry 12' },
  },
  {
    ...reportOf([f.warned], words),
    verdict: 'pass',
    key: '#4',
    allowed: f.warned.diagnosis.findings.map((j) => j.cause.id),
  },
  {
    ...reportOf([], words, { account: { address: 'lost@example.com', preset: null } }),
    key: 'lost@example.com',
    warnings: [say(words, 'run.not-checked', { detail: 'accounts.yaml:7:15: the environment has no variable LOST_PASSWORD' })],
  },
];

export const CASES: readonly Case[] = [
  one('self-signed', f.selfSignedCheck),
  one('wrong-password', f.wrongPasswordCheck),
  one('warning', f.warned),
  one('inconclusive', f.interrupted),
  { name: 'account', options: OPTIONS, reports: (words) => [account(words)] },
  {
    name: 'run',
    options: { ...OPTIONS, many: true },
    reports: (words) => [
      reportOf([f.healthy], words),
      reportOf([f.selfSignedCheck], words),
      reportOf([f.selfSignedCheck], words, { account: { address: 'me@example.com', preset: null } }),
      reportOf([f.refusedCheck], words),
    ],
  },
  { name: 'expectations', options: { ...OPTIONS, many: true, unchanged: 3 }, reports: expectations },
];
