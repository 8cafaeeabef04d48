/** Values of mailcheck.yaml that are words of a list, addresses, servers: read with their place. */
import type { Protocol, Security, StageName } from '../model/terms.ts';
import { STAGES } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { readAddress, readHost } from '../settle/names.ts';
import { nearest } from '../settle/near.ts';
import { readCause, readExpectation } from './expectation.ts';
import { shown } from './shown.ts';
import { type ACCOUNT, ENDPOINT, type FLAT, SECURITIES } from './vocabulary.ts';
import { type Endpoint, PROTOCOLS } from './wishes.ts';
import { fields, type Node, numberOf, plainOf, type Reading, textOf, textsOf } from './yaml.ts';

/** What ids may be named. */
export interface Known {
  readonly causes: readonly string[];
  readonly presets: readonly string[];
  readonly mechanisms: readonly string[];
}

export interface Context extends Reading {
  readonly known: Known;
  readonly inline: string[];
}

export type Key = (typeof ACCOUNT)[number] | (typeof FLAT)[number];
export type Fields = ReturnType<typeof fields<Key>>;

/** Runs a reader that knows no places, and adds the place to what it refuses. */
export function placed<T>(at: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${at}: ${error.message}`);
    throw error;
  }
}

export const addressOf = (c: Context, n: Node, what = 'address') =>
  placed(c.spot(n), () => readAddress(textOf(c, n, what), what).text);

/** `host`, `port` and `security` as the flags have them, after `prefix`. */
export function flatOf(c: Context, f: Fields, prefix: '' | 'pop-' | 'imap-' | 'smtp-'): Endpoint | undefined {
  const [host, port, security] = [f.get(`${prefix}host`), f.get(`${prefix}port`), f.get(`${prefix}security`)];
  if (!host && !port && !security) return undefined;
  return {
    ...(host ? placeOf(c, host, `${prefix}host`, textOf(c, host, 'host')) : {}),
    ...(port ? { port: numberOf(c, port, `${prefix}port`, 1, 65_535) } : {}),
    ...(security ? { security: securityOf(c, security) } : {}),
  };
}

export function endpointOf(c: Context, node: Node, what: string): Endpoint {
  const plain = plainOf(c, node);
  // `imap: true` and `imap: imap.example.com` mean what they seem to mean.
  if (plain === 'true') return {};
  if (plain === 'false') return c.fail(node, `leave "${what}:" out, or list what to check under "checks:"`);
  if (plain !== undefined) return placeOf(c, node, what, plain);
  const f = fields(c, node, ENDPOINT, what);
  const [host, port, security, expect, allow] = ENDPOINT.map((k) => f.get(k));
  return {
    ...(host ? placeOf(c, host, 'host', textOf(c, host, 'host')) : {}),
    ...(port ? { port: numberOf(c, port, 'port', 1, 65_535) } : {}),
    ...(security ? { security: securityOf(c, security) } : {}),
    ...(expect ? { expect: expectationOf(c, expect) } : {}),
    ...(allow ? { allow: allowedOf(c, allow) } : {}),
  };
}

/** `imap.example.com`, and `imap.example.com:993` since people write it so. */
function placeOf(c: Context, node: Node, what: string, typed: string): Endpoint {
  const split = /^([^:[\]]{1,255}):(\d{1,5})$/.exec(typed);
  const port = split ? Number(split[2]) : undefined;
  if (port !== undefined && (port < 1 || port > 65_535)) c.fail(node, 'a port is a number from 1 to 65535');
  const host = placed(c.spot(node), () => readHost(split?.[1] ?? typed, what));
  return { host, ...(port === undefined ? {} : { port }) };
}

function securityOf(c: Context, node: Node): Security {
  const typed = textOf(c, node, 'security').toLowerCase();
  const found = SECURITIES.find((s) => s === typed);
  if (found) return found;
  const meant = /^(ssl|ssl\/tls|implicit|smtps|imaps|pop3s)$/.test(typed)
    ? 'tls'
    : /^(stls|start-tls|explicit|upgrade)$/.test(typed)
      ? 'starttls'
      : undefined;
  return c.fail(node, `security takes tls, starttls or none${meant === undefined ? '' : `; did you mean "${meant}"?`}`);
}

export function protocolOf(c: Context, node: Node, typed: string): Protocol {
  const found = PROTOCOLS[typed.toLowerCase()];
  if (found) return found;
  const near = nearest(typed, Object.keys(PROTOCOLS), 2);
  return c.fail(
    node,
    `checks knows pop, imap and smtp, not "${shown(typed)}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
  );
}

export function stageOf(c: Context, node: Node): StageName {
  const typed = textOf(c, node, 'until').toLowerCase();
  const found = STAGES.find((s) => s === typed);
  return found ?? c.fail(node, `until takes a stage: ${STAGES.join(', ')}`);
}

export function knownWord(c: Context, node: Node, what: string, known: readonly string[], hint: string): string {
  const typed = textOf(c, node, what);
  const found = known.find((k) => k.toLowerCase() === typed.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(typed, known, 3);
  return c.fail(node, `there is no ${what} "${shown(typed)}"; ${near === undefined ? hint : `did you mean "${near}"?`}`);
}

export const allowedOf = (c: Context, node: Node) =>
  textsOf(c, node, 'allow').map((id) => placed(c.spot(node), () => readCause(id, c.known.causes)));

export const expectationOf = (c: Context, node: Node) =>
  placed(c.spot(node), () => readExpectation(textOf(c, node, 'expect'), c.known.causes));
