/** The lab's scenarios: one for each cause whose example can be served, and healthy servers; and the check command that meets each. */
import type { Cause, Serve } from '../model/cause.ts';
import { type Protocol, type Security, STANDARD_PORTS } from '../model/terms.ts';
import type { Running } from './server.ts';

export interface Scenario {
  /** The id of the cause, or `healthy-…`. */
  readonly name: string;
  readonly title: string;
  /** The cause that a check must give; null where nothing is wrong. */
  readonly expect: string | null;
  readonly serve: Serve;
}

/** Variables that hold the lab's secrets, so that none stands in a command. */
export const PASSWORD_VARIABLE = 'MAILCHECK_LAB_PASSWORD';
export const TOKEN_VARIABLE = 'MAILCHECK_LAB_TOKEN';

const HEALTHY: readonly Scenario[] = [
  healthy('healthy-pop', 'A healthy POP3 server, implicit TLS', { protocol: 'pop3' }),
  healthy('healthy-imap', 'A healthy IMAP server, implicit TLS', { protocol: 'imap' }),
  healthy('healthy-smtp', 'A healthy submission server, implicit TLS', { protocol: 'smtp' }),
  healthy('healthy-pop-stls', 'A healthy POP3 server, STLS', { protocol: 'pop3', security: 'starttls' }),
  healthy('healthy-imap-starttls', 'A healthy IMAP server, STARTTLS', { protocol: 'imap', security: 'starttls' }),
  healthy('healthy-smtp-starttls', 'A healthy submission server, STARTTLS', { protocol: 'smtp', security: 'starttls' }),
];

function healthy(name: string, title: string, serve: Serve): Scenario {
  return { name, title, expect: null, serve };
}

/** @returns the healthy ones first, then the catalogue's in its order. */
export function scenarios(catalogue: readonly Cause[]): readonly Scenario[] {
  const faulty = catalogue.flatMap((cause): Scenario[] => {
    const { serve } = cause.example;
    return serve ? [{ name: cause.id, title: cause.words.title, expect: cause.id, serve }] : [];
  });
  return [...HEALTHY, ...faulty];
}

const COMMANDS: Readonly<Record<Protocol, string>> = { pop3: 'pop', imap: 'imap', smtp: 'smtp' };

/** @returns the arguments of the `mailcheck` command that meets the scenario, one word each. */
export function checkCommand(scenario: Scenario, running: Running): readonly string[] {
  const { serve } = scenario;
  const given = serve.client?.args ?? [];
  const words: string[] = [COMMANDS[serve.protocol], running.mail];
  const flag = (name: string, value: string) => {
    // What the scenario says itself goes before what follows from it.
    if (!given.some((g) => g === name || g.startsWith(`${name}=`))) words.push(name, value);
  };
  // A misspelled domain is met by settling from the address alone.
  if (!(serve.dns === 'near-name' && serve.client?.address !== undefined && serve.client.host === undefined)) {
    flag('--host', running.host);
    flag('--port', String(running.byName ? running.port : standardPort(serve.protocol, running.security)));
    flag('--security', running.security);
    if (!running.byName) flag('--connect-to', place(running.address, running.port));
  }
  flag('--resolver', running.resolver);
  flag('--ca-file', running.caFile);
  if (running.user !== running.mail) flag('--user', running.user);
  if (serve.client?.from !== undefined) flag('--from', serve.client.from);
  if (takesToken(given)) flag('--token-env', TOKEN_VARIABLE);
  else if (!given.some((g) => /^--(password|token)-/.test(g))) flag('--password-env', PASSWORD_VARIABLE);
  return [...words, ...given];
}

/** @returns what the environment of that command must hold. */
export function checkEnvironment(running: Running): Readonly<Record<string, string>> {
  return { [PASSWORD_VARIABLE]: running.password, [TOKEN_VARIABLE]: running.token };
}

const place = (address: string, port: number) => `${address.includes(':') ? `[${address}]` : address}:${port}`;

function standardPort(protocol: Protocol, security: Security): number {
  const wanted = security === 'tls' ? 'tls' : 'starttls';
  return STANDARD_PORTS[protocol].find((p) => p.security === wanted)?.port ?? 0;
}

function takesToken(args: readonly string[]): boolean {
  const at = args.indexOf('--mechanism');
  return /^(XOAUTH2|OAUTHBEARER)$/i.test(
    (at >= 0 ? args[at + 1] : args.find((a) => a.startsWith('--mechanism='))?.slice(12)) ?? '',
  );
}
