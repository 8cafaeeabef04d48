/** The command line on a terminal of its own: what is typed, what is shown. */
import { spawn, spawnSync } from 'node:child_process';
import { executable, type Home } from './cli.ts';

export const hasPty = spawnSync('python3', ['-c', 'import pty']).status === 0;

/** Opens a terminal, starts the program in it, types an answer each time its words are seen, and writes what was shown as base64. */
const SCRIPT = `
import base64, json, os, pty, select, sys, time
job = json.loads(sys.stdin.readline())
pid, fd = pty.fork()
if pid == 0:
    os.environ.clear()
    os.environ.update(job['env'])
    os.chdir(job['cwd'])
    os.execv(job['argv'][0], job['argv'])
shown = b''
answers = list(job['answers'])
seen = 0
end = time.time() + job['seconds']
while time.time() < end:
    ready, _, _ = select.select([fd], [], [], 0.1)
    if ready:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
    if answers and answers[0][0].encode() in shown[seen:]:
        seen = len(shown)
        wanted, text = answers.pop(0)
        for part in text:
            os.write(fd, part.encode())
            time.sleep(0.03)
status = None
for _ in range(100):
    done, s = os.waitpid(pid, os.WNOHANG)
    if done:
        status = s
        break
    time.sleep(0.1)
if status is None:
    os.kill(pid, 9)
    _, status = os.waitpid(pid, 0)
print(json.dumps({'shown': base64.b64encode(shown).decode(), 'status': os.waitstatus_to_exitcode(status)}))
`;

export interface Typed {
  /** Bytes as Latin-1. */
  readonly shown: string;
  readonly status: number;
}

/** @param answers what is typed once its words have been shown; each text in pieces, as pastes and keys come. */
export function onTerminal(
  args: readonly string[],
  home: Home,
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly answers?: readonly (readonly [string, readonly string[]])[];
    readonly seconds?: number;
  } = {},
): Promise<Typed> {
  const job = {
    argv: [process.execPath, executable(), ...args],
    env: { ...home.env, TERM: 'xterm-256color', ...options.env },
    cwd: home.tmp,
    answers: options.answers ?? [],
    seconds: options.seconds ?? 15,
  };
  return new Promise((resolve, reject) => {
    const child = spawn('python3', ['-c', SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (d: Buffer) => {
      out += d.toString();
    });
    child.on('error', reject);
    child.on('close', () => {
      try {
        const { shown, status } = JSON.parse(out);
        resolve({ shown: Buffer.from(shown, 'base64').toString('latin1'), status });
      } catch (error) {
        reject(error);
      }
    });
    child.stdin.end(`${JSON.stringify(job)}\n`);
  });
}
