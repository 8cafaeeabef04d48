/** What `mailcheck run --init` writes: a file that checks after its two lines of example are replaced. */

/** Where editors find the schema: in the package beside the project, or published with it. */
export const SCHEMA_LINE = '# yaml-language-server: $schema=https://unpkg.com/mailcheck-cli@1/dist/schema/mailcheck.yaml.json';

export const STARTER = `${SCHEMA_LINE}
# Accounts for "mailcheck run". Secrets stay outside: in the environment, in a file, or with a command that prints them.

defaults:
  checks: [imap, smtp]            # pop, imap, smtp
  timeout: 10                     # seconds per stage
  days-to-expiry: 14              # a certificate with fewer days left fails

# concurrency: 16                 # checks at once, over all hosts
# per-host: 4                     # checks at once with one host
# retries: 1                      # after a passing failure such as a time-out; never after a refused log-in
# jitter: 0                       # seconds; each account waits a random part of it

# settings:                       # shared by accounts that say "use: office"
#   office:
#     imap: { host: imap.example.com, port: 993, security: tls }
#     smtp: { host: smtp.example.com, port: 587, security: starttls }

accounts:
  - address: you@example.com
    password: { env: MAIL_PASSWORD }
    # use: office
    # allow: [certificate.expires-soon]
    # expect: fail certificate.expired

# csv: accounts.csv               # first row: address,password-env,imap-host,…
`;
