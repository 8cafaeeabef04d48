/**
 * The fence around plugins' code: what they print to standard output is left out, they cannot end the process, they see no
 * variable that may hold a secret, and what they throw later is theirs and not ours. A fence against mistakes and careless code,
 * not a prison: a plugin runs with the person's rights (README, Plugins).
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** The plugin whose code runs now. */
const running = new AsyncLocalStorage<string>();

/** Taken before any plugin is read. */
const write = process.stdout.write.bind(process.stdout);
const exit = process.exit.bind(process);

let warn: ((plugin: string, words: string) => void) | undefined;
const told = new Set<string>();

/** Variables that say how to speak and where things are; anything else may be a secret. */
const HARMLESS =
  /^(PATH|HOME|USERPROFILE|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLORTERM|COLUMNS|NO_COLOR|FORCE_COLOR|CI|SHELL|TMPDIR|TMP|TEMP|XDG_[A-Z]+_HOME|APPDATA|LOCALAPPDATA|SystemRoot|windir|COMSPEC|NODE_ENV)$/;

/** @returns the plugin whose code is running, or whose timer or promise this is. */
export const runningPlugin = (): string | undefined => running.getStore();

/** Runs a plugin's code. Whatever it starts belongs to it as well. */
export const inPlugin = <T>(plugin: string, work: () => T): T => running.run(plugin, work);

/** Writes to standard output whatever plugins did to it. @returns once it is taken. */
export const writeOut = (text: string): Promise<void> => new Promise((resolve) => void write(text, () => resolve()));

/** Tells of a plugin's fault: once for each, to whoever listens, else on standard error. */
export function pluginFault(plugin: string, words: string): void {
  const line = `plugin ${plugin}: ${words}`;
  if (told.has(line)) return;
  told.add(line);
  if (warn) warn(plugin, words);
  // Words of somebody else's.
  else process.stderr.write(`mailcheck: ${line.replace(/[^\x20-\x7e\xa1-\u1fff\u3000-\ud7ff\uf900-\ufdff]/g, '?')}\n`);
}

/** @returns every fault told so far. */
export const faultsSoFar = (): readonly string[] => [...told];

/** From now on faults go to `listener`, or to standard error where there is none. */
export function hearFaults(listener: ((plugin: string, words: string) => void) | undefined): void {
  warn = listener;
}

let fenced = false;

/** Puts the fence up, before the first plugin is read. */
export function fence(): void {
  if (fenced) return;
  fenced = true;
  process.stdout.write = ((...args: unknown[]): boolean => {
    const plugin = runningPlugin();
    if (plugin === undefined) return Reflect.apply(write, undefined, args);
    pluginFault(plugin, 'it printed to standard output; that was left out');
    const done = args.find((a) => typeof a === 'function');
    if (typeof done === 'function') queueMicrotask(() => Reflect.apply(done, undefined, []));
    return true;
  }) as typeof process.stdout.write;
  process.exit = ((status?: number) => {
    const plugin = runningPlugin();
    if (plugin === undefined) return exit(status);
    throw new Error(`it tried to exit${status === undefined ? '' : ` with status ${status}`}`);
  }) as typeof process.exit;
  const whole = process.env;
  const few: NodeJS.ProcessEnv = Object.fromEntries(Object.entries(whole).filter(([name]) => HARMLESS.test(name)));
  Object.defineProperty(process, 'env', {
    configurable: true,
    enumerable: true,
    get: () => (runningPlugin() === undefined ? whole : few),
  });
}

/** A plugin's timer or connection must not keep the process: the work is done. */
export function endProcess(): void {
  if (fenced) exit();
}

/** What an error says, on one line, at most 200 characters. */
export const saidBy = (error: unknown): string =>
  (error instanceof Error ? error.message : 'it threw something that is no error').split('\n')[0]?.slice(0, 200) || 'it failed';
