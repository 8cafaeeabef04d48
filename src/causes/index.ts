/** The catalogue: the subjects' ordered lists, in the order in which a session meets them. */
import type { Cause } from '../model/cause.ts';
import { auth } from './auth.ts';
import { certificate } from './certificate.ts';
import { withCodes } from './codes.ts';
import { connect } from './connect.ts';
import { dns } from './dns.ts';
import { withGist } from './gist.ts';
import { greeting } from './greeting.ts';
import { beyondLogIn } from './hear.ts';
import { mailbox } from './mailbox.ts';
import { message } from './message.ts';
import { policy } from './policy.ts';
import { protocol } from './protocol.ts';
import { recipient } from './recipient.ts';
import { sender } from './sender.ts';
import { server } from './server.ts';
import { settings } from './settings.ts';
import { tls } from './tls.ts';

export const catalogue: readonly Cause[] = withGist(
  withCodes([
    ...settings,
    ...dns,
    ...connect,
    ...greeting,
    ...protocol,
    ...server,
    ...tls,
    ...certificate,
    ...auth,
    ...mailbox,
    ...beyondLogIn([...sender, ...recipient, ...message, ...policy]),
  ]),
);
