/** The maps from words to meaning: TLS errors, socket errors, text as it was meant. */
import { describe, expect, it } from 'vitest';
import {
  decodeBase64Text,
  decodeEncodedWords,
  decodeQuotedPrintable,
  decodeText,
  mendMojibake,
  unescapeText,
} from '../../src/wire/decode.ts';
import { decodeEntities, htmlToText } from '../../src/wire/html.ts';
import { connectOutcomeOf, lookupOutcomeOf, readSocketError, socketErrorOfCode } from '../../src/wire/socketerror.ts';
import { certificateProblemOf, cleanTlsMessage, readTlsErrors, tlsFailureOf } from '../../src/wire/tlserror.ts';

const tlsNames = (text: string) => readTlsErrors(text).map((e) => (e.kind === 'tls' ? e.failure : e.problem));

describe('TLS errors', () => {
  it.each([
    ['write EPROTO 80:error:1408F10B:SSL routines:ssl3_get_record:wrong version number:../ssl3_record.c:332:', ['plain-answer']],
    ['ERR_SSL_WRONG_VERSION_NUMBER', ['plain-answer']],
    ['tls: first record does not look like a TLS handshake', ['plain-answer']],
    ['javax.net.ssl.SSLException: Unsupported or unrecognized SSL message', ['plain-answer']],
    ['SEC_E_INVALID_TOKEN (0x80090308)', ['plain-answer']],
    ['GnuTLS: An unexpected TLS packet was received.', ['plain-answer']],
    ['error:0A00042E:SSL routines::tlsv1 alert protocol version', ['protocol-version']],
    ['SSL_ERROR_UNSUPPORTED_VERSION', ['protocol-version']],
    ['[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:1129)', ['protocol-version']],
    ['[SSL: DH_KEY_TOO_SMALL] dh key too small', ['no-shared-cipher']],
    ['SSL_ERROR_NO_CYPHER_OVERLAP', ['no-shared-cipher']],
    ['Received fatal alert: handshake_failure', ['handshake-alert']],
    ['tlsv13 alert certificate required', ['certificate-required']],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', ['self-signed']],
    ['self-signed certificate in certificate chain', ['untrusted-root']],
    ['SELF_SIGNED_CERT_IN_CHAIN', ['untrusted-root']],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', ['incomplete-chain']],
    ['x509: certificate signed by unknown authority', ['untrusted-root']],
    ['x509: certificate has expired or is not yet valid: current time 2024-05-02 is after 2024-05-01', ['expired']],
    ['x509: certificate has expired or is not yet valid: current time 2020-01-01 is before 2024-05-01', ['not-yet-valid']],
    ['PKIX path validation failed: timestamp check failed NotAfter: Tue', ['expired']],
    ['invalid peer certificate: NotValidForName', ['identity-differs']],
    ['CERT_E_CN_NO_MATCH (0x800B010F)', ['identity-differs']],
    ['The operation couldn’t be completed. (OSStatus error -9807.)', ['untrusted']],
    ['certificate verify failed', ['untrusted']],
    ['certificate verify failed: certificate has expired', ['expired']],
    ['MOZILLA_PKIX_ERROR_MITM_DETECTED', ['intercepted']],
    ['CN = invalid2.invalid', ['server-name-missing']],
  ])('%s', (text, wanted) => {
    expect(tlsNames(text)).toEqual(wanted);
  });

  it('names several problems of one message, and nothing in plain prose', () => {
    expect(tlsNames('RemoteCertificateNameMismatch, RemoteCertificateChainErrors: UntrustedRoot NotTimeValid').sort()).toEqual([
      'expired',
      'identity-differs',
      'untrusted-root',
    ]);
    expect(tlsNames('550 5.1.1 User unknown')).toEqual([]);
    expect(tlsNames('the message was signed with DKIM and sent on port 9807')).toEqual([]);
  });

  it('serves the live handshake by code', () => {
    expect(tlsFailureOf('ECONNRESET', 'read ECONNRESET')).toBe('reset');
    expect(tlsFailureOf('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', '')).toBe('protocol-version');
    expect(tlsFailureOf('CERT_HAS_EXPIRED', 'certificate has expired')).toBeUndefined();
    expect(certificateProblemOf('CERT_HAS_EXPIRED', 'certificate has expired')).toBe('expired');
    expect(cleanTlsMessage('40B7F3A1:error:0A00010B:SSL routines::wrong version number:../deps/ssl/record.c:354:')).toBe(
      'error:0A00010B:SSL routines::wrong version number',
    );
  });
});

