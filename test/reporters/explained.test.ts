/** What an explanation on a terminal says once is not said again under "Also possible". */
import { expect, test } from 'vitest';
import { judgeReading } from '../../src/explain.ts';
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
