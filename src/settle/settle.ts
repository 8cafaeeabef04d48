/** Settle: from what we were told to what we test. Flags first, then the preset; discovery is asked only for what is still missing. */
import type { Service } from '../model/account.ts';
import type { Evidence, SettingEvidence } from '../model/evidence.ts';
import type { Preset } from '../model/preset.ts';
import type { Secret } from '../model/secret.ts';
import { type Protocol, type Security, type Source, STANDARD_PORTS } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { meantHost } from './meant.ts';
import { readAddress, readHost } from './names.ts';
import { nearest } from './near.ts';
import { endpointFor, loadPreset, presetForDomain, presetForHost, publishedHosts } from './presets.ts';

export interface Told {
  readonly protocol: Protocol;
  readonly address?: string;
  readonly host?: string;
  readonly port?: number;
  readonly security?: Security;
  readonly preset?: Preset;
  readonly user?: string;
  readonly secret?: Secret;
  readonly mechanism?: string;
  readonly from: readonly string[];
  readonly recipient?: string;
  readonly client?: string;
  readonly insecureAuth: boolean;
}

/** What a source of settings offers for one protocol. */
export interface Offer {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly source: Source;
  readonly authenticated: boolean;
  readonly user?: string;
  /** Whether a server of that protocol greeted there; absent where nobody asked. */
  readonly answers?: boolean;
  /** Nothing vouches for it: credentials go there only where the person says so. */
  readonly consent?: true;
}

export interface Settled {
  readonly service: Service;
  readonly preset: Preset | undefined;
  readonly consumer: Preset['fetch'];
  readonly evidence: readonly Evidence[];
}

/** True where the host has to be found first. */
export function needsDiscovery(told: Told): boolean {
  return told.host === undefined && presetOffer(told, presetOf(told)) === undefined;
}

/** The preset of a check: the one named, else the one of the address's domain, else the one that publishes the host. */
export function presetOf(told: Told): Preset | undefined {
  if (told.preset) return told.preset;
  const domain = told.address ? domainOf(told.address) : undefined;
  const own = domain ? presetForDomain(domain) : undefined;
  return (told.host ? presetForHost(told.host, own?.id)?.preset : undefined) ?? own;
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1);

function presetOffer(told: Told, preset: Preset | undefined): Offer | undefined {
  const domain = told.address ? domainOf(told.address) : undefined;
  const e =
    preset &&
    endpointFor(preset, told.protocol, { ...(domain ? { domain } : {}), ...(told.security ? { security: told.security } : {}) });
  return e && { protocol: e.protocol, host: e.host, port: e.port, security: e.security, source: 'preset', authenticated: true };
}

/** The security that a port stands for (RFC 8314); a port of no standard is taken for implicit TLS. */
export function securityOf(port: number): Security {
  if ([110, 143, 587, 25, 2525].includes(port)) return 'starttls';
  return 'tls';
}

const USUAL: Readonly<Record<Protocol, string>> = { pop3: 'pop', imap: 'imap', smtp: 'smtp' };

/**
 * @param offers what discovery found, best first; empty where it was not needed.
 * @returns the service with its settings as evidence. @throws UsageError where no host can be settled.
 */
