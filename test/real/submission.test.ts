/** Real Postfix with a fault in its configuration each: what a submission server refuses, from the greeting to the end of the message. */
import { chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createAuthority } from '../../src/lab/authority.ts';
import type { Check } from '../../src/model/diagnosis.ts';
import { type Asked, check, expectCause } from './client.ts';
import { account, type Dovecot, startDovecot, USER } from './servers/dovecot.ts';
import { missing } from './servers/installed.ts';
import { type Postfix, type Submission, startPostfix } from './servers/postfix.ts';
import type { Place } from './servers/process.ts';

const OTHER = 'carol@elsewhere.example';

/** A fault: the settings that make it, what the client asks, and the cause that must come out. */
interface Fault {
  readonly service?: Submission;
  readonly ask?: Partial<Asked>;
  /** The fault shows at the second check: the first uses up the allowance. */
  readonly twice?: boolean;
  /** The fault shows while somebody else is connected. */
  readonly beside?: boolean;
  readonly cause: string;
}

const set = (settings: Readonly<Record<string, string>>, more: Partial<Submission> = {}): Submission => ({
  ...more,
  set: () => settings,
});
/** An answer of an access table (access(5)), as administrators and policy services write it. */
const refuse = (restriction: string, table: string, key: string, answer: string) =>
  set({ [restriction]: `${table} inline:{ {${key} = ${answer}} }`, smtpd_delay_reject: 'no' });

