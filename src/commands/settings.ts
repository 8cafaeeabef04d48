/** From parsed flags to what a check needs: validated numbers, files and places. Every refusal is one line that says what to write. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { CheckOptions } from '../model/account.ts';
import type { StageName } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import type { NetOptions } from '../net/net.ts';
import { readHost } from '../settle/names.ts';

export interface NetworkFlags {
  readonly 'connect-to'?: string | undefined;
  readonly resolver?: string | undefined;
  readonly 'compare-resolver'?: string | undefined;
  readonly 'ca-file'?: string | undefined;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly proxy?: string | undefined;
  readonly 'control-probes'?: boolean;
  readonly 'control-host'?: string | undefined;
  readonly 'check-revocation'?: boolean;
  readonly 'trace-route'?: boolean;
  readonly 'allow-private'?: boolean;
  readonly domain?: boolean;
  readonly 'dkim-selector'?: string | undefined;
  readonly timeout?: string | undefined;
  readonly until?: string | undefined;
  readonly transcript?: boolean;
  readonly 'insecure-auth'?: boolean;
  readonly client?: string | undefined;
  readonly send?: boolean;
  readonly arrival?: boolean;
}

export function optionsOf(flags: NetworkFlags): CheckOptions {
  return {
    ...(flags.until ? { until: flags.until as StageName } : {}),
    send: flags.send ?? false,
    arrival: flags.arrival ?? false,
    insecureAuth: flags['insecure-auth'] ?? false,
    controlProbes: flags['control-probes'] ?? true,
    ...(flags['control-host'] ? { controlHost: readHost(flags['control-host'], '--control-host') } : {}),
    checkRevocation: flags['check-revocation'] ?? false,
    ...(flags['compare-resolver'] ? { compareResolver: resolverOf(flags['compare-resolver'], '--compare-resolver') } : {}),
    traceRoute: flags['trace-route'] ?? false,
    ...(flags.client ? { client: flags.client } : {}),
    ...(flags.domain ? { domain: true } : {}),
    ...(flags['dkim-selector'] ? { dkimSelector: selectorOf(flags['dkim-selector']) } : {}),
    timeoutMs: timeoutOf(flags.timeout ?? '10'),
  };
}

export function netOptionsOf(flags: NetworkFlags): Omit<NetOptions, 'signal' | 'secrets' | 'users'> {
  const connectTo = flags['connect-to'] === undefined ? undefined : placeOf(flags['connect-to'], '--connect-to');
  return {
    families: flags.ipv4 ? [4] : flags.ipv6 ? [6] : [4, 6],
    ...(flags.resolver ? { resolver: resolverOf(flags.resolver, '--resolver') } : {}),
    ...(connectTo ? { connectTo } : {}),
    ...(flags['ca-file'] ? { ca: caOf(flags['ca-file']) } : {}),
    ...(flags.proxy ? { proxy: proxyOf(flags.proxy) } : {}),
    ...(flags['allow-private'] ? { allowPrivate: true } : {}),
    transcript: true,
    env: process.env,
  };
}

/** Labels between dots (RFC 6376 §3.1). */
function selectorOf(typed: string): string {
  if (typed.length > 200 || !/^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_-]{1,63})*$/.test(typed))
    throw new UsageError('--dkim-selector takes the name of a selector such as s1, without ._domainkey and the domain');
  return typed.toLowerCase();
}

function timeoutOf(typed: string): number {
  const seconds = /^\d{1,5}(\.\d{1,3})?$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(seconds > 0) || seconds > 3600)
    throw new UsageError('--timeout takes seconds per stage, more than 0 and at most 3600, such as 10');
  return Math.round(seconds * 1000);
}

export function portOf(typed: string | undefined, what = '--port'): number | undefined {
  if (typed === undefined) return undefined;
  const port = /^\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(port >= 1 && port <= 65_535)) throw new UsageError(`${what} takes a number from 1 to 65535, such as 995`);
  return port;
}

/** `HOST`, `HOST:PORT`, `IPv6`, `[IPv6]:PORT`. */
function placeOf(typed: string, what: string): { host: string; port?: number } {
  const m =
    /^\[([^\]]+)\](?::(\d{1,6}))?$/.exec(typed) ?? (isIP(typed) ? [typed, typed] : /^([^:]+)(?::(\d{1,6}))?$/.exec(typed));
  if (!m) throw new UsageError(`${what} takes HOST or HOST:PORT, with an IPv6 address in brackets: [::1]:995`);
  const port = portOf(m[2], `the port of ${what}`);
  return { host: readHost(m[1] ?? '', what), ...(port !== undefined ? { port } : {}) };
}

/** Where it is no place at all, the host is empty. */
function serverOf(typed: string): { readonly host: string; readonly port?: number } {
  try {
    return placeOf(typed, '');
  } catch {
    return { host: '' };
  }
}

function resolverOf(typed: string, what: string): string {
  if (/^https:\/\/[^\s@]+$/.test(typed) && URL.canParse(typed)) return typed;
  const { host, port } = serverOf(typed);
  if (!isIP(host))
    throw new UsageError(
      `${what} takes the IP address of a DNS server, such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353, or an https URL`,
    );
  return isIP(host) === 6 ? `[${host}]:${port ?? 53}` : `${host}:${port ?? 53}`;
}

function caOf(path: string): string {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `--ca-file cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'}); check its path`,
    );
  }
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]{1,200000}-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0)
    throw new UsageError('--ca-file holds no PEM certificate; it must have a block "-----BEGIN CERTIFICATE-----"');
  for (const block of blocks) {
    try {
      new X509Certificate(block);
    } catch {
      throw new UsageError('--ca-file holds a certificate that cannot be read; export it again as PEM');
    }
  }
  return blocks.join('\n');
}

function proxyOf(typed: string): string {
  if (!/^(socks5|socks5h|http):\/\/[^\s]+$/.test(typed) || !URL.canParse(typed) || new URL(typed).port === '0')
    throw new UsageError('--proxy takes a URL such as socks5://127.0.0.1:1080 or http://proxy.example:3128');
  return typed;
}
