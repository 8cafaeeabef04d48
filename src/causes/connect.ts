/** The TCP connection (RFC 9293; RFC 8305 for several addresses; RFC 8314 and 6409 for the ports). */
import type { Cause } from '../model/cause.ts';

export const connect: readonly Cause[] = [
  {
    id: 'connect.port-25',
    category: 'connection',
    stage: 'connect',
    owner: 'you',
    severity: 'error',
    protocols: ['smtp'],
    words: {
      title: 'Port 25 is not for sending mail from an account',
      meaning:
        'Port 25 carries mail from server to server. Most networks block it for everybody else, and many servers take no log-in on it.',
      fix: [
        'Set the port for outgoing mail to 465 with SSL/TLS.',
        'Use port 587 with STARTTLS where 465 is not offered.',
        'Switch authentication on for the outgoing server, with the whole address as user name.',
        'Where this machine is a mail server of its own, ask the network or cloud provider to open outgoing port 25, or send through a relay on 587.',
      ],
    },
    links: [
      { title: 'RFC 8314 section 3.3, implicit TLS for submission', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-3.3' },
      { title: 'RFC 6409 section 3.1, submission port', url: 'https://www.rfc-editor.org/rfc/rfc6409#section-3.1' },
    ],
    test: 'Check the same host with --port 465 --security tls, then with --port 587 --security starttls.',
    example: {
      paste: 'Error: connect ETIMEDOUT 198.51.100.24:25 code: ESOCKET, syscall: connect, port: 25, command: CONN',
      unserved: 'A lab server may not listen on port 25 without special rights, and the block is made by the network.',
    },
    rules: [],
  },
  {
    id: 'connect.port-blocked',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The network blocks this port',
      meaning:
        'The server itself is reachable, but connections to this port get lost on the way. An internet provider, cloud host, hotel or company network filters it.',
      fix: [
        'Use the other standard port: for sending 465 with SSL/TLS or 587 with STARTTLS in place of 25.',
        'Try from another network, for example over a mobile phone.',
        'Allow outgoing connections to ports 465, 587, 993 and 995 in the firewall of this machine, router or company.',
        'Ask the internet or cloud provider whether it blocks the port and to open it.',
      ],
    },
    links: [
      { title: 'RFC 8314 section 7.3, registered ports', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-7.3' },
      { title: 'RFC 5068 section 5, port 25 blocking', url: 'https://www.rfc-editor.org/rfc/rfc5068#section-5' },
    ],
    test: 'Connect to the same port of another mail server (--control-host): if that times out as well, the network blocks the port.',
    example: {
      paste:
        'Sending failed: your internet service provider is blocking port 587, or a firewall blocks outgoing SMTP connections.',
      unserved: 'The block is made by a network in between, which no server on loopback can play.',
    },
    rules: [],
  },
  {
    id: 'connect.refused',
    category: 'connection',
    stage: 'connect',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server refuses connections on this port',
      meaning:
        'The machine is there and says at once that nothing listens on this port. The port is wrong, the service is not running, or the server has shut this address out.',
      fix: [
        'Check the port: 995 for POP3, 993 for IMAP, 465 or 587 for sending.',
        'Check the server name against the help page of your provider.',
        'Where this machine was refused after many failed log-ins, wait an hour or try from another network.',
        'Ask the administrator whether the service runs, listens on the public address and is allowed by the firewall.',
        'In a container, use the name of the mail server: localhost is the container itself.',
      ],
    },
    links: [
      {
        title: 'RFC 9293 section 3.5.2, reset of a connection request',
        url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.5.2',
      },
    ],
    test: 'Connect to the other standard ports of the host: if they open, only this service is not running.',
    example: {
      paste: 'ConnectionRefusedError: [Errno 111] Connection refused',
      serve: { protocol: 'imap', tcp: 'refuse' },
    },
    rules: [],
  },
  {
    id: 'connect.timeout',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The server does not answer on this port',
      meaning:
        'Nothing came back, neither yes nor no. Either a firewall drops the connection, or no machine stands at this address, or the port is not in use.',
      fix: [
        'Check the port: 995 for POP3, 993 for IMAP, 465 or 587 for sending.',
        'Check the server name against the help page of your provider.',
        'Try from another network, for example over a mobile phone, to see whether this one blocks mail.',
        'Allow outgoing mail ports in the firewall, antivirus program or VPN of this machine.',
        'Ask the administrator whether the server is up and its firewall lets this address in.',
      ],
    },
    links: [
      { title: 'RFC 9293 section 3.8.3, connection failures', url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.8.3' },
    ],
    test: 'Connect to the same port from another network: an answer there puts the block on this side.',
    example: {
      paste:
        'TimeoutError: [WinError 10060] A connection attempt failed because the connected party did not properly respond after a period of time',
      serve: { protocol: 'pop3', tcp: 'no-answer' },
    },
    rules: [],
  },
  {
    id: 'connect.unreachable',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'There is no route to the server',
      meaning:
        'A router, or this machine itself, reports that the address cannot be reached: the network is down, IPv6 is missing, or a gateway refuses to pass the traffic on.',
      fix: [
        'Check that this machine is online.',
        'Where the address is an IPv6 address, switch to IPv4 (--ipv4), or have IPv6 set up on this machine.',
        'Connect the VPN where the server stands in a private network.',
        'Ask the hosting or internet provider whether it lets outgoing mail connections pass.',
        'Ask the administrator of the server whether its machine and its route are up.',
      ],
    },
    links: [
      {
        title: 'RFC 1122 section 3.2.2.1, destination unreachable',
        url: 'https://www.rfc-editor.org/rfc/rfc1122#section-3.2.2.1',
      },
    ],
    test: 'Connect to any other host over the same address family: if that fails too, this machine has no route.',
    example: {
      paste: 'dial tcp 203.0.113.40:993: connect: no route to host',
      unserved: 'A missing route belongs to the machine or network, which no server on loopback can play.',
    },
    rules: [],
  },
  {
    id: 'connect.reset',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'The connection is cut before the server says anything',
      meaning:
        'The connection opens and is closed or reset at once. The server has shut this address out, a proxy in front of it has no server behind it, or a firewall cuts the line.',
      fix: [
        'Wait some minutes and try again: busy servers and blocks after failed log-ins end by themselves.',
        'Try from another network, for example over a mobile phone.',
        'Switch off the mail scan of an antivirus program, and any VPN, for a test.',
        'Check port and encryption: 995 for POP3, 993 for IMAP, 465 for sending go with SSL/TLS, 587 with STARTTLS.',
        'Ask the administrator what the log of the server says about this address.',
      ],
    },
    links: [{ title: 'RFC 9293 section 3.5.3, reset processing', url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.5.3' }],
    test: 'Connect from another network and look at the log of the server: a block there proves that the address is shut out.',
    example: {
      paste: 'Error: read ECONNRESET at TCP.onStreamRead errno: -104, syscall: read, command: CONN',
      serve: { protocol: 'imap', security: 'starttls', tcp: 'reset' },
    },
    rules: [],
  },
  {
    id: 'connect.one-family',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'warning',
    words: {
      title: 'Only one of IPv4 and IPv6 reaches the server',
      meaning:
        'The name has addresses of both kinds, and one kind does not work. Programs that try that one first wait a long time or give up.',
      fix: [
        'Where other hosts fail over IPv6 as well, repair IPv6 on this machine, router or container, or switch it off.',
        'Set the program to IPv4 until then (mailcheck: --ipv4).',
        'Ask the administrator of the server to let the service listen on both, or to remove the record of the dead address.',
      ],
    },
    links: [{ title: 'RFC 8305, Happy Eyeballs', url: 'https://www.rfc-editor.org/rfc/rfc8305#section-5' }],
    test: 'Check once with --ipv4 and once with --ipv6.',
    example: {
      paste: 'Connecting over IPv6 fails (2001:db8::25), it works with IPv4 only',
      serve: { protocol: 'imap', tcp: 'first-address-dead' },
    },
    rules: [],
  },
  {
    id: 'connect.local-policy',
    category: 'connection',
    stage: 'connect',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'This machine itself does not let the connection out',
      meaning:
        'The operating system refuses the connection before it leaves: a local firewall, security program, sandbox, VPN or data limit forbids it, or there is no usable own address.',
      fix: [
        'Allow the program in the firewall or security program of this machine.',
        'Allow background and mobile data for the mail app in the settings of the phone.',
        'On a server with SELinux or cPanel, allow the web application to open mail connections (httpd_can_sendmail, SMTP Restrictions).',
        'Switch the VPN or sandbox off for a test.',
        'Ask the administrator of this machine which rule forbids it.',
      ],
    },
    links: [{ title: 'RFC 9293 section 3.9.1.1, open call', url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.9.1.1' }],
    test: 'Connect with another program, or from another machine in the same network: if that works, the rule is local.',
    example: {
      paste: 'java.net.SocketException: Permission denied: connect',
      unserved: 'A local firewall or sandbox refuses before any server is reached.',
    },
    rules: [],
  },
  {
    id: 'connect.proxy',
    category: 'connection',
    stage: 'connect',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'A proxy or VPN in between breaks the connection',
      meaning: 'The program connects through a proxy, and the proxy refused the connection to the mail server or did not answer.',
      fix: [
        'Set the program to connect directly, without a proxy.',
        'Switch the VPN off for a test.',
        'Ask whoever runs the proxy to allow connections to ports 465, 587, 993 and 995.',
        'Correct name, port, user and password of the proxy where it wants a log-in.',
      ],
    },
    links: [
      { title: 'RFC 1928 section 6, SOCKS replies', url: 'https://www.rfc-editor.org/rfc/rfc1928#section-6' },
      { title: 'RFC 9110 section 9.3.6, CONNECT', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6' },
    ],
    test: 'Check without the proxy: if that passes, the proxy is at fault.',
    example: {
      paste: 'SOCKS5 proxy: connection not allowed by ruleset',
      unserved: 'It needs a proxy between the check and the server; the lab serves mail servers.',
    },
    rules: [],
  },
  {
    id: 'connect.unexplained',
    category: 'connection',
    stage: 'connect',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The server could not be reached, and no reason is given',
      meaning:
        'The text says only that there was no connection. Wrong name, wrong port, wrong encryption, a firewall or a server that is down all look like this.',
      fix: [
        'Run mailcheck against the same server and port: it names the stage that fails.',
        'Check the server name against the help page of your provider.',
        'Check port and encryption: 995, 993 and 465 go with SSL/TLS, 587 with STARTTLS.',
        'Try from another network, for example over a mobile phone.',
        'Switch on the debug output of the program (PHPMailer: SMTPDebug = 3) and look for the words after "connect".',
      ],
    },
    links: [{ title: 'RFC 8314 section 7.3, registered ports', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-7.3' }],
    test: 'Look for the text of the system behind the message: refused, timed out, unknown host or a TLS error.',
    example: {
      paste: 'SMTP Error: Could not connect to SMTP host.',
      unserved: 'A live check always sees how the connection fails.',
    },
    rules: [],
  },
];
