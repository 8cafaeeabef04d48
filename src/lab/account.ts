/** The lab's one mail account: credentials, addresses, and the messages that all its servers show. */

export interface LabMessage {
  /** As sent, CRLF line ends, without the final dot. Bytes as Latin-1. */
  readonly raw: string;
  readonly uid: number;
  readonly receivedAt: Date;
  /** Envelope sender and recipients, where it came in by SMTP. */
  readonly from?: string;
  readonly to?: readonly string[];
  seen: boolean;
}

export interface LabAccount {
  readonly user: string;
  readonly password: string;
  readonly token: string;
  /** Addresses that it may send as and that it receives for; the first is its own. */
  readonly addresses: readonly string[];
  /** The maildrop: what POP3 and IMAP show. Submission adds what is addressed to the account. */
  readonly messages: LabMessage[];
  nextUid: number;
}

export type AccountOptions = Partial<Pick<LabAccount, 'user' | 'password' | 'token' | 'addresses'>>;

const FIRST = ['Welcome to the lab', 'A second message', 'A third message'];

/** @returns a new account with three small messages; give it to several servers and they serve the same maildrop. */
export function createAccount(options: AccountOptions = {}): LabAccount {
  const user = options.user ?? 'you@example.test';
  const account: LabAccount = {
    user,
    password: options.password ?? 'correct horse battery',
    token: options.token ?? 'lab-token',
    addresses: options.addresses ?? (user.includes('@') ? [user, user.replace('@', '+alias@')] : [`${user}@example.test`]),
    messages: [],
    nextUid: 1,
  };
  const own = account.addresses[0] ?? user;
  FIRST.forEach((subject, i) => {
    const raw = [
      'From: Lab <lab@example.test>',
      `To: <${own}>`,
      `Subject: ${subject}`,
      'Date: Mon, 23 Nov 2026 10:00:00 +0000',
      `Message-ID: <first-${i + 1}@lab.example.test>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'This message is part of the lab. It came from nowhere and goes nowhere.',
      '',
    ].join('\r\n');
    deliver(account, { raw });
  });
  return account;
}

/** Puts a message into the maildrop. */
export function deliver(account: LabAccount, message: { raw: string; from?: string; to?: readonly string[] }): LabMessage {
  const kept: LabMessage = { ...message, uid: account.nextUid++, receivedAt: new Date(), seen: false };
  account.messages.push(kept);
  return kept;
}

/** True where the account may send as, or receives for, this address. Domains, and here local parts too, ignore case. */
export function owns(account: LabAccount, address: string): boolean {
  return account.addresses.some((a) => a.toLowerCase() === address.toLowerCase());
}
