/** What may be expected of a check, as configurations write it: `pass`, `warn`, `fail certificate.expired`. */
import { UsageError } from '../model/usage.ts';
import { nearest } from '../settle/near.ts';
import { shown } from './shown.ts';
import type { Expectation } from './wishes.ts';

/** @throws UsageError with the nearest cause. */
export function readCause(id: string, causes: readonly string[]): string {
  if (causes.includes(id)) return id;
  const near = nearest(id, causes, 4) ?? causes.find((c) => c.endsWith(`.${id}`));
  throw new UsageError(
    `there is no cause "${shown(id)}"; ${near === undefined ? 'mailcheck explain --list shows them' : `did you mean "${near}"?`}`,
  );
}

/** `pass`, `warn`, `fail`, `fail certificate.expired`, `warn certificate.expires-soon`. @throws UsageError */
export function readExpectation(typed: string, causes: readonly string[]): Expectation {
  const [verdict = '', cause, ...rest] = typed.trim().split(/\s+/);
  if (verdict === 'pass' && cause !== undefined)
    throw new UsageError('"expect: pass" names no cause; list warnings that may come under "allow:"');
  if ((verdict !== 'pass' && verdict !== 'warn' && verdict !== 'fail') || rest.length > 0) {
    const meant = causes.includes(verdict) ? `; did you mean "fail ${verdict}"?` : nearest(verdict, ['pass', 'warn', 'fail'], 2);
    const hint = meant === undefined ? '' : meant.startsWith(';') ? meant : `; did you mean "${meant}"?`;
    throw new UsageError(`expect takes pass, warn, fail or "fail CAUSE", such as "fail certificate.expired"${hint}`);
  }
  return cause === undefined ? { verdict } : { verdict, cause: readCause(cause, causes) };
}