const FAULTS = {
  'a wrong password': { ask: { password: 'wrong horse-7' }, cause: 'auth.credentials-rejected' },
  'an unknown user': { ask: { user: 'nobody@example.test' }, cause: 'auth.credentials-rejected' },
  'no AUTH at all': { service: set({ smtpd_sasl_auth_enable: 'no' }), cause: 'auth.not-offered' },
  'only mechanisms that take no password': {
    service: set({ smtpd_sasl_mechanism_filter: 'external' }),
    cause: 'auth.mechanism-unsupported',
  },
  'a mechanism that the server does not have': { ask: { mechanism: 'SCRAM-SHA-256' }, cause: 'auth.mechanism-unsupported' },
  'AUTH hidden on the unencrypted channel': {
    ask: { security: 'none', port: 587, options: { insecureAuth: true } },
    cause: 'auth.encryption-required',
  },
  'STARTTLS demanded first': {
    service: set({ smtpd_tls_security_level: 'encrypt' }),
    ask: { security: 'none', port: 587, password: null },
    cause: 'tls.starttls-required',
  },
  'the log-in service cannot be reached': { service: set({ smtpd_sasl_path: '/nowhere/auth' }), cause: 'server.misconfigured' },
  'too many AUTH commands': { service: set({ smtpd_client_auth_rate_limit: '1' }), twice: true, cause: 'auth.too-many-attempts' },

  'a sender that belongs to somebody else': {
    service: set({
      smtpd_sender_login_maps: 'inline:{ {boss@example.test = boss@example.test} }',
      smtpd_sender_restrictions: 'reject_sender_login_mismatch',
    }),
    ask: { from: ['boss@example.test'] },
    cause: 'sender.not-owned',
  },
  'a sender that belongs to nobody': {
    service: set({
      smtpd_sender_login_maps: `inline:{ {${USER} = ${USER}} }`,
      smtpd_sender_restrictions: 'reject_authenticated_sender_login_mismatch',
    }),
    ask: { from: ['info@example.test'] },
    cause: 'sender.not-owned',
  },
  'relaying denied': {
    service: set({ smtpd_relay_restrictions: 'reject_unauth_destination' }),
    ask: { recipient: OTHER },
    cause: 'sender.relay-denied',
  },
  'relaying denied, without a log-in': {
    service: set({ smtpd_sasl_auth_enable: 'no' }),
    ask: { recipient: OTHER, password: null },
    cause: 'sender.relay-denied',
  },
  'relaying deferred': {
    service: set({ smtpd_relay_restrictions: 'defer_unauth_destination' }),
    ask: { recipient: OTHER },
    cause: 'sender.relay-denied',
  },
  'a sender whose domain does not exist': {
    service: set({ smtpd_sender_restrictions: 'reject_unknown_sender_domain', unknown_address_reject_code: '550' }),
    ask: { from: ['anna@no-such-domain.invalid'] },
    cause: 'sender.domain-invalid',
  },
  'a sender without a whole domain': {
    service: set({ smtpd_sender_restrictions: 'reject_non_fqdn_sender' }),
    ask: { from: ['anna@localhost'] },
    cause: 'sender.domain-invalid',
  },
  'a blocked sender': {
    service: refuse('smtpd_sender_restrictions', 'check_sender_access', USER, '550 5.1.8 Access denied, bad outbound sender'),
    cause: 'sender.blocked',
  },

  'an unknown recipient': { ask: { recipient: 'ghost@example.test' }, cause: 'recipient.unknown' },
  'a recipient who takes no mail': {
    service: refuse(
      'smtpd_recipient_restrictions',
      'check_recipient_access',
      USER,
      '550 5.2.1 The email account that you tried to reach is disabled',
    ),
    cause: 'recipient.rejected',
  },
  'a recipient whose mailbox is full': {
    service: set({ smtpd_recipient_restrictions: 'check_policy_service unix:full' }),
    cause: 'mailbox.over-quota',
  },
  greylisting: {
    service: refuse(
      'smtpd_recipient_restrictions',
      'check_recipient_access',
      USER,
      '450 4.2.0 Greylisted, see http://postgrey.schweikert.ch/help/example.test.html',
    ),
    cause: 'policy.greylisted',
  },

  'a HELO name that is refused': {
    service: refuse('smtpd_helo_restrictions', 'check_helo_access', '[127.0.0.1]', 'REJECT'),
    cause: 'policy.helo-rejected',
  },
  'a client without a reverse name': {
    service: set({ smtpd_client_restrictions: 'reject_unknown_client_hostname', smtpd_delay_reject: 'no' }),
    cause: 'policy.reverse-dns',
  },
  'a client on a blocklist': {
    service: refuse(
      'smtpd_client_restrictions',
      'check_client_access',
      '127.0.0.1',
      '554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using zen.spamhaus.org',
    ),
    cause: 'policy.blocklisted',
  },
  'a client on a blocklist, refused at the recipient': {
    service: set({
      smtpd_client_restrictions:
        'check_client_access inline:{ {127.0.0.1 = 554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using zen.spamhaus.org} }',
    }),
    cause: 'policy.blocklisted',
  },
  'a client that is refused in the greeting': {
    service: set({ smtpd_client_restrictions: 'reject', smtpd_delay_reject: 'no' }),
    cause: 'greeting.rejected',
  },
  'too many connections': {
    service: set({ smtpd_client_connection_count_limit: '1' }),
    beside: true,
    cause: 'policy.connection-limit',
  },
  'no process left to answer': {
    service: { processes: 1 },
    beside: true,
    ask: { options: { timeoutMs: 1500 } },
    cause: 'greeting.timeout',
  },
  'connections too often': { service: set({ smtpd_client_connection_rate_limit: '1' }), cause: 'policy.connection-limit' },
  'too much mail': { service: set({ smtpd_client_message_rate_limit: '1' }), twice: true, cause: 'policy.rate-limited' },
  'too many recipients': { service: set({ smtpd_client_recipient_rate_limit: '1' }), twice: true, cause: 'policy.rate-limited' },

  'a message that is too large': {
    service: set({ message_size_limit: '200' }),
    ask: { options: { send: true } },
    cause: 'message.too-large',
  },
  'a message whose content is refused': {
    service: set({ cleanup_service_name: 'cleanup-strict' }),
    ask: { options: { send: true } },
    cause: 'message.content-rejected',
  },
  'no room in the queue': { service: set({ queue_minfree: '9000000000000000' }), cause: 'server.unavailable' },
  'a filter that cannot be reached': {
    service: set({ smtpd_milters: 'inet:127.0.0.1:1', milter_default_action: 'tempfail' }, { wrapper: true }),
    ask: { security: 'tls' },
    cause: 'server.unavailable',
  },
  'a table that cannot be read': {
    service: { set: (folder) => ({ smtpd_sender_restrictions: `check_sender_access hash:${folder}/none` }) },
    cause: 'server.misconfigured',
  },
  'a restriction that does not exist': {
    service: set({ smtpd_recipient_restrictions: 'reject_nonsense' }),
    cause: 'server.misconfigured',
  },
  'a policy service that cannot be reached': {
    service: set({ smtpd_recipient_restrictions: 'check_policy_service inet:127.0.0.1:1', smtpd_policy_service_try_limit: '1' }),
    cause: 'server.misconfigured',
  },
  'port 25, where nobody logs in': {
    service: set({ smtpd_sasl_auth_enable: 'no' }),
    ask: { port: 25 },
    cause: 'connect.port-25',
  },
} as const satisfies Readonly<Record<string, Fault>>;

