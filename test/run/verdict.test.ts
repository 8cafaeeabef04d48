/** What was expected against what was found. */
import { describe, expect, it } from 'vitest';
import type { Report, ReportCheck } from '../../src/model/diagnosis.ts';
import { fingerprint, outcomeOf } from '../../src/run/verdict.ts';
import type { Wishes } from '../../src/run/wishes.ts';
import * as f from '../reporters/fixtures.ts';
import { reportOf } from '../reporters/make.ts';

const first = (r: Report): ReportCheck => {
  const [check] = r.checks;
  if (!check) throw new Error('no check');
  return check;
};
const healthy = first(reportOf([f.healthy]));
const expired = first(reportOf([f.selfSignedCheck]));
const warned = first(reportOf([f.warned]));
const open = first(reportOf([f.interrupted]));
const soon = 'certificate.expires-soon';
const self = 'certificate.self-signed';
const daysOf = (c: ReportCheck) => Number(c.facts.certificates?.[0]?.daysLeft);

it.each<[string, ReportCheck, Wishes, string, [string, boolean, string] | undefined]>([
  ['nothing expected, healthy', healthy, {}, 'pass', undefined],
  ['nothing expected, failed', expired, {}, 'fail', undefined],
  [
    'a failure that was expected',
    expired,
    { expect: { verdict: 'fail', cause: self } },
    'pass',
    [`fail ${self}`, true, `fail ${self}`],
  ],
  ['any failure was expected', expired, { expect: { verdict: 'fail' } }, 'pass', ['fail', true, `fail ${self}`]],
  [
    'another failure',
    expired,
    { expect: { verdict: 'fail', cause: 'certificate.expired' } },
    'fail',
    ['fail certificate.expired', false, `fail ${self}`],
  ],
  ['mended meanwhile', healthy, { expect: { verdict: 'fail', cause: self } }, 'fail', [`fail ${self}`, false, 'pass']],
  ['a pass was expected', expired, { expect: { verdict: 'pass' } }, 'fail', ['pass', false, `fail ${self}`]],
  ['a warning', warned, {}, 'warn', undefined],
  ['an allowed warning', warned, { allow: [soon] }, 'pass', undefined],
  [
    'an allowed warning where a pass is expected',
    warned,
    { allow: [soon], expect: { verdict: 'pass' } },
    'pass',
    ['pass', true, 'pass'],
  ],
  ['another warning is allowed', warned, { allow: ['certificate.weak'] }, 'warn', undefined],
  [
    'a warning that was expected',
    warned,
    { expect: { verdict: 'warn', cause: soon } },
    'pass',
    [`warn ${soon}`, true, `warn ${soon}`],
  ],
  ['a warning where a pass is expected', warned, { expect: { verdict: 'pass' } }, 'fail', ['pass', false, `warn ${soon}`]],
  ['too few days', healthy, { daysToExpiry: 3650 }, 'fail', ['days-to-expiry 3650', false, `days-to-expiry ${daysOf(healthy)}`]],
  ['just enough days', healthy, { daysToExpiry: daysOf(healthy) }, 'pass', undefined],
  ['too few days, but a failure has its own cause', expired, { daysToExpiry: 3650 }, 'fail', undefined],
  [
    'too few days of an expected failure',
    expired,
    { daysToExpiry: 3650, expect: { verdict: 'fail' } },
    'pass',
    ['fail', true, `fail ${self}`],
  ],
  ['open is open, whatever was expected', open, { expect: { verdict: 'fail' } }, 'inconclusive', undefined],
  [
    'the service goes before the account',
    expired,
    { expect: { verdict: 'pass' }, endpoints: { pop3: { expect: { verdict: 'fail' } } } },
    'pass',
    ['fail', true, `fail ${self}`],
  ],
])('%s', (_, check, wishes, verdict, told) => {
  const got = outcomeOf(check, wishes);
  expect(got.verdict).toBe(verdict);
  expect(got.expectation && [got.expectation.wanted, got.expectation.met, got.expectation.found]).toEqual(told);
});

describe('what makes two results the same', () => {
  const print = (r: Report) => fingerprint(r, first(r));
  it('is verdict, cause and warnings, not times or texts', () => {
    const a = reportOf([f.warned]);
    expect(print(a)).toBe(print({ ...reportOf([{ ...f.warned, durationMs: 9 }]), startedAt: 'x' }));
    expect(print(a)).not.toBe(print({ ...a, verdict: 'pass' }));
    expect(new Set([f.healthy, f.warned, f.selfSignedCheck, f.refusedCheck].map((c) => print(reportOf([c])))).size).toBe(4);
  });
});
