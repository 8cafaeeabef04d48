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

export async function askGuess(domain: string, net: Net, protocols: readonly Protocol[]): Promise<Asked> {
  const names = [...new Set(protocols.flatMap((p) => NAMES[p]))].map((n) => `${n}.${domain}`);
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
  const offers: SourceEvidence['offers'][number][] = [];
  const tries = NAMES[protocol].flatMap((n) => STANDARD_PORTS[protocol].map((e) => ({ host: `${n}.${domain}`, ...e })));
  const opened = await Promise.all(
    tries.map(async (t) => {
      const address = known.get(t.host)?.addresses[0];
      return address !== undefined && (await answers(net, { ...t, protocol }, address));
    }),
  );
  for (const [i, t] of tries.entries())
    if (opened[i]) offers.push({ protocol, host: t.host, port: t.port, security: t.security, answers: true });
  const where = NAMES[protocol].map((n) => `${n}.${domain}`).join(', ');
  return offers.length > 0
    ? found('guess', where, offers, false, net.now() - begun)
    : saidNothing('guess', where, 'nothing', net.now() - begun);
}

/** True where a server of that protocol greets there; over TLS only where its certificate fits the name. */
export async function answers(
  net: Net,
  offer: { readonly host: string; readonly port: number; readonly security: string; readonly protocol: Protocol },
  address: string,
): Promise<boolean> {
  const { line } = await net.connect({
    host: offer.host,
    address,
    port: offer.port,
    protocol: offer.protocol,
    control: 'other-host',
  });
  if (!line) return false;
  try {
    if (offer.security === 'tls') {
      const secured = await line.secure({ host: offer.host, mode: 'implicit', control: 'other-host' });
      if (secured.tls.outcome !== 'established') return false;
    }
    const raw = await line.read(offer.protocol === 'smtp' ? 'smtp' : 'pop3');
    const first = raw.lines[0] ?? '';
    return (
      raw.ok && (offer.protocol === 'smtp' ? /^220[ -]/ : offer.protocol === 'pop3' ? /^\+OK/i : /^\* (OK|PREAUTH)/i).test(first)
    );
  } finally {
    await line.close();
  }
}