export function settle(told: Told, offers: readonly Offer[] = []): Settled {
  const known = presetOf(told);
  const offer =
    told.host === undefined ? (presetOffer(told, known) ?? offers.find((o) => o.protocol === told.protocol)) : undefined;
  // A server that discovery found may be a known provider's: its rules hold then too.
  const preset = known ?? (offer ? presetForHost(offer.host)?.preset : undefined);
  const domain = told.address === undefined ? undefined : domainOf(told.address);
  // Where nothing is published the usual name is tried, so that the check itself says what is missing.
  const host = told.host ?? offer?.host ?? (preset || domain === undefined ? undefined : `${USUAL[told.protocol]}.${domain}`);
  if (host === undefined) {
    if (preset) throw new UsageError(`${preset.name} offers no ${told.protocol.toUpperCase()}; name another server with --host`);
    throw new UsageError('name the account or the server: mailcheck pop you@example.com, or --host pop.example.com');
  }
  const published =
    told.host !== undefined ? preset?.endpoints.filter((e) => e.host === host && e.protocol === told.protocol) : undefined;
  const matching = published?.find(
    (e) => (told.port === undefined || e.port === told.port) && (told.security === undefined || e.security === told.security),
  );
  const security: Security =
    told.security ??
    (told.port !== undefined ? (matching?.security ?? securityOf(told.port)) : (offer?.security ?? matching?.security ?? 'tls'));
  const standard = STANDARD_PORTS[told.protocol].find((s) => s.security === security) ?? STANDARD_PORTS[told.protocol][1];
  const offered = offer?.security === security ? offer.port : undefined;
  const port = told.port ?? offered ?? matching?.port ?? standard?.port ?? 0;
  const source: Source = told.host !== undefined ? 'flag' : (offer?.source ?? 'guess');
  const user = told.user ?? offer?.user ?? userOf(told.address, preset);
  const from = told.from.length > 0 ? told.from : told.address ? [told.address] : user?.includes('@') ? [user] : [];
  const self = told.address ?? (user?.includes('@') ? user : undefined) ?? from[0];
  const consumer = told.client === undefined ? undefined : consumerOf(told.client);
  const service: Service = {
    protocol: told.protocol,
    host,
    port,
    security,
    source,
    from,
    ...(user !== undefined ? { user } : {}),
    ...(self !== undefined ? { self } : {}),
    ...(told.secret ? { secret: told.secret } : {}),
    ...(told.mechanism ? { mechanism: told.mechanism } : {}),
    ...((told.recipient ?? self) ? { recipient: told.recipient ?? self ?? '' } : {}),
  };
  return { service, preset, consumer, evidence: remarks(told, service, preset, consumer, offer) };
}

/** The consumer that `--client` names. @throws UsageError with the nearest one. */
export function consumerOf(id: string): NonNullable<Preset['fetch']> {
  const preset = loadPreset(id.replace(/-fetch$/, ''));
  if (preset?.fetch?.client === id) return preset.fetch;
  throw new UsageError(`--client knows zoho-fetch; write --client zoho-fetch`);
}

function userOf(address: string | undefined, preset: Preset | undefined): string | undefined {
  if (address === undefined) return undefined;
  return preset?.user.form === 'local-part' ? address.slice(0, address.lastIndexOf('@')) : address;
}

function remarks(
  told: Told,
  service: Service,
  preset: Preset | undefined,
  consumer: Preset['fetch'],
  offer: Offer | undefined,
): Evidence[] {
  const out: SettingEvidence[] = [];
  const { protocol } = told;
  const add = (field: SettingEvidence['field'], value: string, from: Source, more: Partial<SettingEvidence> = {}) => {
    const authenticated = from === 'flag' || (offer?.authenticated ?? true);
    out.push({ kind: 'setting', stage: 'settings', protocol, field, value, from, authenticated, ...more });
  };
  if (told.address !== undefined) add('address', told.address, 'flag');
  if (preset) add('preset', preset.id, told.preset ? 'flag' : 'preset');
  add('host', service.host, service.source, offer?.consent ? { remark: 'needs-consent' } : hostRemark(told, service));
  // Of a server that was named, the rest comes from the provider that publishes it, or is what is usual.
  const published = preset?.endpoints.some(
    (e) => e.protocol === protocol && e.host === service.host && e.port === service.port && e.security === service.security,
  );
  const rest = told.host === undefined ? service.source : published ? 'preset' : 'guess';
  add('port', String(service.port), told.port !== undefined ? 'flag' : rest, portRemark(told, service, preset));
  add(
    'security',
    service.security,
    told.security !== undefined ? 'flag' : rest,
    service.security === 'none' ? { remark: 'plaintext' } : {},
  );
  if (service.user !== undefined)
    add(
      'user',
      service.user,
      told.user !== undefined || !preset
        ? offer?.user !== undefined && told.user === undefined
          ? offer.source
          : 'flag'
        : 'preset',
      userRemark(told, service.user, preset),
    );
  if (service.mechanism !== undefined) add('mechanism', service.mechanism, 'flag');
  if (told.insecureAuth) add('mechanism', '--insecure-auth', 'flag', { remark: 'insecure-auth' });
  if (told.client !== undefined) {
    // Consumers fetch by POP alone: of IMAP they use nothing, whatever its port.
    const wrong =
      consumer !== undefined &&
      (told.protocol === 'imap' || (told.protocol === 'pop3' && !consumer.ports.includes(service.port)));
    const ports = consumer?.ports.join(', ') ?? '';
    add(
      'client',
      told.client,
      'flag',
      wrong
        ? {
            remark: 'client-demands',
            instead: told.protocol === 'imap' ? `POP3 ${ports}` : ports,
            detail: told.protocol === 'imap' ? 'IMAP' : `port ${service.port}`,
          }
        : {},
    );
  }
  return out;
}

