/** What was most likely meant by a host that does not exist: a server that the account's own domain publishes or has, one or two letters away. */
import type { Service } from '../model/account.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import { usualNames } from './guess.ts';
import { meantHost } from './meant.ts';
import { nearest } from './near.ts';
import { isServerName } from './sources.ts';
import { readSrv, SRV_SERVICES } from './srv.ts';

/** @returns a setting with the likely host, and what was looked up to find it; nothing where no address is known. */
export async function intentionsFor(service: Service, net: Net): Promise<readonly Evidence[]> {
  const { protocol, host, self } = service;
  const domain = self?.slice(self.lastIndexOf('@') + 1).toLowerCase();
  if (domain === undefined || service.source !== 'flag') return [];
  const usual = [...new Set([...usualNames(protocol, domain), meantHost(host, domain) ?? ''])].filter(
    (n) => n !== host && n !== '',
  );
  const [published, there] = await Promise.all([
    Promise.all(SRV_SERVICES.filter((s) => s.protocol === protocol).map((s) => net.lookup(`${s.name}._tcp.${domain}`, 'SRV'))),
    Promise.all(usual.map((n) => net.lookup(n, 'A'))),
  ]);
  const targets = published
    .flatMap((l) => (l.outcome === 'answer' ? readSrv(l.records) : []))
    .map((t) => t.target)
    .filter(isServerName);
  const existing = there.filter((l) => l.outcome === 'answer').map((l) => l.host);
  const near = nearest(host, new Set([...targets, ...existing]), 2);
  const seen = [...published, ...there]
    .filter((l) => l.outcome === 'answer')
    .map((l) => ({ ...l, stage: 'settings' as const, control: 'other-host' as const }));
  if (near === undefined) return seen;
  return [
    ...seen,
    {
      kind: 'setting',
      stage: 'settings',
      protocol,
      field: 'host',
      value: host,
      from: service.source,
      authenticated: true,
      remark: 'near-published-host',
      instead: near,
    },
  ];
}
