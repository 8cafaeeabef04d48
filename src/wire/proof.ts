/** Proofs that a server gives of knowing the password (RFC 5802, RFC 2831); apart from the mechanisms, which need cryptography. */

/**
 * What a server proves itself with, as it goes over the wire: base64 of `v=` (SCRAM) or `rspauth=` (DIGEST-MD5). It is made of the
 * password: whoever has it beside the challenge can try passwords at home (RFC 5802 §9).
 */
export const SERVER_PROOF = /(?<![A-Za-z0-9+/])(?:dj[0-3][A-Za-z0-9+/]{25,}|cnNwYXV0aD[A-Za-z0-9+/]{20,})={0,2}/g;
