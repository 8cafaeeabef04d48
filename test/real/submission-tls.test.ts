/** Real Postfix with each fault of certificate and TLS, on a port with STARTTLS and on one with TLS from the first byte. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/lab/authority.ts';
import { type Asked, check, expectCause } from './client.ts';
import { type Dovecot, startDovecot } from './servers/dovecot.ts';
import { missing } from './servers/installed.ts';
import { type Postfix, type Submission, startPostfix } from './servers/postfix.ts';

interface Fault {
  readonly service: Submission;
  readonly ask: Partial<Asked>;
  readonly cause: string;
}

const set = (settings: Readonly<Record<string, string>>, more: Partial<Submission> = {}): Submission => ({
  ...more,
  set: () => settings,
});
const STARTTLS = { security: 'starttls' } as const;
const TLS = { security: 'tls' } as const;

const FAULTS = {
  'a self-signed certificate': { service: { certificate: 'self-signed' }, ask: STARTTLS, cause: 'certificate.self-signed' },
  'an expired certificate': { service: { certificate: 'expired', wrapper: true }, ask: TLS, cause: 'certificate.expired' },
  'a certificate for another name': {
    service: { certificate: 'identity-differs' },
    ask: STARTTLS,
    cause: 'certificate.identity-differs',
  },
  'a private authority': {
    service: { certificate: 'untrusted-root', wrapper: true },
    ask: TLS,
    cause: 'certificate.untrusted-root',
  },
  'a missing intermediate': {
    service: { certificate: 'incomplete-chain' },
    ask: STARTTLS,
    cause: 'certificate.incomplete-chain',
  },
  'a certificate from tomorrow': {
    service: { certificate: 'not-yet-valid', wrapper: true },
    ask: TLS,
    cause: 'certificate.not-yet-valid',
  },

  'TLS expected on the STARTTLS port': { service: {}, ask: TLS, cause: 'tls.implicit-on-plain-port' },
  'STARTTLS expected on the TLS port': {
    service: { wrapper: true },
    ask: { ...STARTTLS, options: { timeoutMs: 2000 } },
    cause: 'tls.plain-on-implicit-port',
  },
  'STARTTLS not offered': { service: set({ smtpd_tls_security_level: 'none' }), ask: STARTTLS, cause: 'tls.starttls-missing' },
  'STARTTLS hidden by a rule': {
    service: set({ smtpd_discard_ehlo_keywords: 'starttls' }),
    ask: STARTTLS,
    cause: 'tls.starttls-missing',
  },
  'STARTTLS offered without a usable key': {
    service: { set: (folder) => ({ smtpd_tls_chain_files: join(folder, 'broken.pem') }) },
    ask: STARTTLS,
    cause: 'tls.starttls-refused',
  },
  'a client certificate demanded': {
    service: {
      wrapper: true,
      set: (folder) => ({
        smtpd_tls_security_level: 'encrypt',
        smtpd_tls_req_ccert: 'yes',
        smtpd_tls_CAfile: join(folder, 'ca.pem'),
      }),
    },
    ask: TLS,
    cause: 'tls.client-certificate-required',
  },
  'a client certificate demanded after STARTTLS': {
    service: {
      set: (folder) => ({
        smtpd_tls_security_level: 'encrypt',
        smtpd_tls_req_ccert: 'yes',
        smtpd_tls_CAfile: join(folder, 'ca.pem'),
      }),
    },
    ask: STARTTLS,
    cause: 'tls.client-certificate-required',
  },
  'a client certificate demanded under TLS 1.2': {
    service: {
      wrapper: true,
      set: (folder) => ({
        smtpd_tls_security_level: 'encrypt',
        smtpd_tls_req_ccert: 'yes',
        smtpd_tls_CAfile: join(folder, 'ca.pem'),
        smtpd_tls_mandatory_protocols: 'TLSv1.2',
      }),
    },
    ask: TLS,
    cause: 'tls.client-certificate-required',
  },
  'nothing above TLS 1.1': {
    service: set(
      {
        smtpd_tls_security_level: 'encrypt',
        smtpd_tls_mandatory_protocols: 'TLSv1, TLSv1.1',
        smtpd_tls_mandatory_ciphers: 'medium',
        tls_medium_cipherlist: 'ALL:@SECLEVEL=0',
      },
      { wrapper: true },
    ),
    ask: TLS,
    cause: 'tls.version-too-old',
  },
  'nothing above TLS 1.1, after STARTTLS': {
    service: set({
      smtpd_tls_protocols: 'TLSv1, TLSv1.1',
      smtpd_tls_ciphers: 'medium',
      tls_medium_cipherlist: 'ALL:@SECLEVEL=0',
    }),
    ask: STARTTLS,
    cause: 'tls.version-too-old',
  },
  'no cipher in common': {
    service: set(
      {
        smtpd_tls_security_level: 'encrypt',
        smtpd_tls_mandatory_protocols: 'TLSv1.2',
        smtpd_tls_mandatory_ciphers: 'medium',
        tls_medium_cipherlist: 'AECDH-AES128-SHA:@SECLEVEL=0',
      },
      { wrapper: true },
    ),
    ask: TLS,
    cause: 'tls.no-shared-cipher',
  },
} as const satisfies Readonly<Record<string, Fault>>;

type Name = keyof typeof FAULTS;
const names = Object.keys(FAULTS) as Name[];
const id = (name: Name) => `t${names.indexOf(name)}`;

describe.skipIf(missing('dovecot', 'postfix'))('Postfix, certificates and TLS', () => {
  let dovecot: Dovecot;
  let postfix: Postfix<string>;

  beforeAll(async () => {
    const authority = createAuthority();
    dovecot = await startDovecot({ authority });
    postfix = await startPostfix({
      authority,
      dovecot,
      services: Object.fromEntries(names.map((name): [string, Submission] => [id(name), FAULTS[name].service])),
      prepare(folder) {
        writeFileSync(join(folder, 'broken.pem'), 'neither a key nor a certificate\n');
        writeFileSync(join(folder, 'ca.pem'), authority.rootPem);
      },
    });
  });
  afterAll(async () => {
    await postfix?.stop();
    await dovecot?.stop();
  });

  it.each(names)('%s', async (name) => {
    const fault: Fault = FAULTS[name];
    const place = postfix.at[id(name)];
    if (!place) throw new Error(`no service for ${name}`);
    const made = await check({ protocol: 'smtp', security: 'starttls', place, ca: postfix.ca, ...fault.ask });
    expectCause(made, fault.cause);
    expect(made.transcript.some((t) => t.from === 'client' && t.text.startsWith('AUTH'))).toBe(false);
  });
});
