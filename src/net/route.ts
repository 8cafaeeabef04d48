/** The route to an address, traced by the system's own tool: what provider support asks for. No shell, no secrets in its environment. */
import { spawn } from 'node:child_process';
import { isIP } from 'node:net';
import type { RouteEvidence } from '../model/evidence.ts';
import type { Clock } from './clock.ts';
import { codeOf } from './tcp.ts';

export type Route = Pick<RouteEvidence, 'program' | 'lines' | 'outcome' | 'ms'>;

/** Lines and characters of a line that are kept. */
const MAX_LINES = 64;
const MAX_LINE = 200;

interface Tool {
  readonly program: string;
  readonly args: (address: string) => readonly string[];
}

/** Numbers only, one probe a hop, at most thirty hops. */
const TOOLS: readonly Tool[] =
  process.platform === 'win32'
    ? [{ program: 'tracert', args: (a) => ['-d', '-w', '1000', '-h', '30', a] }]
    : [
        { program: 'traceroute', args: (a) => ['-n', '-w', '1', '-q', '1', '-m', '30', a] },
        { program: 'tracepath', args: (a) => ['-n', '-m', '30', a] },
        { program: 'mtr', args: (a) => ['--report', '--no-dns', '--report-cycles', '1', a] },
      ];

/**
 * @param address an IP literal. @param ms the time there is. @param path where programs are looked for.
 * @returns what the first tool found said; never rejects.
 */
export async function traceRoute(address: string, ms: number, clock: Clock, path: string | undefined): Promise<Route> {
  const begun = clock.now();
  const took = () => Math.round(clock.now() - begun);
  if (isIP(address) === 0) return { program: '', lines: [], outcome: 'failed', ms: 0 };
  for (const tool of TOOLS) {
    const got = await run(tool, address, begun + ms, clock, path);
    if (got) return { ...got, ms: took() };
  }
  return { program: '', lines: [], outcome: 'no-tool', ms: took() };
}

/** @returns what the tool said; undefined where the system has none of that name. */
function run(
  tool: Tool,
  address: string,
  at: number,
  clock: Clock,
  path: string | undefined,
): Promise<Omit<Route, 'ms'> | undefined> {
  return new Promise((resolve) => {
    const child = spawn(tool.program, tool.args(address), {
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
      env: {
        LC_ALL: 'C',
        ...(path === undefined ? {} : { PATH: path }),
        ...(process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}),
      },
    });
    let text = '';
    let late = false;
    const off = clock.wait(at, () => {
      late = true;
      child.kill('SIGKILL');
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (text.length < MAX_LINES * MAX_LINE) text += chunk.toString('latin1');
      else child.kill('SIGKILL');
    });
    child.once('error', (error) => {
      off();
      resolve(codeOf(error) === 'ENOENT' ? undefined : { program: tool.program, lines: [], outcome: 'failed' });
    });
    child.once('close', (status) => {
      off();
      const lines = text
        .split(/\r?\n/)
        .map((l) => l.trimEnd().slice(0, MAX_LINE))
        .filter((l) => l !== '')
        .slice(0, MAX_LINES);
      resolve({
        program: tool.program,
        lines,
        outcome: late ? 'timeout' : status === 0 || lines.length > 1 ? 'traced' : 'failed',
      });
    });
  });
}
