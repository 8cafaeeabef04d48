/** The lab's servers in a process of their own, so that only the client is measured. `fork('lab.mjs', [LIBRARY])`; tells where they are. */
const { createAuthority, serve } = await import(process.argv[2]);

const CAPABILITIES = {
  pop3: ['USER', 'SASL PLAIN LOGIN', 'UIDL', 'TOP', 'PIPELINING', 'STLS'],
  imap: ['IMAP4rev1', 'SASL-IR', 'AUTH=PLAIN', 'ID', 'STARTTLS'],
  smtp: ['PIPELINING', 'SIZE 1000000', 'AUTH PLAIN LOGIN', 'STARTTLS'],
};
const KINDS = [
  ['pop', 'pop3', 'tls'],
  ['imap', 'imap', 'tls'],
  ['smtps', 'smtp', 'tls'],
  ['smtp', 'smtp', 'starttls'],
];

const authority = createAuthority();
const servers = {};
for (const [kind, protocol, security] of KINDS) {
  const plain = CAPABILITIES[protocol];
  const capabilities = { plain, tls: plain.filter((c) => !/^START?TLS|^STLS/.test(c)) };
  const { port, ca, caFile, host, user, password } = await serve({ protocol, security, capabilities }, { authority });
  servers[kind] = { protocol, security, port, ca, caFile, host, user, password };
}
process.on('disconnect', () => process.exit(0));
process.send(servers);