const near = new Map<string, string | undefined>();
/** Asked for every check of a batch, so each host is measured once. */
function nearPublished(host: string): string | undefined {
  if (!near.has(host)) {
    if (near.size > 10_000) near.clear();
    near.set(host, nearest(host, publishedHosts(), 2));
  }
  return near.get(host);
}

function hostRemark(told: Told, service: Service): Partial<SettingEvidence> {
  if (told.host === undefined) return {};
  const own = told.address ? presetForDomain(domainOf(told.address)) : undefined;
  const known = presetForHost(service.host, own?.id);
  if (known?.retired) return { remark: 'replaced-host', instead: known.retired.instead };
  if (known && own && known.preset.id !== own.id && !own.endpoints.some((e) => e.host === service.host)) {
    const right = endpointFor(own, told.protocol, { domain: domainOf(told.address ?? '') });
    return { remark: 'other-provider', detail: `${known.preset.name} / ${own.name}`, ...(right ? { instead: right.host } : {}) };
  }
  if (!known) {
    const near = (told.address ? meantHost(service.host, domainOf(told.address)) : undefined) ?? nearPublished(service.host);
    if (near !== undefined) return { remark: 'near-published-host', instead: near };
  }
  return {};
}

function portRemark(told: Told, service: Service, preset: Preset | undefined): Partial<SettingEvidence> {
  if (told.protocol === 'smtp' && service.port === 25) return { remark: 'port-25', instead: '465, 587' };
  const published = preset?.endpoints.filter((e) => e.host === service.host && e.protocol === told.protocol) ?? [];
  if (published.length > 0 && !published.some((e) => e.port === service.port && e.security === service.security))
    return { remark: 'unlike-preset', instead: published.map((e) => `${e.port} ${e.security}`).join(', ') };
  return {};
}

function userRemark(told: Told, user: string, preset: Preset | undefined): Partial<SettingEvidence> {
  if (user !== user.trim() || /\s/.test(user))
    return { remark: 'user-name-form', instead: user.trim().replace(/\s+/g, ''), detail: 'white space' };
  if (preset?.user.form === 'address' && !user.includes('@'))
    return { remark: 'user-name-form', ...(told.address ? { instead: told.address } : {}), detail: 'address' };
  if (preset?.user.form === 'local-part' && user.includes('@'))
    return { remark: 'user-name-form', instead: user.slice(0, user.lastIndexOf('@')), detail: 'local-part' };
  return {};
}

/** Reads and checks what the person typed for one service. @throws UsageError */
export function readTold(typed: Omit<Told, 'from'> & { readonly from?: readonly string[] }): Told {
  const address = typed.address === undefined ? undefined : readAddress(typed.address).text;
  const port = typed.port;
  if (port !== undefined && (!Number.isInteger(port) || port < 1 || port > 65_535))
    throw new UsageError('--port takes a number from 1 to 65535, such as 995');
  const user = typed.user;
  if (user !== undefined && /[\r\n\0]/.test(user)) throw new UsageError('--user must not hold a line break or NUL');
  if (user === '') throw new UsageError('--user is empty; write the name you log in with');
  return {
    ...typed,
    from: (typed.from ?? []).map((f) => readAddress(f, '--from').text),
    ...(address !== undefined ? { address } : {}),
    ...(typed.host !== undefined ? { host: readHost(typed.host) } : {}),
    ...(typed.recipient !== undefined ? { recipient: readAddress(typed.recipient, '--rcpt').text } : {}),
    ...(typed.mechanism !== undefined ? { mechanism: typed.mechanism.toUpperCase() } : {}),
  };
}