type Name = keyof typeof FAULTS;
const names = Object.keys(FAULTS) as Name[];
/** Services are named by number, since a fault's name is a sentence. */
const id = (name: Name) => `f${names.indexOf(name)}`;

describe.skipIf(missing('dovecot', 'postfix'))('Postfix', () => {
  let dovecot: Dovecot;
  let postfix: Postfix<string>;

  beforeAll(async () => {
    const authority = createAuthority();
    dovecot = await startDovecot({
      authority,
      users: [account(USER), account('off@example.test', 'nologin')],
      set: { auth_mechanisms: 'plain login external' },
      more: () =>
        [
          'mail_plugins = quota',
          'plugin {\n  quota = maildir:Mailbox\n  quota_rule = *:storage=1K\n  quota_status_success = DUNNO\n}',
          'service quota-status {\n  executable = quota-status -p postfix\n  unix_listener full {\n    mode = 0666\n  }\n}',
        ].join('\n'),
      prepare(folder) {
        for (const path of ['', 'new', 'cur', 'tmp'].map((sub) => join(folder, 'mail', USER, sub))) {
          mkdirSync(path);
          chownSync(path, 65_534, 65_534);
        }
        const large = join(folder, 'mail', USER, 'cur', '1.large:2,S');
        writeFileSync(large, `Subject: large\r\n\r\n${'x'.repeat(5000)}\r\n`);
        chownSync(large, 65_534, 65_534);
      },
    });
    const services = names.map((name): [string, Submission] => {
      const { service = {} }: Fault = FAULTS[name];
      return [id(name), service];
    });
    postfix = await startPostfix({
      authority,
      dovecot,
      services: Object.fromEntries(services),
      prepare(folder) {
        symlinkSync(join(dovecot.folder, 'run', 'full'), join(folder, 'queue', 'full'));
        writeFileSync(join(folder, 'header_checks'), '/^Subject:/ REJECT Message content rejected as spam\n');
      },
      more: (folder) => `cleanup-strict unix n - n - 0 cleanup\n  -o {header_checks = regexp:${folder}/header_checks}`,
    });
  });
  afterAll(async () => {
    await postfix?.stop();
    await dovecot?.stop();
  });

  const visit = async (fault: Fault, place: Place): Promise<Check> =>
    await check({ protocol: 'smtp', security: 'starttls', place, ca: postfix.ca, ...fault.ask });

  it.each(names)('%s', async (name) => {
    const fault: Fault = FAULTS[name];
    const place = postfix.at[id(name)];
    if (!place) throw new Error(`no service for ${name}`);
    if (fault.twice) expectCause(await visit(fault, place), null);
    const other = fault.beside ? await greeted(place) : undefined;
    try {
      expectCause(await visit(fault, place), fault.cause);
    } finally {
      other?.destroy();
    }
  });
});

/** A connection of somebody else's, up to the greeting. */
function greeted(place: Place): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: place.address, port: place.port });
    socket.once('data', () => resolve(socket)).once('error', reject);
  });
}
