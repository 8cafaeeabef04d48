/** The framework's complaints about the command line, as one line that says what to write instead. Values are not repeated: they may be secret. */

/** @returns the line, or undefined where the error is not the person's. */
export function usageLine(error: Error): string | undefined {
  const said = error.message.split('\n')[0] ?? '';
  const name = error.constructor.name;
  if (/^(Nonexistent flags?:)/.test(said)) {
    const flag = /--?[a-z][a-z0-9-]*/i.exec(said)?.[0] ?? '';
    if (/^--(password|passwd|pass|token)$|^-p$/.test(flag))
      return 'there is no flag that takes a secret itself; use --password-stdin, --password-file, --password-command or --password-env (--token-… for a token)';
    return `there is no flag ${flag}; see --help`;
  }
  const command = /^command ([\s\S]*) not found$/.exec(error.message)?.[1];
  if (command !== undefined) {
    const word = command.split(/[:\s]/, 1)[0] ?? '';
    return `there is no command ${/^[a-z][a-z-]{0,20}$/.test(word) ? word : 'of that name'}; see mailcheck --help`;
  }
  if (/^Unexpected arguments?:/.test(said))
    return 'there is a word too many on the command line; give one address, and see --help';
  const expected = /^Expected (--[a-z-]+)=[\s\S]* to be one of: (.*)$/.exec(said);
  if (expected) return `${expected[1]} takes one of: ${expected[2]}`;
  const missing = /^Flag (--[a-z-]+) expects (.*)$/.exec(said);
  if (missing) return `${missing[1]} needs a value${missing[2]?.startsWith('one of') ? `: ${missing[2]}` : ''}`;
  const together = /^\s*--([a-z0-9-]+)=.* cannot also be provided when using --([a-z0-9-]+)/.exec(
    error.message.replace(/\n\s*/g, ' ').replace(/^.*?(--[a-z0-9-]+=)/, '$1'),
  );
  if (together) return `--${together[1]} and --${together[2]} exclude each other; give one of them`;
  if (/Missing \d required arg/.test(said)) return 'an argument is missing; see --help';
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
