/** The framework's complaints about the command line, as one line that says what to write instead. Values are not repeated: they may be secret. */
import { nearest } from '../settle/near.ts';

/** What a person may have meant. */
export interface Vocabulary {
  readonly commands?: readonly string[];
  /** Of the command that was typed. */
  readonly flags?: readonly string[];
  /** The other commands that have a flag. */
  readonly others?: (flag: string) => readonly string[];
}

/** @returns the line, or undefined where the error is not the person's. */
export function usageLine(error: Error, known: Vocabulary = {}): string | undefined {
  const said = error.message.split('\n')[0] ?? '';
  const name = error.constructor.name;
  if (/^(Nonexistent flags?:)/.test(said)) {
    const flag = /--?[a-z][a-z0-9-]*/i.exec(said)?.[0] ?? '';
    if (/^--(password|passwd|pass|token)$|^-p$/.test(flag))
      return 'there is no flag that takes a secret itself; use --password-stdin, --password-file, --password-command or --password-env (--token-… for a token)';
    return `there is no flag ${flag}${flagMeant(flag.replace(/^-+/, ''), known)} (see --help)`;
  }
  const command = /^command ([\s\S]*) not found\.?$/i.exec(error.message)?.[1];
  if (command !== undefined) {
    const word = command.split(/[:\s]/, 1)[0] ?? '';
    const near = nearest(word, known.commands ?? []);
    return `there is no command ${/^[a-z][a-z-]{0,20}$/.test(word) ? word : 'of that name'}${near ? `; did you mean ${near}?` : ''} (see mailcheck --help)`;
  }
  if (/^Unexpected arguments?:/.test(said))
    return 'there is a word too many on the command line; give one address, and see --help';
  const expected = /^Expected (--[a-z-]+)=[\s\S]* to be one of: (.*)$/.exec(said);
  if (expected) return `${expected[1]} takes one of: ${expected[2]}`;
  const missing = /^Flag (--[a-z-]+) expects (.*)$/.exec(said);
  if (missing) return `${missing[1]} needs a value${missing[2]?.startsWith('one of') ? `: ${missing[2]}` : ''}`;
  const together = /^\s*--([a-z0-9-]+)=.*? cannot also be provided when using --([a-z0-9-]+)/.exec(
    error.message.replace(/\n\s*/g, ' ').replace(/^.*?(--[a-z0-9-]+=)/, '$1'),
  );
  if (together) return `--${together[1]} and --${together[2]} exclude each other; give one of them`;
  if (/Missing \d required arg/.test(said)) {
    const name = /^\s*([A-Z]+…?)(?:\s|$)/im.exec(error.message.replace(/^.*\n/, ''))?.[1]?.toUpperCase() ?? 'an argument';
    return `${name} is missing${name === 'ADDRESS' ? '; write one, as in you@example.com' : ''} (see --help)`;
  }
  if (/CLIParseError|RequiredArgsError|FailedFlagValidationError|ArgInvalidOptionError|CLIError/.test(name)) {
    const words = error.message
      .split('\n')
      .map((l) => l.trim())
      .filter((l) => l !== '' && !/^See more help/.test(l));
    return words
      .join(' ')
      .replace(/=[^\s]+/g, '')
      .slice(0, 300);
  }
  return undefined;
}

function flagMeant(name: string, known: Vocabulary): string {
  const ours = known.flags ?? [];
  const near = nearest(name, ours);
  if (near !== undefined) return `; did you mean --${near}?`;
  // Where there are several services: `--host` is `--imap-host`, `--pop-host`, `--smtp-host`.
  const longer = name.length > 2 ? ours.filter((f) => f.endsWith(`-${name}`)) : [];
  if (longer.length > 0) return `; there is ${longer.map((f) => `--${f}`).join(', ')}`;
  const others = known.others?.(name) ?? [];
  return others.length > 0 ? ` here; it belongs to: ${others.join(', ')}` : '';
}
