/** SARIF 2.1.0 (OASIS): one rule per cause, one result per finding; the place is the service. */
import type { Finding, Report } from '../model/diagnosis.ts';
import type { Reporter } from '../model/reporter.ts';
import type { Severity } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { forJson, oneLine, safeLines } from '../report/escape.ts';
import { checksOf, type Placed, runDocument, uncheckedOf } from '../report/group.ts';
import { say } from '../report/say.ts';
import { endpointOf, expected } from './view.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { error: 'error', warning: 'warning', notice: 'note' };

/** Viewers show messages as plain text, but some are terminals. */
const text = (t: string) => safeLines(t).join('\n');

export const sarif: Reporter = {
  format: 'sarif',
  render: (reports, words) => `${forJson(logOf(reports, words))}\n`,
};

function logOf(reports: readonly Report[], words: Words): unknown {
  const placed = checksOf(reports);
  const unmet = placed.filter((p) => p.report.expectation?.met === false);
  const notices = uncheckedOf(reports).flatMap((r) => r.warnings ?? []);
  // SARIF 3.27.23: all results of a run have suppressions, or none has.
  const accepting = placed.some(({ report }) => report.expectation?.met === true || (report.allowed ?? []).length > 0);
  const found = placed.flatMap((p) => p.check.findings.map((finding) => ({ ...p, finding })));
  const rules = new Map<string, Finding>();
  for (const { finding } of found) if (!rules.has(finding.cause)) rules.set(finding.cause, finding);
  const ids = [...rules.keys()];
  const { startedAt, durationMs, tool, verdict } = runDocument(reports);
  const end = startedAt === null ? null : new Date(Date.parse(startedAt) + durationMs).toISOString();
  const version = tool?.version ?? '0.0.0';
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mailcheck',
            version,
            semanticVersion: version,
            rules: [...[...rules.values()].map(ruleOf), ...(unmet.length > 0 ? [expectationRule(words)] : [])],
          },
          ...(tool?.plugins && tool.plugins.length > 0
            ? {
                extensions: tool.plugins.map((p) => ({
                  name: p.name,
                  version: p.version,
                  properties: { linked: p.linked === true },
                })),
              }
            : {}),
        },
        language: reports[0]?.language ?? 'en',
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: verdict !== 'inconclusive',
            ...(startedAt === null || end === null ? {} : { startTimeUtc: startedAt, endTimeUtc: end }),
            ...(notices.length > 0
              ? { toolConfigurationNotifications: notices.map((n) => ({ level: 'error', message: { text: text(n) } })) }
              : {}),
          },
        ],
        results: [
          ...found.map(({ finding, ...p }) => resultOf(finding, p, ids.indexOf(finding.cause), words)),
          ...unmet.map((p) => unmetOf(p, ids.length, words)),
        ].map((r) => (accepting ? { suppressions: [], ...r } : r)),
        properties: { verdict },
      },
    ],
  };
}

/** The rule's words are those of its first finding here: holes are filled, since SARIF has no place for ours. */
function ruleOf(f: Finding): unknown {
  const [link] = f.links;
  const steps = f.fix.map((s, i) => `${i + 1}. ${text(s)}`).join('\n');
  return {
    id: f.cause,
    name: pascal(f.cause),
    shortDescription: { text: text(f.title) },
    fullDescription: { text: text(f.meaning) },
    ...(steps === '' ? {} : { help: { text: steps } }),
    ...(link && /^https?:/.test(link.url) ? { helpUri: link.url } : {}),
    defaultConfiguration: { level: LEVELS[f.severity] },
    properties: { category: f.category, tags: ['mail', f.category] },
  };
}

const pascal = (id: string) => id.replace(/(?:^|[.-])([a-z0-9])/gi, (_, c: string) => c.toUpperCase());

/** In place of a cause: what a run's configuration expects did not come. */
const EXPECTATION = 'run.expectation';
const expectationRule = (words: Words) => ({
  id: EXPECTATION,
  name: pascal(EXPECTATION),
  shortDescription: { text: say(words, 'expect.rule') },
  fullDescription: { text: say(words, 'expect.rule-meaning') },
  defaultConfiguration: { level: 'error' },
  properties: { category: 'settings', tags: ['mail', 'settings'] },
});

function unmetOf({ report, check }: Placed, ruleIndex: number, words: Words): object {
  return {
    ruleId: EXPECTATION,
    ruleIndex,
    kind: 'fail',
    level: 'error',
    message: { text: text(expected(report, words).join(' ')) },
    ...whereOf({ report, check }, EXPECTATION),
    properties: { account: report.account.address, ...report.expectation },
  };
}

function resultOf(f: Finding, { report, check }: Placed, ruleIndex: number, words: Words): object {
  const proof = f.evidence.length > 0 ? [f.evidence.map(text).join('\n')] : [];
  const steps = f.fix.map((s, i) => `${i + 1}. ${text(s)}`).join('\n');
  // What the configuration expects or allows stays visible, and viewers know that it was accepted.
  const accepted = report.expectation?.met === true || report.allowed?.includes(f.cause) === true;
  return {
    ruleId: f.cause,
    ruleIndex,
    kind: 'fail',
    level: LEVELS[f.severity],
    message: { text: [`${text(f.title)}. ${text(f.meaning)}`, ...(steps === '' ? [] : [steps]), ...proof].join('\n\n') },
    ...(accepted
      ? { suppressions: [{ kind: 'external', status: 'accepted', justification: text(expected(report, words).join(' ')) }] }
      : {}),
    ...whereOf({ report, check }, f.cause),
    properties: {
      stage: f.stage,
      category: f.category,
      certainty: f.certainty,
      owner: f.owner,
      root: f.cause === check.cause,
      security: check.endpoint.security,
      account: report.account.address,
      evidence: f.evidence,
      fix: f.fix,
      alternatives: f.alternatives,
      links: f.links,
    },
  };
}

function whereOf({ report, check }: Placed, cause: string): object {
  const { protocol, endpoint } = check;
  const where = endpointOf(check);
  return {
    locations: [
      {
        // Code scanning wants a file: the service's path stands for it.
        physicalLocation: {
          artifactLocation: { uri: [protocol, endpoint.host, String(endpoint.port)].map(segment).join('/') },
          region: { startLine: 1 },
        },
        logicalLocations: [{ name: oneLine(where), fullyQualifiedName: oneLine(`${protocol}://${where}`), kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'mailcheck/v1': oneLine([cause, protocol, where, report.account.address ?? ''].join(' ')) },
  };
}

/** One segment of a URI path; a lone surrogate cannot be encoded. */
const segment = (s: string) => encodeURIComponent(s.replace(/\p{Cs}/gu, '\ufffd'));
