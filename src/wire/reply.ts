/** What the three protocols' replies have in common once they are read. */

export interface Reply {
  readonly status: 'ok' | 'no' | 'continue' | 'preauth' | 'malformed';
  readonly code?: number;
  readonly enhanced?: string;
  readonly responseCode?: string;
  readonly condition?: string;
  /** The human words of all lines, joined by newlines. */
  readonly text: string;
  /** Lines of a multi-line answer: EHLO keywords, POP3 body, IMAP untagged responses. */
  readonly body: readonly string[];
  /** Why it is malformed. */
  readonly fault?: string;
}

export const MALFORMED = (fault: string, lines: readonly string[]): Reply => ({
  status: 'malformed',
  text: lines.join('\n'),
  body: [],
  fault,
});
