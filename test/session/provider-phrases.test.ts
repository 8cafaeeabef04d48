/** What providers say, served live where they say it: each reply of each preset gives its cause, with the provider's own steps. */
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import type { Serve } from '../../src/model/cause.ts';
import type { Preset, PresetReply } from '../../src/model/preset.ts';
import type { Protocol } from '../../src/model/terms.ts';
import { loadPreset } from '../../src/settle/presets.ts';
import { checkServe } from '../tools/live.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

const presets: readonly Preset[] = readdirSync(new URL('../../presets/', import.meta.url))
  .filter((f) => f.endsWith('.json') && f !== 'schema.json')
  .map((f) => loadPreset(f.slice(0, -5)));

/** A reply without a protocol is said on all three; its example has the form of one. */
const protocolOf = (reply: PresetReply): Protocol => {
  if (reply.protocol) return reply.protocol;
  if (reply.example.startsWith('-ERR')) return 'pop3';
  return /^\d{3}[ -]/.test(reply.example) ? 'smtp' : 'imap';
};

type Moment = 'auth' | 'mailbox' | 'identity' | 'send';

function momentOf(sender: Preset['sender'], reply: PresetReply): Moment {
  const { stage, cause } = reply;
  if (stage === 'auth' || stage === 'mailbox' || stage === 'identity' || stage === 'send') return stage;
  if (protocolOf(reply) !== 'smtp') return cause.startsWith('auth.') ? 'auth' : 'mailbox';
  if (cause.startsWith('message.')) return 'send';
  if (cause.startsWith('sender.') && sender?.refusedAt === 'data') return 'send';
  return cause.startsWith('auth.') && cause !== 'auth.required' ? 'auth' : 'identity';
}

const COMMANDS: Readonly<Record<Protocol, Readonly<Record<Moment, readonly string[]>>>> = {
  smtp: { auth: ['AUTH'], mailbox: ['MAIL FROM'], identity: ['MAIL FROM'], send: ['.'] },
  pop3: { auth: ['AUTH', 'PASS'], mailbox: ['STAT'], identity: [], send: [] },
  imap: { auth: ['AUTH', 'LOGIN'], mailbox: ['EXAMINE'], identity: [], send: [] },
};

/** The example as a server words it: a line for each code of SMTP, a tag where IMAP has one. */
function worded(protocol: Protocol, example: string): string {
  if (protocol === 'smtp') {
    const code = /^\d{3}/.exec(example)?.[0] ?? '550';
    const lines = example.split(new RegExp(`\\s*(?:^|\\s)${code}[ -]`)).filter((l) => l !== '');
    return lines.map((l, i) => `${code}${i < lines.length - 1 ? '-' : ' '}${l}`).join('\r\n');
  }
  if (protocol === 'pop3') return example.startsWith('-ERR') ? example : `-ERR ${example}`;
  if (example.startsWith('* BYE')) return `${example}\n!close`;
  return /^(NO|BAD) /.test(example) ? `{tag} ${example}` : `{tag} NO ${example}`;
}

/** Secrets of the forms in which providers make their app passwords. */
const MADE = ['abcdefghijklmnop', 'abcd-efgh-ijkl-mnop'];

const ACCEPTED: Readonly<Record<Protocol, string>> = {
  smtp: '235 2.7.0 Accepted',
  pop3: '+OK Logged in.',
  imap: '{tag} OK Logged in.',
};

/** User name and secret have the provider's forms, so that nothing but the reply is at fault. */
function serveOf({ id, user, auth, sender, domains: [domain = 'example.test'] }: Preset, reply: PresetReply): Serve {
  const protocol = protocolOf(reply);
  const moment = momentOf(sender, reply);
  const text = worded(protocol, reply.example);
  const said = Object.fromEntries(COMMANDS[protocol][moment].map((c) => [c, text]));
  const name = user.form === 'local-part' ? 'you' : undefined;
  if (moment !== 'auth') {
    const args = ['--preset', id, '--mechanism', 'PLAIN', ...(moment === 'send' ? ['--send'] : [])];
    return {
      protocol,
      client: { args, ...(name ? { user: name } : {}) },
      replies: { 'AUTH PLAIN': ACCEPTED[protocol], ...said },
    };
  }
  const form = auth.appPassword === undefined ? undefined : new RegExp(auth.appPassword);
  const password = MADE.find((m) => form?.test(m));
  const address = `you@${domain}`;
  return {
    protocol,
    client: { args: ['--preset', id], address, user: name ?? address, ...(password ? { password } : {}) },
    replies: said,
  };
}

const cases = presets.flatMap((preset) =>
  preset.replies.map((reply) => [`${preset.id}: ${reply.example}`, preset, reply] as const),
);

describe('what a provider says, at its stage', () => {
  it.concurrent.each(cases)('%s', async (_name, preset, reply) => {
    const { check } = await checkServe(serveOf(preset, reply), authority);
    const { root, findings } = check.diagnosis;
    const named = { cause: root?.cause.id, provider: root?.sighting.provider?.preset, steps: root?.sighting.provider?.fix?.en };
    expect({
      ...named,
      others: named.cause === reply.cause ? [] : findings.map((f) => `${f.stage} ${f.cause.id} ${f.sighting.strength}`),
    }).toEqual({
      cause: reply.cause,
      provider: preset.id,
      steps: reply.fix?.en,
      others: [],
    });
  });
});
