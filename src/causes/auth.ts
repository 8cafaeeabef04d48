/** Causes of the log-in, in the order in which equal recognitions are preferred: the named reasons first, the bare refusal last. */
import type { Cause } from '../model/cause.ts';
import { authAccess } from './auth-access.ts';
import { authChannel } from './auth-channel.ts';
import { authSecret } from './auth-secret.ts';

export const auth: readonly Cause[] = [...authChannel, ...authAccess, ...authSecret];
