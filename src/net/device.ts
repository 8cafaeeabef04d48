/** OAuth 2.0 device authorization grant (RFC 8628): an access token for a person at another screen. Keeps nothing. */
import type { HttpAnswer, Net } from '../model/net.ts';

export interface Issuer {
  readonly device: string;
  readonly token: string;
  readonly scope: string;
  readonly clientId: string;
  readonly clientSecret?: string;
}

export interface DeviceCode {
  readonly userCode: string;
  readonly where: string;
  readonly expiresInS: number;
  readonly intervalS: number;
  readonly deviceCode: string;
}

export type DeviceOutcome =
  | { readonly outcome: 'token'; readonly accessToken: string; readonly refreshToken?: string; readonly expiresInS?: number }
  | { readonly outcome: 'denied' | 'expired' | 'interrupted' | 'failed'; readonly detail: string };

type Post = Pick<Net, 'http' | 'now' | 'signal'>;

/** Error codes of RFC 6749 §5.2 and RFC 8628 §3.5 may be shown; descriptions may hold codes and are not (S-171). */
const shownError = (body: Record<string, unknown>): string =>
  typeof body.error === 'string' && /^[a-z_]{1,60}$/.test(body.error) ? body.error : 'no error code';

/** Asks for a code. @returns it, or the reason why there is none. */
export async function requestCode(net: Post, issuer: Issuer): Promise<DeviceCode | { readonly fault: string }> {
  const answer = await post(net, issuer.device, { client_id: issuer.clientId, scope: issuer.scope });
  if ('fault' in answer) return answer;
  const { body } = answer;
  const userCode = text(body.user_code, /^[\w -]{1,40}$/);
  const where = text(body.verification_uri ?? body.verification_url, /^https:\/\/[^\s<>"]{1,300}$/);
  const deviceCode = typeof body.device_code === 'string' && body.device_code.length <= 8192 ? body.device_code : undefined;
  if (!userCode || !where || !deviceCode) return { fault: `the authorization server gave no code (${shownError(body)})` };
  return {
    userCode,
    where,
    deviceCode,
    expiresInS: seconds(body.expires_in, 900, 3600),
    intervalS: seconds(body.interval, 5, 120),
  };
}

/**
 * Polls until the person has decided. The interval is obeyed, five seconds are added on `slow_down`, network errors in between
 * are waited out, and it stops when the code expires.
 * @param wait resolves after that many milliseconds, or at once when interrupted.
 */
export async function pollToken(
  net: Post,
  issuer: Issuer,
  code: DeviceCode,
  wait: (ms: number) => Promise<void>,
): Promise<DeviceOutcome> {
  const end = net.now() + code.expiresInS * 1000;
  let interval = code.intervalS;
  while (net.now() + interval * 1000 <= end) {
    await wait(interval * 1000);
    if (net.signal.aborted) return { outcome: 'interrupted', detail: 'interrupted' };
    const answer = await post(net, issuer.token, {
      client_id: issuer.clientId,
      ...(issuer.clientSecret ? { client_secret: issuer.clientSecret } : {}),
      device_code: code.deviceCode,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    });
    if ('fault' in answer) {
      if (!answer.passing) return { outcome: 'failed', detail: answer.fault };
      continue;
    }
    const { body } = answer;
    if (typeof body.access_token === 'string' && body.access_token !== '') {
      if (typeof body.token_type === 'string' && body.token_type.toLowerCase() !== 'bearer')
        return { outcome: 'failed', detail: 'the token is not a Bearer token' };
      return {
        outcome: 'token',
        accessToken: body.access_token,
        ...(typeof body.refresh_token === 'string' ? { refreshToken: body.refresh_token } : {}),
        ...(typeof body.expires_in === 'number' ? { expiresInS: body.expires_in } : {}),
      };
    }
    switch (body.error) {
      case 'authorization_pending':
        break;
      case 'slow_down':
        interval += 5;
        break;
      case 'access_denied':
      case 'authorization_declined':
        return { outcome: 'denied', detail: shownError(body) };
      case 'expired_token':
        return { outcome: 'expired', detail: shownError(body) };
      default:
        return { outcome: 'failed', detail: shownError(body) };
    }
  }
  return { outcome: 'expired', detail: 'the code expired' };
}

async function post(
  net: Post,
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<{ readonly body: Record<string, unknown> } | { readonly fault: string; readonly passing: boolean }> {
  const answer: HttpAnswer = await net.http({
    url,
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    maxBytes: 65_536,
    redirects: 0,
  });
  if (answer.outcome !== 'ok')
    return {
      fault: `the authorization server did not answer: ${answer.detail ?? answer.outcome}`,
      passing: answer.outcome === 'timeout' || answer.outcome === 'failed',
    };
  if (answer.status !== undefined && answer.status >= 300 && answer.status < 400)
    return { fault: 'the authorization server redirects, which is not followed', passing: false };
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(answer.body));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { body: { ...parsed } };
  } catch {
    // Said below: an HTML page in place of JSON is the usual case.
  }
  return { fault: `the authorization server answered HTTP ${answer.status} without JSON`, passing: (answer.status ?? 0) >= 500 };
}

const text = (v: unknown, form: RegExp): string | undefined => (typeof v === 'string' && form.test(v) ? v : undefined);
const seconds = (v: unknown, otherwise: number, most: number): number =>
  typeof v === 'number' && v > 0 ? Math.min(v, most) : otherwise;
