/** The name of the server and what the resolver said about it (RFC 1035, 2308, 8020). */
import type { Cause } from '../model/cause.ts';

export const dns: readonly Cause[] = [
  {
    id: 'dns.no-such-host',
    category: 'connection',
    stage: 'dns',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The server name does not exist',
      meaning: 'The domain name system answers that there is no such name (NXDOMAIN), so there is no server to connect to.',
      fix: [
        'Correct the server name: compare it letter by letter with the one on the help page of your provider.',
        'Remove blanks, https:// and anything after the name from the server field.',
        'Put the name of the mail server there rather than your mail address.',
        'Where the domain is your own, check that it is still registered and that its DNS zone holds the name.',
        'Where the name exists only inside a company, connect its network or VPN first.',
      ],
    },
    links: [
      { title: 'RFC 2308 section 2.1, name error', url: 'https://www.rfc-editor.org/rfc/rfc2308#section-2.1' },
      {
        title: 'RFC 8020, NXDOMAIN: there really is nothing underneath',
        url: 'https://www.rfc-editor.org/rfc/rfc8020#section-2',
      },
    ],
    test: 'Ask a second resolver for the name (--compare-resolver): NXDOMAIN from both proves it.',
    example: {
      paste: 'Error: getaddrinfo ENOTFOUND pop.exmaple-mail.test',
      serve: { protocol: 'pop3', dns: 'nxdomain' },
    },
    rules: [],
  },
  {
    id: 'dns.no-address',
    category: 'connection',
    stage: 'dns',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server name has no address',
      meaning:
        'The name exists in the domain name system, but has neither an IPv4 nor an IPv6 address, so nothing can connect to it.',
      fix: [
        'Use the name of the mail server, such as imap.example.com, in place of the bare domain.',
        'Ask the administrator of the domain to add an A or AAAA record for the name.',
        'Check the target where the name is an alias (CNAME): it must have an address itself.',
      ],
    },
    links: [{ title: 'RFC 2308 section 2.2, no data', url: 'https://www.rfc-editor.org/rfc/rfc2308#section-2.2' }],
    test: 'Ask for the A and AAAA records of the name: an empty answer without an error proves it.',
    example: {
      paste: 'socket.gaierror: [Errno -5] No address associated with hostname',
      serve: { protocol: 'imap', dns: 'no-data' },
    },
    rules: [],
  },
  {
    id: 'dns.server-failure',
    category: 'connection',
    stage: 'dns',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The name server fails or refuses to answer',
      meaning:
        'A name server was reached but answers with an error (SERVFAIL, REFUSED or nonsense). It says nothing about whether the mail server exists.',
      fix: [
        'Wait some minutes and try again: such failures often pass.',
        'Set another DNS server in the network settings of this machine, for example 9.9.9.9 or 1.1.1.1.',
        'Where the domain is your own, have its name servers and its DNSSEC signatures checked.',
        'Report it to whoever runs the resolver of this network.',
      ],
    },
    links: [
      { title: 'RFC 1035 section 4.1.1, response codes', url: 'https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1' },
      { title: 'RFC 8914, extended DNS errors', url: 'https://www.rfc-editor.org/rfc/rfc8914#section-4' },
    ],
    test: 'Ask another resolver for the same name: an answer there puts the fault on this resolver, the same failure on the name servers of the domain.',
    example: {
      paste:
        'Host or domain name not found. Name service error for name=mail.example.org type=A: Host not found, try again (SERVFAIL)',
      serve: { protocol: 'smtp', dns: 'servfail' },
    },
    rules: [],
  },
  {
    id: 'dns.timeout',
    category: 'connection',
    stage: 'dns',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The name server does not answer',
      meaning:
        'The question for the address of the server got no answer in time. Either this machine has no network, or its resolver is out of reach.',
      fix: [
        'Check that this machine is online: open any web page that you have not opened today.',
        'Set another DNS server in the network settings of this machine, for example 9.9.9.9 or 1.1.1.1.',
        'Switch a VPN off, or on where the name belongs to a company, and try again.',
        'In a container, give it a resolver that it can reach (the dns setting of Docker or the pod).',
        'Restart the router of this network.',
      ],
    },
    links: [{ title: 'RFC 1035 section 7.2, sending the queries', url: 'https://www.rfc-editor.org/rfc/rfc1035#section-7.2' }],
    test: 'Look up any other well-known name: if that fails too, the resolver or the network is at fault.',
    example: {
      paste: 'getaddrinfo EAI_AGAIN smtp.example.com',
      serve: { protocol: 'smtp', dns: 'timeout' },
    },
    rules: [],
  },
  {
    id: 'dns.answers-differ',
    category: 'connection',
    stage: 'dns',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The resolver gives a wrong or different address',
      meaning:
        'The answer is an address where no mail server can be (0.0.0.0, a block page), or two resolvers disagree about the name. A filter, stale record or separate inside zone changes what this machine sees.',
      fix: [
        'Allow the name in the DNS filter (Pi-hole, AdGuard, parental control, company filter) that blocks it.',
        'Set another DNS server in the network settings of this machine and compare.',
        'Remove an old line for the name from the hosts file of this machine.',
        'Where the record was changed not long ago, wait until the old one has expired (its TTL).',
      ],
    },
    links: [
      {
        title: 'RFC 8914 section 4.16, blocked and filtered answers',
        url: 'https://www.rfc-editor.org/rfc/rfc8914#section-4.16',
      },
      { title: 'RFC 1035 section 3.2.1, time to live', url: 'https://www.rfc-editor.org/rfc/rfc1035#section-3.2.1' },
    ],
    test: 'Ask a second resolver (--compare-resolver) and compare the addresses.',
    example: {
      paste:
        'smtp.example.com resolves to 0.0.0.0 on this network; connect to smtp.example.com[0.0.0.0]:587 is blocked by the DNS filter',
      serve: { protocol: 'imap', dns: 'sinkhole' },
    },
    rules: [],
  },
];