describe('socket errors', () => {
  const meaning = (text: string) => {
    const e = readSocketError(text);
    return e ? `${e.kind} ${e.outcome}` : undefined;
  };
  it.each([
    ['connect ECONNREFUSED 127.0.0.1:587', 'connect refused'],
    ['[Errno 61] something', 'connect refused'],
    ['WinError 10060', 'connect timeout'],
    ['SocketException (10061)', 'connect refused'],
    ['由于目标计算机积极拒绝，无法连接。', 'connect refused'],
    ['Es konnte keine Verbindung hergestellt werden, da der Zielcomputer die Verbindung verweigerte', 'connect refused'],
    ['No se puede establecer una conexión ya que el equipo de destino denegó expresamente dicha conexión', 'connect refused'],
    ['接続がタイムアウトしました', 'connect timeout'],
    ['Нет маршрута до узла', 'connect unreachable'],
    ['La red es inaccesible', 'connect unreachable'],
    ['read ECONNRESET', 'connect reset'],
    ['connect EACCES 198.51.100.7:465', 'connect denied'],
    ['getaddrinfo ENOTFOUND smtp.example.com', 'lookup nxdomain'],
    ['[Errno -3] Temporary failure in name resolution', 'lookup timeout'],
    ['[Errno 11001] getaddrinfo failed', 'lookup nxdomain'],
    ['getaddrinfo: [Errno -5] x', 'lookup no-data'],
    ['Nom ou service inconnu', 'lookup nxdomain'],
    ['lookup a.example on 10.0.0.1:53: server misbehaving', 'lookup servfail'],
    ['lookup a.example on 10.0.0.1:53: read udp: i/o timeout', 'lookup timeout'],
    ['dial tcp 198.51.100.7:25: i/o timeout', 'connect timeout'],
    ['Connection to server imap.example.com timed out.', 'connect timeout'],
    ['could not find the file', undefined],
    ['error 535', undefined],
  ])('%s', (text, wanted) => {
    expect(meaning(text)).toBe(wanted);
  });
  it('serves live codes', () => {
    expect(connectOutcomeOf('ECONNREFUSED')).toBe('refused');
    expect(connectOutcomeOf('EWHATEVER')).toBe('failed');
    expect(lookupOutcomeOf('ENOTFOUND')).toBe('nxdomain');
    expect(lookupOutcomeOf('ECONNREFUSED')).toBe('unreachable');
    expect(socketErrorOfCode('WSAETIMEDOUT')?.outcome).toBe('timeout');
    expect(socketErrorOfCode('constructor')).toBeUndefined();
  });
});

describe('text as it was meant', () => {
  it('reads charsets', () => {
    const gbk = Uint8Array.from([0xc7, 0xeb, 0xca, 0xb9, 0xd3, 0xc3, 0xca, 0xda, 0xc8, 0xa8, 0xc2, 0xeb, 0xb5, 0xc7, 0xc2, 0xbc]);
    expect(decodeText(gbk)).toMatchObject({ text: '请使用授权码登录', charset: 'gb18030', binary: false });
    expect(decodeText(Buffer.from('\ufeffhello 535', 'utf16le'))).toMatchObject({ text: 'hello 535', charset: 'utf-16le' });
    expect(decodeText(Buffer.from('ungültig', 'latin1')).text).toBe('ungültig');
    expect(decodeText(Buffer.from('\ufeff535 x')).text).toBe('535 x');
    expect(decodeText(Uint8Array.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2])).text).toBe('Привет');
  });
  it('knows what is no text', () => {
    expect(decodeText(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])).binary).toBe(true);
    expect(decodeText(Buffer.from('%PDF-1.7')).binary).toBe(true);
    expect(decodeText(new Uint8Array(300).fill(0)).binary).toBe(true);
    expect(decodeText(Buffer.from('')).binary).toBe(false);
  });
  it('mends mojibake', () => {
    expect(mendMojibake(Buffer.from('无法连接到服务器').toString('latin1'))).toBe('无法连接到服务器');
    expect(mendMojibake('MÃ¡y chá»§ tá»« chá»‘i')).toBe('Máy chủ từ chối');
    expect(mendMojibake('535 ÇëÊ¹ÓÃÊÚÈ¨ÂëµÇÂ¼')).toBe('535 请使用授权码登录');
    expect(mendMojibake(new TextDecoder('gbk').decode(Buffer.from('登录失败，请检查密码，')))).toContain('登录失败');
    expect(mendMojibake('Échec déjà très « long »')).toBe('Échec déjà très « long »');
    expect(mendMojibake('Größe überschritten')).toBe('Größe überschritten');
  });
  it('reads escapes of programming languages and leaves Windows paths alone', () => {
    expect(unescapeText("(535, b'\\xe8\\xaf\\xb7 x')")).toBe("(535, b'请 x')");
    expect(unescapeText('Kh\\303\\264ng')).toBe('Không');
    expect(unescapeText('\\u8bf7')).toBe('请');
    expect(unescapeText('5.7.8 a\\n5.7.8 b\\r\\n')).toBe('5.7.8 a\n5.7.8 b\n');
    expect(unescapeText('C:\\Users\\nguyen\\texte')).toBe('C:\\Users\\nguyen\\texte');
  });
  it('reads MIME encodings', () => {
    expect(decodeQuotedPrintable('gr=C3=B6=\n=C3=9Fe =3D')).toBe('größe =');
    expect(decodeEncodedWords('=?UTF-8?B?5peg?= =?UTF-8?B?5rOV?= x =?utf-8?Q?gr=C3=BC=C3=9Fe_y?=')).toBe('无法 x grüße y');
    expect(decodeBase64Text('UGFzc3dvcmQ6')).toBe('Password:');
    expect(decodeBase64Text('not base64!')).toBeUndefined();
  });
  it('reduces HTML to its words and keeps what only looks like a tag', () => {
    expect(
      htmlToText(
        '<html><head><title>t</title><style>p{}</style></head><body><p>Fehler<br>550</p><!-- x --><a href="u">y</a></body>',
      ).trim(),
    ).toBe('Fehler\n550\n\ny');
    expect(htmlToText('550 <user@example.com>: x <LZmGp6mZ>')).toBe('550 <user@example.com>: x <LZmGp6mZ>');
    expect(decodeEntities('&lt;a@b&gt; l&rsquo;x &#26080; &bogus;')).toBe('<a@b> l’x 无 &bogus;');
  });
});
