/** The reports that every format and language is tested with. */
import type { Check, Report } from '../../src/model/diagnosis.ts';
import type { RenderOptions } from '../../src/model/reporter.ts';
import type { Words } from '../../src/model/words.ts';
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
];
