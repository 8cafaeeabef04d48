/** What an explanation on a terminal says once is not said again under "Also possible". */
import { expect, test } from 'vitest';
import { explain, judgeReading } from '../../src/explain.ts';
import { kitOf } from '../../src/kit.ts';
import { en } from '../../src/locales/en.ts';
import { read } from '../../src/paste/read.ts';
import { composeExplanation } from '../../src/report/explain.ts';
import { renderExplain } from '../../src/reporters/catalogue.ts';
import { OPTIONS } from './make.ts';

const kit = kitOf([]);

test.each([
  'Error: self-signed certificate in certificate chain',
  'SSL certificate problem: unable to get local issuer certificate',
  'x509: certificate signed by unknown authority',
])('%s', (text) => {
  const explanation = composeExplanation({ diagnosis: judgeReading(read(text), kit), words: en, causes: kit.causes });
  const [best, ...others] = explanation.matches;
  const open = best?.alternatives.map((a) => a.cause) ?? [];
  expect(open.length).toBeGreaterThan(0);
  const shown = renderExplain(explanation, en, OPTIONS);
  for (const m of others.filter((o) => open.includes(o.cause) && o.certainty === 'possible' && o.matched === best?.matched))
    expect(shown.split(m.title).length - 1).toBe(1);
});

const APP_PASSWORD =
  'Cannot log in to imap.gmail.com: Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)';

test('what decided beyond doubt leaves no guesses from the same words', () => {
  const { matches } = explain(APP_PASSWORD, kit, en);
  expect(matches.map((m) => [m.cause, m.certainty])).toEqual([['auth.app-password-required', 'proven']]);
});

test("with the provider's own page no other provider's is named", () => {
  const links = explain(APP_PASSWORD, kit, en).matches[0]?.links ?? [];
  expect(links[0]?.url).toContain('google.com');
  expect(links.filter((l) => /apple|yahoo/.test(l.url))).toEqual([]);
  const general = explain('535 An app password is required for mail programs', kit, en).matches[0]?.links ?? [];
  expect(general.some((l) => /apple/.test(l.url))).toBe(true);
  expect(Object.keys(links[0] ?? {})).toEqual(['title', 'url']);
});

test("a client's number is quoted as it stands", () => {
  expect(explain('Outlook reported error (0x800CCC92)', kit, en).matches[0]?.matched).toBe('0x800CCC92');
});
