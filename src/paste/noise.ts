/** Lines that say nothing about a fault: stack frames, progress of tools, polite footers, successes. */

const FRAMES: readonly RegExp[] = [
  /^at .{1,300}\)$/,
  /^at (?:async )?[\w$.<>[\] ]{1,120}(?:\(.{0,300})?$/,
  /^at .{1,200}:\d{1,6}(?::\d{1,6})?\)?$/,
  /^(?:bei|em|en|à|в|位于|場所) [\w$.<>[\]`]{3,150}\(.{0,300}\)(?: .{0,200})?$/,
  /^at [\w\\$]{1,120}(?:::|->)\w{1,80}(?:\(.{0,300})?$/,
  /^(?:- )?[/\w.-]{1,250}\.php(?::|,| -)? (?:line )?\d{1,6}(?::.{0,200})?$/,
  /^File ".{1,300}", line \d{1,6}/,
  /^#\d{1,3} {1,3}(?:\/|\{main\}|0x|[A-Z]:\\|<\w|[\w\\]{2,80}(?:->|::|\(|\.)).{0,300}/,
  /^\.\.\. \d{1,5} (?:more|common frames omitted)/,
  /^Traceback \(most recent call last\)/,
  /^(?:from )?[/\w.-]{1,200}\.(?:rb|py|go|php|js|ts|java|cs|erl|ex):\d{1,6}(?::.{0,200})?$/,
  /^goroutine \d/,
  /^(?:raise|return|await|yield|if|for|try|with) .{0,200}[()[\]=:]{1,2}/,
  /^(?:self|context|server|smtp|imap|pop|conn|client|sock)\.\w{1,40}(?:\(| = |\.\w{1,40}\()/,
  /^[\w.]{1,80} = .{0,200}\)$/,
  /^[\s^~|_=*#.+-]{2,}$/,
  /^[{}()[\],;:]{1,6}$/,
  /^(?:verify return:[01]|CONNECTED\([0-9A-F]{4,16}\))$/,
  /^\{ \[\d+ bytes data\]$/,
  /^[[{] ?\d+ bytes/,
  /^During handling of the above exception/,
  /^The above exception was the direct cause/,
  /^-{3,}.{0,80}-{3,}$/,
];

const FOOTERS =
  /^(?:sent from my|get outlook for|sent via|virus-free|this (?:e-?mail|message).{0,60}(?:confidential|intended (?:only|solely))|unsubscribe|confidentiality notice|please consider the environment|gửi từ|发自我的|從我的|von meinem .{0,30}gesendet|envoyé de mon|enviado desde mi)\b|(?:checked|scanned) (?:for viruses )?by .{0,40}anti-?virus/i;

const SUCCESS =
  /status=sent\b|\(250 2\.|: (?:250|235|220|221|354) |Connection closed by foreign host|^(?:250|235|221)[ -]|^\+OK\b|(?:^|: )\* OK\b|^Message (?:accepted|queued)|stat=Sent\b|^(?:Trying [\d.:a-f]+\.{3}|Connected to |Escape character is)/i;

/** @returns true for a stack frame, a ruler, or another line that carries no words. */
export function isFrame(line: string): boolean {
  return line === '' || FRAMES.some((r) => r.test(line));
}

/** @returns true for a footer or the record of a success: never a saying. */
export function isHarmless(line: string): boolean {
  return (
    FOOTERS.test(line) ||
    (SUCCESS.test(line) && !/\b[45]\d\d[ -]|fail|error|refus|reject|denied|unexpect|invalid|expected|instead|wrong/i.test(line))
  );
}
