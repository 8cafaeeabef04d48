/** `mailcheck smtp`: a whole submission session, judged; DATA only with `--send`. */
import { addressArg, CheckCommand, oneServiceFlags } from './check-command.ts';
import { arrivalFlags, senderFlags } from './flags.ts';

const flags = { ...oneServiceFlags, ...senderFlags, ...arrivalFlags };

export class Smtp extends CheckCommand {
  static override readonly summary = 'Check sending: DNS, connection, TLS, certificate, log-in, sender identity.';
  static override readonly description =
    'Runs a real submission session up to MAIL FROM and RCPT TO, then RSET: nothing is sent. Some providers refuse a sender only after the message; --send goes that far with one small message to the account itself.';
  static override readonly args = addressArg;
  static override readonly flags = flags;
  static override readonly examples = [
    { description: 'Settings from the address, password asked for', command: '<%= config.bin %> smtp you@example.com' },
    {
      description: 'STARTTLS on port 587',
      command:
        '<%= config.bin %> smtp you@example.com --host smtp.example.com --port 587 --security starttls --password-env MAIL_PASSWORD',
    },
    {
      description: 'May this account send as another address?',
      command: '<%= config.bin %> smtp you@example.com --from sales@example.com --send',
    },
    {
      description: 'In a script: only the root cause',
      command: "<%= config.bin %> smtp --host smtp.example.com --json | jq -r '.checks[0].cause'",
    },
  ];
  protected readonly protocol = 'smtp' as const;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Smtp);
    await this.check(args.address, flags);
  }
}
