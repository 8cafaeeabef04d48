/** `openssl s_server` in place of a POP3S, IMAPS or submissions server: handshakes that cannot succeed, each for its own reason. */
import { afterEach, beforeAll, describe, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import type { LabCertificate } from '../../src/model/cause.ts';
import type { Protocol } from '../../src/model/terms.ts';
import { check, expectCause } from './client.ts';
import { missing } from './servers/installed.ts';
import { type Openssl, startOpenssl } from './servers/openssl.ts';

interface Fault {
  readonly args: readonly string[];
  readonly certificate?: LabCertificate;
  readonly protocol: Protocol;
  readonly cause: string;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'TLS 1.1 only': { args: ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'], protocol: 'pop3', cause: 'tls.version-too-old' },
  'TLS 1.0 only': { args: ['-tls1', '-cipher', 'ALL:@SECLEVEL=0'], protocol: 'imap', cause: 'tls.version-too-old' },
  'anonymous key exchange only': {
    args: ['-tls1_2', '-cipher', 'AECDH:@SECLEVEL=0'],
    protocol: 'imap',
    cause: 'tls.no-shared-cipher',
  },
  'a cipher of TLS 1.3 that nobody has': {
    args: ['-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_8_SHA256'],
    protocol: 'smtp',
    cause: 'tls.no-shared-cipher',
  },
  'a client certificate under TLS 1.2': {
    args: ['-tls1_2', '-Verify', '2', '-verify_return_error'],
    protocol: 'pop3',
    cause: 'tls.client-certificate-required',
  },
  'a client certificate under TLS 1.3': {
    args: ['-tls1_3', '-Verify', '2', '-verify_return_error'],
    protocol: 'imap',
    cause: 'tls.client-certificate-required',
  },
  'a name only in the subject': {
    args: [],
    certificate: 'name-only-in-cn',
    protocol: 'pop3',
    cause: 'certificate.identity-differs',
  },
  'a path that is too long': { args: [], certificate: 'path-length', protocol: 'smtp', cause: 'certificate.invalid' },
  'a forbidden name': { args: [], certificate: 'name-constraint', protocol: 'imap', cause: 'certificate.invalid' },
  'a web server behind TLS, which waits to be asked': { args: ['-www'], protocol: 'smtp', cause: 'greeting.timeout' },
};

describe.skipIf(missing('openssl'))('openssl s_server', () => {
  let authority: Authority;
  let server: Openssl | undefined;
  beforeAll(() => {
    authority = createAuthority();
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  it.each(Object.entries(FAULTS))('%s', async (_name, fault) => {
    server = await startOpenssl(authority, fault.args, fault.certificate);
    const made = await check({
      protocol: fault.protocol,
      security: 'tls',
      place: server.place,
      ca: server.ca,
      options: { timeoutMs: 2000 },
    });
    expectCause(made, fault.cause);
  });

  const CERTIFICATES: readonly (readonly [LabCertificate, string])[] = [
    ['self-signed', 'certificate.self-signed'],
    ['untrusted-root', 'certificate.untrusted-root'],
    ['incomplete-chain', 'certificate.incomplete-chain'],
    ['expired', 'certificate.expired'],
    ['expired-intermediate', 'certificate.expired'],
    ['not-yet-valid', 'certificate.not-yet-valid'],
    ['identity-differs', 'certificate.identity-differs'],
    ['partial-wildcard', 'certificate.identity-differs'],
    ['wrong-purpose', 'certificate.wrong-purpose'],
    ['no-ca-bit', 'certificate.invalid'],
    ['critical-extension', 'certificate.invalid'],
    ['bad-signature', 'certificate.invalid'],
    ['intercepted', 'certificate.intercepted'],
  ];
  // Every certificate fault; the three protocols take turns, and each meets a healthy one.
  const PROTOCOLS: readonly Protocol[] = ['pop3', 'imap', 'smtp'];
  const turns = CERTIFICATES.map(([kind, cause], i) => [PROTOCOLS[i % 3] ?? 'pop3', kind, cause] as const);
  it.each(turns)('%s with a certificate that is %s', async (protocol, certificate, cause) => {
    server = await startOpenssl(authority, [], certificate);
    const options = { timeoutMs: 2000, until: 'certificate', controlProbes: false } as const;
    expectCause(await check({ protocol, security: 'tls', place: server.place, ca: server.ca, options }), cause);
  });

  it.each(PROTOCOLS)('%s with a healthy one, up to the certificate', async (protocol) => {
    server = await startOpenssl(authority, []);
    const options = { timeoutMs: 2000, until: 'certificate', controlProbes: false } as const;
    expectCause(await check({ protocol, security: 'tls', place: server.place, ca: server.ca, options }), null);
  });
});
