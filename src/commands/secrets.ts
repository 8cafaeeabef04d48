/** Where the password or token comes from: standard input, a file, a command, the environment, or a hidden prompt. Never the command line. */
import { spawn } from 'node:child_process';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { type Secret, sealSecret } from '../model/secret.ts';
import { Interrupted, UsageError } from '../model/usage.ts';

export interface SecretFlags {
  readonly 'password-stdin'?: boolean | undefined;
  readonly 'password-file'?: string | undefined;
  readonly 'password-command'?: string | undefined;
  readonly 'password-env'?: string | undefined;
  readonly 'token-stdin'?: boolean | undefined;
  readonly 'token-file'?: string | undefined;
  readonly 'token-command'?: string | undefined;
  readonly 'token-env'?: string | undefined;
}

const MAX = 65_536;

/**
 * @returns the sealed secret, or undefined where none was named and none can be asked for.
 * @throws UsageError on two sources, a missing file or variable, a failing command, an empty or unusable value.
 */
export async function readSecret(
  flags: SecretFlags,
  ask: {
    readonly prompt: boolean;
    readonly question: string;
    readonly signal: AbortSignal;
    /** More variables for the command. */
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<Secret | undefined> {
  const sources = (['password', 'token'] as const).flatMap((type) =>
    (['stdin', 'file', 'command', 'env'] as const)
      .filter((kind) => flags[`${type}-${kind}`] !== undefined && flags[`${type}-${kind}`] !== false)
      .map((kind) => ({ type, kind })),
  );
  if (sources.length > 1)
    throw new UsageError(`two secret sources: ${sources.map((s) => `--${s.type}-${s.kind}`).join(' and ')}; give one of them`);
  const source = sources[0];
  if (!source) {
    if (!ask.prompt) return undefined;
    const typed = await promptHidden(ask.question, ask.signal);
    return typed === '' ? undefined : seal(typed, 'password', 'the prompt');
  }
  const flag = `--${source.type}-${source.kind}`;
  const value = flags[`${source.type}-${source.kind}`];
  switch (source.kind) {
    case 'stdin':
      return seal(
        process.stdin.isTTY ? await promptHidden(ask.question, ask.signal) : await firstLine(process.stdin, ask.signal),
        source.type,
        flag,
      );
    case 'file':
      return seal(fromFile(String(value), flag), source.type, flag);
    case 'env': {
      const found = process.env[String(value)];
      if (found === undefined)
        throw new UsageError(`${flag}: the environment has no variable ${nameOf(String(value))}; export it first`);
      return seal(found, source.type, flag);
    }
    default:
      return seal(await fromCommand(String(value), flag, ask.signal, ask.env), source.type, flag);
  }
}

/** What was typed, where it can only be the name of a variable: it may be the secret itself, put in the wrong place. */
const nameOf = (typed: string) =>
  /^[A-Z_][A-Z0-9_]{0,60}$/.test(typed) && (typed.includes('_') || typed.length <= 10) ? typed : 'of that name';

/** One line counts; exactly one line end is taken off. A CR, LF or NUL inside can never go on the wire (S-123). */
function seal(raw: string, type: 'password' | 'token', from: string): Secret {
  const value = raw.replace(/\r?\n$/, '');
  if (value === '') throw new UsageError(`${from} gave an empty ${type}`);
  if (/[\r\n\0]/.test(value))
    throw new UsageError(`${from} gave a ${type} with a line break or NUL inside; no mail server can take it`);
  return sealSecret(type === 'token' ? value.trim() : value, type);
}

function fromFile(path: string, flag: string): string {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new UsageError(`${flag} names a folder; name the file with the secret`);
    warnOfReaders(path, flag, stat);
    const text = readFileSync(path, 'utf8');
    if (text.length > MAX) throw new UsageError(`${flag}: the file is too large for a secret`);
    return text.split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${flag}: the file cannot be read (${codeOf(error)}); check its path and its permissions`);
  }
}

const warned = new Set<string>();

/** A file that others may read is told once; what a container mounts is its own affair, and pipes have no readers. */
function warnOfReaders(path: string, flag: string, stat: Stats): void {
  if (process.platform === 'win32' || !stat.isFile() || (stat.mode & 0o044) === 0) return;
  if (/^\/(var\/)?run\/secrets\//.test(path) || warned.has(path)) return;
  warned.add(path);
  process.stderr.write(`mailcheck: ${flag}: others may read this file; chmod 600 keeps it yours\n`);
}

async function firstLine(stream: NodeJS.ReadStream, signal: AbortSignal): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  const stop = () => void stream.destroy(new Interrupted('interrupted while waiting for standard input'));
  signal.addEventListener('abort', stop, { once: true });
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes('\n') || text.length > MAX) break;
  }
  signal.removeEventListener('abort', stop);
  stream.destroy();
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end + 1);
}

/** The first line of what a command prints. It runs in the shell, gets no input, and has 30 seconds; neither its output nor its words are ever shown. */
function fromCommand(
  command: string,
  flag: string,
  signal: AbortSignal,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      signal,
      timeout: 30_000,
      env: { ...process.env, ...more },
    });
    child.stdout?.setEncoding('utf8');
    child.stdout?.on('data', (chunk: string) => {
      if (out.length < MAX) out += chunk;
    });
    child.on('error', () =>
      reject(
        signal.aborted
          ? new Interrupted(`interrupted while ${flag} ran`)
          : new UsageError(`${flag}: the command could not be run`),
      ),
    );
    child.on('close', (status, killed) => {
      if (status !== 0)
        reject(
          new UsageError(
            `${flag}: the command ended with ${killed ? `signal ${killed}` : `status ${status}`}; run it by hand to see why`,
          ),
        );
      else if (out.trim() === '') reject(new UsageError(`${flag}: the command printed nothing`));
      else resolve(out.split('\n', 1)[0] ?? '');
    });
  });
}

/** Asks on the terminal without echo; backspace and paste work, Ctrl-C gives up, Ctrl-D ends an empty answer. */
export function promptHidden(question: string, signal: AbortSignal): Promise<string> {
  const { stdin, stderr } = process;
  return new Promise((resolve, reject) => {
    let typed = '';
    // The echo ends before the question can be answered, by however quick a hand.
    stdin.setRawMode?.(true);
    stderr.write(question);
    stdin.setEncoding('utf8');
    const done = (error?: Error) => {
      stdin.setRawMode?.(false);
      stdin.pause();
      stdin.off('data', onData);
      stderr.write('\n');
      if (error) reject(error);
      else resolve(typed);
    };
    const onData = (chunk: string) => {
      for (const c of chunk) {
        if (c === '\r' || c === '\n' || c === '\u0004') return done();
        if (c === '\u0003') {
          done(new Interrupted('interrupted at the password prompt'));
          return;
        }
        if (c === '\u007f' || c === '\b') typed = [...typed].slice(0, -1).join('');
        else if (c === '\u0015') typed = '';
        else if (c >= ' ') typed += c;
      }
      return undefined;
    };
    signal.addEventListener('abort', () => done(new Interrupted('interrupted at the password prompt')), { once: true });
    stdin.on('data', onData);
    stdin.resume();
  });
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unreadable');
