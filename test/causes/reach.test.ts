/** What servers, clients, libraries and logs say when a server cannot be reached or trusted, read and judged like a paste. */
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/causes/index.ts';
import { judge } from '../../src/judge.ts';
import { factsOf } from '../../src/model/facts.ts';
import { read } from '../../src/paste/read.ts';

/** The causes that are right, the likeliest first, and the text. */
const TEXTS: readonly (readonly [string, string])[] = [
  [
    'connect.timeout,connect.port-blocked',
    'Server returned error: "Connection timed out: There may be a problem with the settings you added. Please contact your other email provider to verify the correct server name and port."',
  ],
  ['connect.refused', 'Server returned error: "Connection refused: There may be a problem with the settings you added."'],
  ['dns.no-such-host', 'Server returned error: "Unknown host: pop.exmaple.com"'],
  ['certificate.identity-differs', "TLS Negotiation failed, the certificate doesn't match the host., code: 0"],
  [
    'certificate.self-signed,certificate.untrusted-root',
    'Unable to establish secure SSL connection to pop.example.com. Server returned error: "SSL error: self signed certificate"',
  ],
  [
    'certificate.expired',
    'Unable to establish secure SSL connection to pop.example.com. Server returned error: "SSL error: certificate has expired"',
  ],
  ['tls.implicit-on-plain-port', "Couldn't reach server, code: 0. SSL error: wrong version number"],
  ['connect.timeout,connect.port-blocked', "Couldn't reach server. Connection timed out. code: 0"],
  [
    'connect.unexplained,connect.timeout,connect.port-blocked',
    'Unable to connect to the server. Please check the server name, port and SSL settings.',
  ],
  [
    'certificate.untrusted-root,certificate.self-signed,certificate.incomplete-chain',
    'Invalid Certificate Error: sun.security.validator.ValidatorException: PKIX path building failed',
  ],
  [
    'certificate.untrusted-root,certificate.self-signed,certificate.incomplete-chain',
    'Error while connecting to POP server: Untrusted certificate',
  ],
  [
    'connect.unexplained',
    'Outlook 无法连接到传出 (SMTP) 电子邮件服务器。如果您继续收到此消息，请与服务器管理员或 Internet 服务提供商(ISP)联系。',
  ],
  ['connect.unexplained', '登录到收件服务器(POP3): 无法连接到服务器 0x800CCC0E'],
  [
    'connect.timeout,connect.port-blocked',
    '任务“user@example.com - 正在接收”报告了错误(0x8004210A):“等待接收(POP)服务器响应时操作超时。”',
  ],
  ['dns.no-such-host', '找不到电子邮件服务器。请验证帐户属性中的服务器信息。 0x800CCC0D'],
  ['connect.reset', '与服务器的连接被中断。如果该问题仍然存在，请与服务器管理员联系。 0x800CCC0F'],
  ['connect.unexplained', 'Outlook không thể kết nối với máy chủ email gửi đi (SMTP) của bạn.'],
  [
    'connect.unexplained',
    'Outlook kann keine Verbindung mit dem Postausgangsserver (SMTP) herstellen. Wenden Sie sich an den Serveradministrator (0x80042109)',
  ],
  [
    'connect.reset',
    'Die Verbindung mit dem Server wurde unterbrochen. Wenn das Problem weiterhin auftritt, wenden Sie sich an den Serveradministrator. (0x800CCC0F)',
  ],
  [
    'connect.timeout,connect.port-blocked',
    'Zeitüberschreitung beim Warten auf eine Antwort vom Empfangsserver (POP). 0x8004210A',
  ],
  [
    'dns.no-such-host',
    'Der E-Mail-Server wurde nicht gefunden. Überprüfen Sie die Serverinformationen in den Kontoeigenschaften. (0x800CCC0D)',
  ],
  ['connect.unexplained', 'Outlook ne peut pas se connecter à votre serveur de messagerie sortant (SMTP).'],
  ['connect.reset', 'La connexion au serveur a été interrompue. (0x800CCC0F)'],
  ['connect.unexplained', '无法获取邮件 与服务器的连接失败'],
  [
    'connect.unexplained,connect.timeout',
    '邮件服务器“imap.example.com”没有响应。请验证您是否在“邮件”设置中输入了正确的帐户信息。',
  ],
  [
    'certificate.identity-differs,certificate.untrusted-root',
    '无法验证服务器身份 “邮件”无法验证“mail.example.com”的身份。请查看证书详细信息以继续。',
  ],
  ['certificate.identity-differs,certificate.untrusted-root', 'Không thể xác minh danh tính máy chủ'],
  [
    'certificate.identity-differs,certificate.untrusted-root',
    'Cannot Verify Server Identity. The identity of "mail.example.com" cannot be verified by Mail. Review the certificate details to continue.',
  ],
  [
    'certificate.identity-differs,certificate.untrusted-root',
    'Mail can\'t verify the identity of "imap.example.com". The certificate for this server is invalid. You might be connecting to a server that is pretending to be "imap.example.com"',
  ],
  ['connect.unexplained', 'Không thể nhận Thư. Kết nối tới máy chủ bị lỗi.'],
  ['connect.unexplained', 'サーバへの接続に失敗しました。'],
  ['connect.unexplained', 'K-9: Cannot connect to server.'],
  ['tls.starttls-missing', 'Cannot connect to server. (STARTTLS connection security not available)'],
  [
    'certificate.untrusted-root,certificate.incomplete-chain,certificate.intercepted',
    'Cannot connect to server. (java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.)',
  ],
  [
    'certificate.identity-differs',
    'Hostname mail.example.org not verified: certificate: sha256/abc DN: CN=web1.hoster.example subjectAltNames: [web1.hoster.example]',
  ],
  [
    'connect.refused',
    'failed to connect to imap.example.com/192.0.2.5 (port 993): connect failed: ECONNREFUSED (Connection refused)',
  ],
  [
    'connect.timeout,connect.port-blocked',
    'failed to connect to /192.0.2.5 (port 993) after 30000ms: isConnected failed: ETIMEDOUT',
  ],
  [
    'connect.timeout,connect.port-blocked',
    'java.net.SocketTimeoutException: failed to connect to smtp.example.com/192.0.2.7 (port 587) from /10.0.0.3 (port 40112) after 30000ms',
  ],
  ['dns.no-such-host', 'Unable to resolve host "imap.exmaple.com": No address associated with hostname'],
  ['tls.implicit-on-plain-port', 'javax.net.ssl.SSLProtocolException: Unable to parse TLS packet header'],
  ['tls.handshake-failed,connect.reset', 'javax.net.ssl.SSLHandshakeException: Connection closed by peer'],
  [
    'tls.handshake-failed,tls.version-too-old',
    'javax.net.ssl.SSLProtocolException: SSL handshake aborted: ssl=0x7f8: Failure in SSL library, usually a protocol error',
  ],
  [
    'certificate.untrusted-root,certificate.identity-differs,certificate.incomplete-chain',
    "MailKit.Security.SslHandshakeException: An error occurred while attempting to establish an SSL or TLS connection. The server's SSL certificate could not be validated for the following reasons: The server certificate has the following errors: • A certificate chain processed, but terminated in a root certificate which is not trusted by the trust provider.",
  ],
  [
    'certificate.revocation-unchecked',
    'The server certificate has the following errors: The revocation function was unable to check revocation for the certificate.',
  ],
  [
    'tls.implicit-on-plain-port',
    'MailKit.Security.SslHandshakeException: An error occurred while attempting to establish an SSL or TLS connection. When connecting to an SMTP service, port 587 is typically reserved for plain-text connections. System.IO.IOException: Cannot determine the frame size or a corrupted frame was received.',
  ],
  ['tls.starttls-missing', 'System.NotSupportedException: The SMTP server does not support the STARTTLS extension.'],
  ['tls.starttls-missing', 'Server does not support secure connections.'],
  [
    'certificate.untrusted-root,certificate.self-signed,certificate.incomplete-chain',
    'The remote certificate is invalid according to the validation procedure: RemoteCertificateChainErrors',
  ],
  [
    'certificate.identity-differs',
    'The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch',
  ],
  [
    'certificate.untrusted-root,certificate.self-signed,certificate.incomplete-chain',
    'The remote certificate was rejected because of the following error(s): UntrustedRoot',
  ],
  [
    'certificate.untrusted-root,certificate.incomplete-chain',
    'OpenSSL::SSL::SSLError: SSL_connect returned=1 errno=0 state=error: certificate verify failed (unable to get local issuer certificate)',
  ],
  ['tls.implicit-on-plain-port', 'OpenSSL::SSL::SSLError: SSL_connect returned=1 errno=0 state=error: wrong version number'],
  ['connect.reset', 'Errno::ECONNRESET: Connection reset by peer - SSL_connect'],
  ['connect.reset', 'Net::ReadTimeout with #<TCPSocket:(closed)>: EOFError: end of file reached'],
  ['connect.refused', 'Errno::ECONNREFUSED: Connection refused - connect(2) for "localhost" port 25'],
  ['certificate.identity-differs', "x509: cannot validate certificate for 192.0.2.9 because it doesn't contain any IP SANs"],
  [
    'certificate.expired',
    'x509: certificate has expired or is not yet valid: current time 2024-10-01T00:00:00Z is after 2024-09-30T00:00:00Z',
  ],
  [
    'certificate.not-yet-valid,certificate.local-clock',
    'x509: certificate has expired or is not yet valid: current time 2019-01-01T00:00:00Z is before 2024-06-01T00:00:00Z',
  ],
  ['tls.version-too-old', 'tls: no supported versions satisfy MinVersion and MaxVersion'],
  ['tls.version-too-old', 'remote error: tls: protocol version not supported'],
  ['tls.handshake-failed,tls.no-shared-cipher', 'remote error: tls: handshake failure'],
  ['certificate.untrusted-root,tls.client-certificate-required', 'remote error: tls: bad certificate'],
  ['tls.client-certificate-required', 'remote error: tls: certificate required'],
  ['certificate.self-signed', 'certificate verify failed: self signed certificate (_ssl.c:1123)'],
  [
    'certificate.identity-differs',
    "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'mail.a.example'. (_ssl.c:1129)",
  ],
  ['certificate.identity-differs', "certificate verify failed: IP address mismatch, certificate is not valid for '192.0.2.1'"],
  ['tls.starttls-missing', 'smtplib.SMTPException: STARTTLS extension not supported by server.'],
  ['tls.handshake-failed,connect.reset', 'ssl.SSLEOFError: EOF occurred in violation of protocol (_ssl.c:2396)'],
  ['connect.reset,tls.plain-on-implicit-port', 'smtplib.SMTPServerDisconnected: please run connect() first'],
  ['connect.unreachable', 'OSError: [WinError 10051] A socket operation was attempted to an unreachable network'],
  ['connect.unreachable', '[WinError 10065] A socket operation was attempted to an unreachable host'],
  [
    'connect.local-policy',
    'PermissionError: [WinError 10013] An attempt was made to access a socket in a way forbidden by its access permissions',
  ],
  ['certificate.identity-differs', "SSL: no alternative certificate subject name matches target host name 'mail.a.example'"],
  ['certificate.expired', 'curl: (60) SSL certificate problem: certificate has expired'],
  [
    'tls.handshake-failed,connect.reset',
    'curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to smtp.example.com:465',
  ],
  ['tls.implicit-on-plain-port', 'curl: (35) error:0A00010B:SSL routines::wrong version number'],
  ['greeting.rejected,protocol.violation,greeting.wrong-service', 'curl: (8) Got unexpected smtp-server response: 554'],
  [
    'connect.timeout,connect.port-blocked',
    "curl: (28) Failed to connect to smtp.example.com port 25 after 130000 ms: Couldn't connect to server",
  ],
  ['tls.starttls-missing', 'curl: (64) STARTTLS not supported.'],
  [
    'certificate.untrusted-root,certificate.incomplete-chain',
    "msmtp: TLS certificate verification failed: the certificate hasn't got a known issuer",
  ],
  [
    'certificate.identity-differs',
    'msmtp: TLS certificate verification failed: the certificate owner does not match hostname mail.a.example',
  ],
  ['tls.handshake-failed', 'msmtp: TLS handshake failed: A TLS fatal alert has been received.'],
  ['connect.reset,server.unavailable', 'msmtp: the server sent an empty reply'],
  ['tls.handshake-failed', 'fetchmail: SSL connection failed.\nfetchmail: socket error while fetching from user@pop.example.com'],
  ['certificate.self-signed', 'fetchmail: Server certificate verification error: self signed certificate'],
  [
    'certificate.untrusted-root,certificate.incomplete-chain',
    'fetchmail: Server certificate verification error: unable to get local issuer certificate',
  ],
  ['connect.refused', 'fetchmail: connection to pop.example.com:pop3 [192.0.2.4/110] failed: Connection refused.'],
  [
    'certificate.pin-mismatch',
    'fetchmail: pop.example.com key fingerprint: AA:BB\nfetchmail: pop.example.com fingerprints do not match!',
  ],
  ['dns.no-such-host', "fetchmail: couldn't resolve pop.exmaple.com (Name or service not known)"],
  [
    'connect.timeout,connect.port-blocked',
    '*** Error connecting to smtp.example.com:587:\n*** \\tIO::Socket::INET6: connect: timeout',
  ],
  ['connect.refused', '*** Error connecting to 192.0.2.5:25:\n*** \\tIO::Socket::INET6: connect: Connection refused'],
  ['tls.starttls-missing', '*** Host did not advertise STARTTLS'],
  [
    'tls.handshake-failed',
    '*** TLS startup failed (connect(): error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure)',
  ],
  ['greeting.timeout', '*** Remote host did not send a banner: timed out waiting for the server greeting'],
  ['connect.refused', '(host mx.example.org[192.0.2.1] connect: Connection refused) status=deferred'],
  ['connect.refused', 'status=deferred (connect to mail.example.org[192.0.2.6]:25: Connection refused)'],
  ['connect.unreachable', 'status=deferred (connect to mail.example.org[2001:db8::6]:25: Network is unreachable)'],
  [
    'connect.timeout,connect.port-25,connect.port-blocked',
    'delivery temporarily suspended: connect to mx.example.org[203.0.113.8]:25: Connection timed out',
  ],
  [
    'connect.reset',
    'status=deferred (lost connection with mx.example.org[192.0.2.1] while receiving the initial server greeting)',
  ],
  [
    'connect.reset,server.unavailable',
    'status=deferred (lost connection with mx.example.org[192.0.2.1] while sending end of data -- message may be sent more than once)',
  ],
  [
    'greeting.timeout,server.unavailable',
    'status=deferred (conversation with mx.example.org[192.0.2.1] timed out while receiving the initial server greeting)',
  ],
  ['tls.starttls-missing', 'status=deferred (TLS is required, but was not offered by host mx.example.org[192.0.2.1])'],
  ['tls.handshake-failed', 'status=deferred (Cannot start TLS: handshake failure)'],
  ['certificate.untrusted-root,certificate.incomplete-chain', 'status=deferred (Server certificate not trusted)'],
  ['certificate.identity-differs', 'status=deferred (Server certificate not verified)'],
  ['server.misconfigured', 'status=bounced (mail for example.org loops back to myself)'],
  [
    'server.misconfigured',
    'warning: do not list domain example.org in BOTH mydestination and virtual_mailbox_domains: mail loop',
  ],
  [
    'dns.no-such-host,dns.no-address',
    'status=bounced (Host or domain name not found. Name service error for name=exampel.org type=A: Host not found)',
  ],
  [
    'dns.server-failure,dns.timeout',
    'status=deferred (Host or domain name not found. Name service error for name=example.org type=MX: Host not found, try again)',
  ],
  ['dns.no-such-host,dns.no-address', '550 5.1.2 <joe@exampel.org>... Host unknown (Name server: exampel.org: host not found)'],
  ['connect.refused', '451 4.4.1 ... Deferred: Connection refused by mx.example.org.'],
  ['connect.timeout,connect.port-blocked,connect.port-25', 'stat=Deferred: Connection timed out with mx.example.org.'],
  ['connect.reset', 'stat=Deferred: Connection reset by mx.example.org.'],
  ['dns.server-failure,dns.timeout', 'stat=Deferred: Name server: mx.example.org.: host name lookup failure'],
  ['tls.handshake-failed', 'stat=Deferred: 403 4.7.0 TLS handshake failed.'],
  ['connect.refused', 'H=mx.example.org [192.0.2.1]: Connection refused'],
  ['connect.timeout,connect.port-blocked,connect.port-25', 'H=mx.example.org [192.0.2.1]: Connection timed out'],
  ['dns.timeout,dns.server-failure', 'R=dnslookup T=remote_smtp defer (-1): host lookup did not complete'],
  ['tls.implicit-on-plain-port', 'TLS error on connection to mx.example.org [192.0.2.1] (SSL_connect): error:1408F10B'],
  ['connect.refused', "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1) Connection refused"],
  [
    'connect.unexplained,connect.timeout',
    "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.",
  ],
  ['dns.no-such-host', "Sorry, I couldn't find any host named exampel.org. (#5.1.2)"],
  ['dns.no-such-host', "Sorry, I couldn't find a mail exchanger or IP address. (#5.4.4)"],
  [
    'connect.timeout,connect.port-blocked,connect.unexplained',
    '450 4.4.316 Connection refused [Message=Socket error code 10060]',
  ],
  ['connect.refused', '450 4.4.316 Connection refused [Message=Socket error code 10061]'],
  ['dns.no-such-host,dns.no-address', '550 5.4.310 DNS domain exampel.org does not exist [Message=InfoDomainNonexistent]'],
  [
    'tls.handshake-failed,tls.version-too-old',
    '450 4.4.317 Cannot connect to remote server [Message=451 4.4.0 TLS negotiation failed with error SocketError]',
  ],
  ['certificate.expired', '450 4.7.320 Certificate validation failed [Message=CertificateExpired]'],
  [
    'certificate.identity-differs,certificate.untrusted-root',
    '450 4.7.320 Certificate validation failed [Message=SubjectMismatch]',
  ],
  ['server.misconfigured', '554 5.4.14 Hop count exceeded - possible mail loop'],
  ['server.unavailable', '421 4.3.2 Service not active'],
  ['server.unavailable', '421 4.3.2 The service is not available. Please contact support'],
  ['tls.client-certificate-required', "imap-login: Info: Disconnected (cert required, client didn't start TLS)"],
  ['tls.client-certificate-required', "imap-login: Disconnected (client didn't send a cert)"],
  [
    'tls.no-shared-cipher',
    'imap-login: Disconnected: TLS handshaking: SSL_accept() failed: error:0A0000C1:SSL routines::no shared cipher',
  ],
  [
    'certificate.untrusted-root,certificate.incomplete-chain',
    'imap-login: Disconnected: TLS: SSL_read failed: error:0A000418:SSL routines::tlsv1 alert unknown ca: SSL alert number 48',
  ],
  [
    'certificate.expired',
    'pop3-login: TLS handshaking: SSL_accept() failed: error:14094415:SSL routines:ssl3_read_bytes:sslv3 alert certificate expired: SSL alert number 45',
  ],
  [
    'tls.plain-on-implicit-port,tls.implicit-on-plain-port,tls.version-too-old',
    'imap-login: Info: Disconnected: TLS handshaking: SSL_accept() failed: error:1408F10B:SSL routines:ssl3_get_record:wrong version number',
  ],
  ['tls.plain-on-implicit-port', 'warning: TLS library problem: error:0A00009C:SSL routines::http request'],
  ['greeting.middlebox', 'STARTTLS not offered: firewall with SMTP inspection replaces EHLO: 250-XXXXXXXA'],
  ['settings.wrong-server', 'NO [ALERT] Your mailbox is hosted in a different region. Use the server of your region'],
  ['settings.user-name-form', '535 5.7.8 Error: authentication failed: username must contain the domain part, e.g. user@domain'],
  ['connect.local-policy', 'SMTP ERROR: Failed to connect to server: Operation not permitted (1)'],
  ['connect.port-blocked', 'Your hosting provider blocks outgoing SMTP connections on port 587'],
  ['connect.proxy', 'org.apache.http: Unable to tunnel through proxy. Proxy returns "HTTP/1.1 403 Forbidden"'],
];

function findings(text: string) {
  const { evidence, known } = read(text);
  return judge(factsOf(evidence, { pasted: true, ...(known.protocol ? { protocol: known.protocol } : {}) }), catalogue).findings;
}

describe('texts about reaching a server', () => {
  test.each(TEXTS)('%s: %s', (wanted, text) => {
    const [first] = findings(text);
    expect(wanted.split(',')).toContain(first?.cause.id);
    expect(first?.certainty).not.toBe('proven');
  });
});
