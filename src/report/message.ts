/** The ready message to whoever must act: the provider, an administrator, the network's owner. English, and the report's language. */
import type { Check, Finding } from '../model/diagnosis.ts';
import type { Words } from '../model/words.ts';
import { capped } from './escape.ts';
import { place, proofOf } from './proof.ts';
import { count, say } from './say.ts';

export interface MessageInput {
  readonly check: Check;
  /** The root finding, worded in the language of `words`. */
  readonly finding: Finding;
  readonly address: string | null;
  readonly startedAt: Date;
  readonly version: string;
  readonly words: Words;
}

/** @returns the message; undefined where it is the person's own to mend. */
export function messageFor(input: MessageInput): string | undefined {
  const { check, finding, words, address, startedAt, version } = input;
  if (finding.owner === 'you') return undefined;
  const { service } = check;
  const addresses = [
    ...new Set(check.evidence.flatMap((e) => (e.kind === 'connect' && e.control === undefined ? [e.address] : []))),
  ];
  const holes = {
    time: `${startedAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    protocol: service.protocol,
    place: place(service.host, service.port),
    security: service.security,
    stage: finding.stage,
    title: finding.title,
    cause: finding.cause,
    account: capped(address ?? service.user ?? '', 300),
    addresses: addresses.join(', '),
    version,
  };
  const who = address ?? service.user;
  const lines = [
    say(words, `message.to.${finding.owner}`),
    '',
    say(words, who === undefined ? 'message.what' : 'message.what-account', holes),
    say(words, finding.certainty === 'proven' ? 'message.cause' : 'message.cause-likely', holes),
    ...(addresses.length > 0 ? [count(words, 'message.addresses', addresses.length, holes)] : []),
    '',
    say(words, 'message.evidence'),
    ...finding.evidence.slice(0, 6).flatMap((e) => quoted(capped(e, 600))),
    ...others(check, finding, words),
    ...route(check, words),
    '',
    say(words, 'message.ask'),
    say(words, 'message.by', holes),
  ];
  return lines.join('\n');
}

const quoted = (text: string) => text.split('\n').map((line) => `> ${line}`);

/** What the separating tests saw is what support asks for next. */
function others(check: Check, finding: Finding, words: Words): string[] {
  const controls = check.evidence
    .filter((e) => e.control !== undefined && e.kind !== 'route')
    .map(proofOf)
    .filter((p) => !finding.evidence.includes(p));
  if (controls.length === 0) return [];
  return ['', say(words, 'message.controls'), ...controls.slice(0, 8).flatMap((c) => quoted(capped(c, 300)))];
}

/** Providers' support asks for the route where the server cannot be reached. */
function route(check: Check, words: Words): string[] {
  const trace = check.evidence.find((e) => e.kind === 'route' && e.lines.length > 0);
  return trace ? ['', say(words, 'message.route'), ...quoted(capped(proofOf(trace), 4000))] : [];
}
