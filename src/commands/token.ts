/** `mailcheck token`: an OAuth 2.0 access token by the device flow (RFC 8628), with the person's own client id. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { Flags } from '@oclif/core';
import { sealSecret } from '../model/secret.ts';
import { UsageError } from '../model/usage.ts';
import type { Issuer } from '../net/device.ts';
import { Base, interruptions } from './base.ts';
import { networkFlags } from './flags.ts';

/** Endpoints and mail scopes as the providers document them (Google: OAuth 2.0 for TV and limited-input devices; Microsoft: device authorization grant). */
const PROVIDERS = {
  google: {
    device: 'https://oauth2.googleapis.com/device/code',
    token: 'https://oauth2.googleapis.com/token',
    scope: 'https://mail.google.com/',
  },
  microsoft: {
    device: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode',
    token: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token',
    scope:
      'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/POP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access',
  },
} as const;

export class Token extends Base {
  static override readonly summary = 'Get an OAuth 2.0 access token for a check, by the device flow.';
  static override readonly description =
    'Shows a code to type in at the provider, waits, and prints the access token on standard output. Needs a client id that you registered with the provider. Nothing is kept unless --write names a file.';
  static override readonly flags = {
    provider: Flags.string({ description: 'whose account', options: ['google', 'microsoft'], required: true }),
    'client-id': Flags.string({ description: 'your own client id', helpValue: 'ID', required: true }),
    'client-secret-env': Flags.string({
      description: 'environment variable with the client secret (Google wants one)',
      helpValue: 'NAME',
    }),
    tenant: Flags.string({ description: 'Microsoft: tenant id, or common, organizations, consumers', default: 'common' }),
    scope: Flags.string({ description: 'scopes in place of the mail scopes' }),
    'device-url': Flags.string({ description: 'another device authorization endpoint', helpValue: 'URL' }),
    'token-url': Flags.string({ description: 'another token endpoint', helpValue: 'URL' }),
    write: Flags.string({
      description: 'write the token to a new file (mode 0600) in place of standard output',
      helpValue: 'PATH',
    }),
    resolver: networkFlags.resolver,
    'ca-file': networkFlags['ca-file'],
    proxy: networkFlags.proxy,
    timeout: networkFlags.timeout,
  };
  static override readonly examples = [
    {
      description: 'Microsoft 365',
      command: '<%= config.bin %> token --provider microsoft --client-id 11111111-2222-3333-4444-555555555555 --write token.txt',
    },
    { description: 'Then check with it', command: '<%= config.bin %> imap you@example.com --token-file token.txt' },
    {
      description: 'In one line',
      command:
        "<%= config.bin %> imap you@gmail.com --token-command 'mailcheck token --provider google --client-id ID --client-secret-env SECRET'",
    },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(Token);
    const provider = PROVIDERS[flags.provider === 'google' ? 'google' : 'microsoft'];
    const secretName = flags['client-secret-env'];
    const clientSecret = secretName === undefined ? undefined : process.env[secretName];
    if (secretName !== undefined && !clientSecret)
      throw new UsageError(`--client-secret-env: the environment has no such variable; export it first`);
    if (!/^[\w.-]{1,100}$/.test(flags.tenant))
      throw new UsageError('--tenant takes a tenant id or name, such as contoso.onmicrosoft.com');
    const issuer: Issuer = {
      device: (flags['device-url'] ?? provider.device).replace('{tenant}', flags.tenant),
      token: (flags['token-url'] ?? provider.token).replace('{tenant}', flags.tenant),
      scope: flags.scope ?? provider.scope,
      clientId: flags['client-id'],
      ...(clientSecret ? { clientSecret } : {}),
    };
    for (const url of [issuer.device, issuer.token])
      if (!/^https:\/\/[^\s@]+$/.test(url))
        throw new UsageError('the OAuth endpoints must be https URLs without user name or password');
    const [{ createNet }, { requestCode, pollToken }, { netOptionsOf, optionsOf }] = await Promise.all([
      import('../net/net.ts'),
      import('../net/device.ts'),
      import('./settings.ts'),
    ]);
    const signal = interruptions();
    const net = createNet({
      ...netOptionsOf(flags),
      signal,
      transcript: false,
      secrets: clientSecret ? [sealSecret(clientSecret)] : [],
      allowPrivate: flags['device-url'] !== undefined,
    });
    try {
      net.deadline(optionsOf(flags).timeoutMs);
      const code = await requestCode(net, issuer);
      if ('fault' in code) return this.give(code.fault, 1);
      process.stderr.write(`Open ${code.where} and type this code: ${code.userCode}\n`);
      const result = await pollToken(net, issuer, code, (ms) => net.sleep(ms));
      if (result.outcome !== 'token') {
        const words = {
          denied: 'you or an administrator refused it',
          expired: 'the code expired before it was used; start again',
          interrupted: 'interrupted',
          failed: `the authorization server refused: ${result.detail}`,
        };
        return this.give(words[result.outcome], result.outcome === 'interrupted' ? 3 : 1);
      }
      if (flags.write === undefined) await this.print(`${result.accessToken}\n`);
      else this.keep(flags.write, result.accessToken);
    } finally {
      await net.close();
    }
  }

  private give(line: string, status: number): void {
    process.stderr.write(`mailcheck: ${line}\n`);
    process.exitCode = status;
  }

  private keep(path: string, token: string): void {
    try {
      const fd = openSync(path, 'wx', 0o600);
      try {
        writeSync(fd, `${token}\n`);
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      throw new UsageError(
        `--write: the file could not be made (${error instanceof Error && 'code' in error ? String(error.code) : 'failed'}); name a new file`,
      );
    }
  }
}
