/** Guessing, last: the usual names on the standard ports, by connections that say nothing secret. */
import type { SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import { type Protocol, STANDARD_PORTS } from '../model/terms.ts';
import { type Asked, found, saidNothing } from './sources.ts';

const NAMES: Readonly<Record<Protocol, readonly string[]>> = {
  pop3: ['pop', 'pop3', 'mail'],
  imap: ['imap', 'mail'],
  smtp: ['smtp', 'mail'],
};
/** Addresses of one name that are tried. */
const MAX_ADDRESSES = 4;

/** The names that are tried for a protocol. */
export const usualNames = (protocol: Protocol, domain: string): readonly string[] => NAMES[protocol].map((n) => `${n}.${domain}`);

export async function askGuess(domain: string, net: Net, protocols: readonly Protocol[]): Promise<Asked> {
  const names = [...new Set(protocols.flatMap((p) => usualNames(p, domain)))];
  const known = new Map(await Promise.all(names.map(async (n) => [n, await net.addresses(n)] as const)));
  const sources = await Promise.all(protocols.map((p) => guessOne(p, domain, net, known)));
  return {
    sources,
    lookups: [...known.values()].flatMap((k) =>
      k.lookups.map((l) => ({ ...l, stage: 'settings' as const, control: 'other-host' as const })),
    ),
  };
}

async function guessOne(
  protocol: Protocol,
  domain: string,
  net: Net,
  known: ReadonlyMap<string, { readonly addresses: readonly string[] }>,
): Promise<SourceEvidence> {
  const begun = net.now();
  const names = usualNames(protocol, domain);
  const tries = names.flatMap((host) => STANDARD_PORTS[protocol].map((e) => ({ protocol, host, ...e })));
  const opened = await Promise.all(tries.map((t) => answersAt(net, t, known.get(t.host)?.addresses ?? [])));
  const offers = tries.filter((_, i) => opened[i]).map((t) => ({ ...t, answers: true }));
  const where = names.join(', ');
  const ms = net.now() - begun;
  return offers.length > 0 ? found('guess', where, offers, false, ms) : saidNothing('guess', where, 'nothing', ms);
}

type Place = Omit<SourceEvidence['offers'][number], 'user' | 'answers'>;

/** True where a server of that protocol greets at one of these addresses. Nothing is said to it but the handshake of TLS. */
export async function answersAt(net: Net, offer: Place, addresses: readonly string[]): Promise<boolean> {
  const tried = addresses.slice(0, MAX_ADDRESSES).map((address) => answers(net, offer, address));
  return await new Promise((resolve) => {
    let left = tried.length;
    if (left === 0) resolve(false);
    for (const t of tried)
      void t.then((yes) => {
        left -= 1;
        if (yes || left === 0) resolve(yes);
      });
  });
}

const GREETS: Readonly<Record<Protocol, RegExp>> = { smtp: /^220[ -]/, pop3: /^\+OK/i, imap: /^\* (?:OK|PREAUTH)/i };

async function answers(net: Net, offer: Place, address: string): Promise<boolean> {
  const { line } = await net.connect({ ...offer, address, control: 'other-host' });
  if (!line) return false;
  try {
    if (offer.security === 'tls') {
      const secured = await line.secure({ host: offer.host, mode: 'implicit', control: 'other-host' });
      if (secured.tls.outcome !== 'established') return false;
    }
    const raw = await line.read(offer.protocol === 'smtp' ? 'smtp' : 'pop3');
    return raw.ok && GREETS[offer.protocol].test(raw.lines[0] ?? '');
  } finally {
    await line.close();
  }
}
