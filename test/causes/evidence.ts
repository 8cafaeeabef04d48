/** Evidence as the probes and the reader give it, with what a test does not name filled in; and the verdict on it. */
import { judge } from '../../src/judge.ts';
import type { Cause } from '../../src/model/cause.ts';
import type {
  BreakEvidence,
  CapabilityEvidence,
  CertificateEvidence,
  CertificateFacts,
  CertificateProblem,
  ConnectEvidence,
  Control,
  Evidence,
  LookupEvidence,
  ProblemEvidence,
  ReplyEvidence,
  ServiceEvidence,
  SettingEvidence,
  TextEvidence,
  TlsEvidence,
  WithheldEvidence,
} from '../../src/model/evidence.ts';
import { factsOf } from '../../src/model/facts.ts';
import type { Protocol, StageName } from '../../src/model/terms.ts';

export const HOST = 'mail.example.test';
const V4 = '192.0.2.1';
const V6 = '2001:db8::1';

export const lookup = (outcome: LookupEvidence['outcome'], more: Partial<LookupEvidence> = {}): LookupEvidence => ({
  kind: 'lookup',
  stage: 'dns',
  host: HOST,
  type: 'A',
  resolver: 'system',
  outcome,
  records: outcome === 'answer' ? [V4] : [],
  ms: 1,
  ...more,
});

export const connect = (outcome: ConnectEvidence['outcome'], more: Partial<ConnectEvidence> = {}): ConnectEvidence => ({
  kind: 'connect',
  stage: 'connect',
  host: HOST,
  address: V4,
  family: 4,
  port: 993,
  outcome,
  ms: 1,
  ...more,
});
export const over6 = (outcome: ConnectEvidence['outcome'], more: Partial<ConnectEvidence> = {}) =>
  connect(outcome, { address: V6, family: 6, ...more });

export const tls = (failure: TlsEvidence['failure'] | undefined, more: Partial<TlsEvidence> = {}): TlsEvidence => ({
  kind: 'tls',
  stage: 'tls',
  host: HOST,
  address: V4,
  port: 993,
  mode: 'implicit',
  outcome: failure === undefined ? 'established' : 'failed',
  ...(failure === undefined ? { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } : { failure }),
  sni: HOST,
  ms: 1,
  ...more,
});

export const problem = (p: CertificateProblem, more: Partial<ProblemEvidence> = {}): ProblemEvidence => ({
  kind: 'problem',
  stage: 'certificate',
  problem: p,
  depth: 0,
  detail: p,
  host: HOST,
  ...more,
});

export const leaf = (more: Partial<CertificateFacts> = {}): CertificateFacts => ({
  subject: `CN=${HOST}`,
  issuer: 'CN=Lab',
  names: [`DNS:${HOST}`],
  namesTotal: 1,
  notBefore: '2024-01-01T00:00:00Z',
  notAfter: '2024-12-31T00:00:00Z',
  daysLeft: 100,
  serial: '01',
  keyType: 'EC',
  sha256: 'AA',
  selfIssued: false,
  selfSigned: false,
  ca: false,
  ...more,
});

export const certificate = (sent: readonly CertificateFacts[]): CertificateEvidence => ({
  kind: 'certificate',
  stage: 'certificate',
  host: HOST,
  address: V4,
  port: 993,
  sent,
  built: [],
  valid: false,
  identity: false,
  trusted: false,
});

export const reply = (stage: StageName, more: Partial<ReplyEvidence> = {}): ReplyEvidence => ({
  kind: 'reply',
  stage,
  channel: 'plain',
  command: '',
  status: 'no',
  text: '',
  lines: [],
  ...more,
});

export const broken = (stage: StageName, how: BreakEvidence['how'], more: Partial<BreakEvidence> = {}): BreakEvidence => ({
  kind: 'break',
  stage,
  how,
  command: '',
  detail: how,
  ...more,
});

export const capabilities = (items: readonly string[], more: Partial<CapabilityEvidence> = {}): CapabilityEvidence => ({
  kind: 'capabilities',
  stage: 'capabilities',
  channel: 'plain',
  items,
  mechanisms: [],
  total: items.length,
  ...more,
});

export const service = (speaks: ServiceEvidence['speaks'], more: Partial<ServiceEvidence> = {}): ServiceEvidence => ({
  kind: 'service',
  stage: 'greeting',
  speaks,
  expected: 'imap',
  firstLine: speaks,
  ...more,
});

export const setting = (
  field: SettingEvidence['field'],
  value: string,
  remark?: SettingEvidence['remark'],
  more: Partial<SettingEvidence> = {},
): SettingEvidence => ({
  kind: 'setting',
  stage: 'settings',
  field,
  value,
  from: 'flag',
  authenticated: true,
  ...(remark ? { remark } : {}),
  ...more,
});

export const withheld = (stage: StageName, why: WithheldEvidence['why'], detail = 'STARTTLS'): WithheldEvidence => ({
  kind: 'withheld',
  stage,
  why,
  detail,
});

export const text = (words: string, more: Partial<TextEvidence> = {}): TextEvidence => ({
  kind: 'text',
  stage: 'connect',
  text: words,
  origin: 'unknown',
  ...more,
});

/** The same fact, seen by a control probe. */
export const control = <E extends Evidence>(name: Control, e: E): E => ({ ...e, control: name });

export interface Verdict {
  readonly root: string | undefined;
  /** `id severity`, in order. */
  readonly findings: readonly string[];
  readonly certainty: string | undefined;
  readonly stage: string | undefined;
  readonly params: Readonly<Record<string, string | number>> | undefined;
  readonly alternatives: readonly string[];
}

/** @returns the verdict on evidence of a live check. */
export function live(list: readonly Cause[], evidence: readonly Evidence[], protocol: Protocol = 'imap'): Verdict {
  return verdict(list, evidence, { protocol });
}

/** The order of a session that is upgraded: the greeting comes before TLS. */
const UPGRADED: readonly StageName[] = [
  'settings',
  'dns',
  'connect',
  'greeting',
  'capabilities',
  'tls',
  'certificate',
  'auth',
  'mailbox',
];

/** @returns the verdict on evidence of a live check with STARTTLS. */
export function upgraded(list: readonly Cause[], evidence: readonly Evidence[], protocol: Protocol = 'imap'): Verdict {
  return verdict(list, evidence, { protocol, order: UPGRADED });
}

/** @returns the verdict on evidence read from pasted text; a string is one saying. */
export function pasted(list: readonly Cause[], given: string | readonly Evidence[], protocol?: Protocol): Verdict {
  const evidence = typeof given === 'string' ? [text(given)] : given;
  return verdict(list, evidence, { pasted: true, ...(protocol ? { protocol } : {}) });
}

function verdict(
  list: readonly Cause[],
  evidence: readonly Evidence[],
  options: { pasted?: boolean; protocol?: Protocol; order?: readonly StageName[] },
): Verdict {
  const { order, ...about } = options;
  const { root, findings } = judge(factsOf(evidence, about), list, order ? { order } : {});
  const [first] = findings;
  return {
    root: root?.cause.id,
    findings: findings.map((f) => `${f.cause.id} ${f.severity}`),
    certainty: first?.certainty,
    stage: first?.stage,
    params: first?.sighting.params,
    alternatives: first?.sighting.alternatives ?? [],
  };
}
