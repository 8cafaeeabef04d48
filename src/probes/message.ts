/** The one small message that `--send` sends to the account itself (RFC 5322), marked as a test. */

/** @returns the message with CRLF line ends, without the final dot, and its Message-ID. Addresses are paths that were checked before. */
export function testMessage(from: string, to: string, date: Date, token: string): { readonly text: string; readonly id: string } {
  const id = `<mailcheck.${token}@${from.slice(from.lastIndexOf('@') + 1)}>`;
  const lines = [
    `From: <${from}>`,
    `To: <${to}>`,
    'Subject: mailcheck test message, you can delete it',
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: ${id}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'X-Mailcheck: test',
    '',
    'This message was sent by mailcheck to prove that this sender may send.',
    'You asked for it with --send. It needs no answer; you can delete it.',
  ];
  return { text: lines.join('\r\n'), id };
}
