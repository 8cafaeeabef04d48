/** A CRL (RFC 5280 §5) and an OCSP response (RFC 6960 §4.2) that say of one certificate that it is revoked. */
import { createHash } from 'node:crypto';
import * as der from './asn1.ts';
import { algorithm, type Key, keyHash, type Name, name, signed } from './certificate.ts';

export interface Revoked {
  readonly issuer: Name;
  readonly signer: Key;
  readonly serial: Uint8Array;
  readonly revokedAt: Date;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

const KEY_COMPROMISE = 1;

/** @returns the DER of a CRL version 2 with this one serial number. */
export function encodeCrl(r: Revoked): Buffer {
  const reason = der.sequence(der.oid('2.5.29.21'), der.octets(der.encode(der.enumerated(KEY_COMPROMISE))));
  const number = der.sequence(der.oid('2.5.29.20'), der.octets(der.encode(der.integer(1))));
  const entry = der.sequence(der.integer(r.serial), der.time(r.revokedAt), der.sequence(reason));
  const tbs = der.sequence(
    der.integer(1),
    algorithm(),
    name(r.issuer),
    der.time(r.thisUpdate),
    der.time(r.nextUpdate),
    der.sequence(entry),
    der.explicit(0, der.sequence(number)),
  );
  return signed(tbs, r.signer);
}

/** @returns the DER of an OCSP response signed by the issuer itself, as a server staples it (RFC 6066 §8). */
export function encodeOcsp(r: Revoked): Buffer {
  const sha1 = (content: Uint8Array) => createHash('sha1').update(content).digest();
  const certificate = der.sequence(
    der.sequence(der.oid('1.3.14.3.2.26'), der.nothing()),
    der.octets(sha1(der.encode(name(r.issuer)))),
    der.octets(keyHash(r.signer)),
    der.integer(r.serial),
  );
  const revoked = der.explicit(1, der.generalizedTime(r.revokedAt), der.explicit(0, der.enumerated(KEY_COMPROMISE)));
  const data = der.sequence(
    der.explicit(1, name(r.issuer)),
    der.generalizedTime(r.thisUpdate),
    der.sequence(
      der.sequence(certificate, revoked, der.generalizedTime(r.thisUpdate), der.explicit(0, der.generalizedTime(r.nextUpdate))),
    ),
  );
  const basic = der.octets(signed(data, r.signer));
  return der.encode(der.sequence(der.enumerated(0), der.explicit(0, der.sequence(der.oid('1.3.6.1.5.5.7.48.1.1'), basic))));
}
