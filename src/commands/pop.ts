/** `mailcheck pop`: a whole POP3 session, judged. */
import { addressArg, CheckCommand, oneServiceFlags } from './check-command.ts';

export class Pop extends CheckCommand {
  static override readonly summary = 'Check POP3 access: DNS, connection, TLS, certificate, log-in, mailbox.';
  static override readonly description =
    'Runs a real POP3 session up to the mailbox, names the one root cause where it fails, and says what to do. Nothing in the mailbox is changed. Without a password every stage that needs none is run.';
  static override readonly args = addressArg;
  static override readonly flags = oneServiceFlags;
  static override readonly examples = [
    { description: 'Settings from the address, password asked for', command: '<%= config.bin %> pop you@example.com' },
    {
      description: 'A server by name, password from a variable',
      command:
        '<%= config.bin %> pop you@example.com --host pop.example.com --port 995 --security tls --password-env MAIL_PASSWORD',
    },
    {
      description: 'In a script: only the root cause',
      command: "<%= config.bin %> pop --host pop.example.com --json | jq -r '.checks[0].cause'",
    },
    {
      description: 'Only as far as the certificate',
      command: '<%= config.bin %> pop --host pop.example.com --until certificate',
    },
  ];
  protected readonly protocol = 'pop3' as const;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Pop);
    await this.check(args.address, flags);
  }
}
