/** OAuth 2.0 access tokens, read offline (RFC 7519, RFC 9068): claims that are not secret. A JWT is decoded here, never trusted. */
import type { SecretEvidence } from '../model/evidence.ts';

const text = (v: unknown): string | undefined =>
  typeof v === 'string'
    ? v.slice(0, 200)
    : Array.isArray(v)
      ? v
          .filter((x) => typeof x === 'string')
          .join(' ')
          .slice(0, 200)
      : undefined;

/**
 * @param token the access token; opaque ones (Google's `ya29.…`) give undefined.
 * @param now the wall clock.
 * @returns expiry, audience, scopes or roles, user and tenant.
 */
export function tokenClaims(token: string, now: Date): SecretEvidence['token'] | undefined {
  const parts = token.trim().split('.');
  if (parts.length !== 3 || token.length > 65_536) return undefined;
  let claims: Record<string, unknown>;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    claims = { ...parsed };
  } catch {
    return undefined;
  }
  const exp = typeof claims.exp === 'number' && Math.abs(claims.exp) < 1e11 ? new Date(claims.exp * 1000) : undefined;
  const scopes = [...(text(claims.scp ?? claims.scope)?.split(/\s+/) ?? []), ...(text(claims.roles)?.split(/\s+/) ?? [])].filter(
    (s) => s !== '',
  );
  const audience = text(claims.aud);
  const user = text(claims.upn ?? claims.preferred_username ?? claims.email ?? claims.unique_name);
  const tenant = text(claims.tid);
  return {
    ...(exp ? { expires: exp.toISOString(), expired: exp.getTime() < now.getTime() } : {}),
    ...(audience ? { audience } : {}),
    ...(scopes.length > 0 ? { scopes } : {}),
    ...(user ? { user } : {}),
    ...(tenant ? { tenant } : {}),
  };
}
