/** `mailcheck imap`: a whole IMAP session, judged. */
import { addressArg, CheckCommand, oneServiceFlags } from './check-command.ts';

export class Imap extends CheckCommand {
  static override readonly summary = 'Check IMAP access: DNS, connection, TLS, certificate, log-in, mailbox.';
  static override readonly description =
    'Runs a real IMAP session up to the mailbox, names the one root cause where it fails, and says what to do. Nothing in the mailbox is changed. Without a password every stage that needs none is run.';
  static override readonly args = addressArg;
  static override readonly flags = oneServiceFlags;
  static override readonly examples = [
    { description: 'Settings from the address, password asked for', command: '<%= config.bin %> imap you@example.com' },
    {
      description: 'A server by name, password from a variable',
      command:
        '<%= config.bin %> imap you@example.com --host imap.example.com --port 993 --security tls --password-env MAIL_PASSWORD',
    },
    {
      description: 'In a script: only the root cause',
      command: "<%= config.bin %> imap --host imap.example.com --json | jq -r '.checks[0].cause'",
    },
    {
      description: 'Only as far as the certificate',
      command: '<%= config.bin %> imap --host imap.example.com --until certificate',
    },
  ];
  protected readonly protocol = 'imap' as const;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Imap);
    await this.check(args.address, flags);
  }
}
