/** Prometheus text exposition (0.0.4) for the node exporter's textfile collector; names beside those of the blackbox exporter. */
import type { Report, ReportCheck } from '../model/diagnosis.ts';
import type { Reporter } from '../model/reporter.ts';
import type { Words } from '../model/words.ts';
import { oneLine } from '../report/escape.ts';
import { checksOf, uncheckedOf, verdictOf } from '../report/group.ts';
import { say } from '../report/say.ts';

type Labels = Readonly<Record<string, string>>;
interface Sample {
  readonly labels: Labels;
  readonly value: number;
}
interface Family {
  readonly name: string;
  readonly help: Parameters<typeof say>[1];
  readonly samples: (report: Report, check: ReportCheck) => readonly Sample[];
}

const identity = ({ account, key }: Report, { protocol, endpoint }: ReportCheck): Labels => ({
  account: account.address ?? '',
  ...(key === undefined ? {} : { key }),
  protocol,
  host: endpoint.host,
  port: String(endpoint.port),
  security: endpoint.security,
});

/** A sample for this check, where there is a value. */
const one = (report: Report, check: ReportCheck, value: number | undefined, more: Labels = {}): readonly Sample[] =>
  value === undefined || Number.isNaN(value) ? [] : [{ labels: { ...identity(report, check), ...more }, value }];

const total = (c: ReportCheck) => (c.durationMs ?? c.stages.reduce((t, s) => t + s.durationMs, 0)) / 1000;
const success = (r: Report, c: ReportCheck) => (['pass', 'warn'].includes(verdictOf(r, c)) ? 1 : 0);

/** Earliest end of validity in the chain, Unix seconds: what expires first breaks the chain. */
function earliestEnd(check: ReportCheck): number | undefined {
  const ends = (check.facts.certificates ?? []).map((c) => Date.parse(String(c.notAfter))).filter((t) => !Number.isNaN(t));
  return ends.length > 0 ? Math.floor(Math.min(...ends) / 1000) : undefined;
}

const stageSeconds = (check: ReportCheck, stage: string) => {
  const found = check.stages.find((s) => s.stage === stage && s.status !== 'skipped');
  return found === undefined ? undefined : found.durationMs / 1000;
};

const messages = (check: ReportCheck) => {
  const n = check.facts.mailbox?.messages;
  return typeof n === 'number' ? n : undefined;
};

const family = (check: ReportCheck): number | undefined => {
  const open = check.facts.addresses?.find((a) => a.outcome === 'open');
  return open === undefined ? undefined : open.address.includes(':') ? 6 : 4;
};

const version = (check: ReportCheck): Labels | undefined => {
  const v = check.facts.tls?.version;
  return typeof v === 'string' ? { version: v.replace(/^TLSv(\d)(?:\.(\d))?$/, 'TLS $1.$2') } : undefined;
};

const FAMILIES: readonly Family[] = [
  { name: 'mailcheck_success', help: 'prometheus.success', samples: (r, c) => one(r, c, success(r, c)) },
  {
    name: 'mailcheck_verdict',
    help: 'prometheus.verdict',
    samples: (r, c) =>
      (['pass', 'warn', 'fail', 'inconclusive'] as const).flatMap((v) =>
        one(r, c, verdictOf(r, c) === v ? 1 : 0, { verdict: v }),
      ),
  },
  { name: 'mailcheck_duration_seconds', help: 'prometheus.duration', samples: (r, c) => one(r, c, total(c)) },
  {
    name: 'mailcheck_stage_duration_seconds',
    help: 'prometheus.stage-duration',
    samples: (r, c) =>
      c.stages.filter((s) => s.status !== 'skipped').flatMap((s) => one(r, c, s.durationMs / 1000, { stage: s.stage })),
  },
  {
    name: 'mailcheck_stage_status',
    help: 'prometheus.stage-status',
    samples: (r, c) => c.stages.flatMap((s) => one(r, c, 1, { stage: s.stage, status: s.status })),
  },
  {
    name: 'mailcheck_cause_info',
    help: 'prometheus.cause',
    samples: (r, c) =>
      c.findings.flatMap((f) =>
        one(r, c, 1, {
          cause: f.cause,
          category: f.category,
          severity: f.severity,
          certainty: f.certainty,
          owner: f.owner,
          root: String(f.cause === c.cause),
        }),
      ),
  },
  {
    name: 'mailcheck_expectation_met',
    help: 'prometheus.expectation',
    samples: (r, c) => one(r, c, r.expectation === undefined ? undefined : Number(r.expectation.met)),
  },
  {
    name: 'mailcheck_certificate_not_after_timestamp_seconds',
    help: 'prometheus.not-after',
    samples: (r, c) => one(r, c, earliestEnd(c)),
  },
  { name: 'mailcheck_mailbox_messages', help: 'prometheus.messages', samples: (r, c) => one(r, c, messages(c)) },
  {
    name: 'mailcheck_last_check_timestamp_seconds',
    help: 'prometheus.last',
    samples: (r, c) => one(r, c, Math.floor(Date.parse(r.startedAt) / 1000)),
  },
  { name: 'probe_success', help: 'prometheus.success', samples: (r, c) => one(r, c, success(r, c)) },
  { name: 'probe_duration_seconds', help: 'prometheus.duration', samples: (r, c) => one(r, c, total(c)) },
  { name: 'probe_dns_lookup_time_seconds', help: 'prometheus.dns', samples: (r, c) => one(r, c, stageSeconds(c, 'dns')) },
  { name: 'probe_ip_protocol', help: 'prometheus.ip', samples: (r, c) => one(r, c, family(c)) },
  { name: 'probe_ssl_earliest_cert_expiry', help: 'prometheus.not-after', samples: (r, c) => one(r, c, earliestEnd(c)) },
  {
    name: 'probe_tls_version_info',
    help: 'prometheus.tls-version',
    samples: (r, c) => {
      const v = version(c);
      return v ? one(r, c, 1, v) : [];
    },
  },
];

/** A label's value: backslash, quote and newline are escaped by the format, the rest shown as everywhere. */
const quoted = (value: string) => `"${oneLine(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const helpText = (text: string) => oneLine(text).replaceAll('\\', '\\\\');

function lines({ name, help, samples }: Family, reports: readonly Report[], words: Words): string[] {
  // The same account listed twice would be a duplicate series, which the format forbids: the later one counts.
  const series = new Map<string, number>();
  const add = (s: Sample) =>
    series.set(
      Object.entries(s.labels)
        .map(([k, v]) => `${k}=${quoted(v)}`)
        .join(','),
      s.value,
    );
  for (const { report, check } of checksOf(reports)) for (const s of samples(report, check)) add(s);
  // An account that could not be checked must not vanish from an alert.
  if (name === 'mailcheck_success')
    for (const { account, key } of uncheckedOf(reports))
      add({ labels: { account: account.address ?? '', ...(key === undefined ? {} : { key }) }, value: 0 });
  if (series.size === 0) return [];
  const head = [`# HELP ${name} ${helpText(say(words, help))}`, `# TYPE ${name} gauge`];
  return [...head, ...[...series].map(([labels, value]) => `${name}{${labels}} ${value}`)];
}

export const prometheus: Reporter = {
  format: 'prometheus',
  render: (reports, words) =>
    FAMILIES.flatMap((f) => lines(f, reports, words))
      .map((line) => `${line}\n`)
      .join(''),
};
