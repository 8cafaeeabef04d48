/**
 * Makes the project ready: installs what the lock file names where it is not installed, and builds where the build is older than the
 * source. The pre-scripts of npm run it, so that one command from a fresh clone is enough.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function run(command, args) {
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', process.stderr, 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

const time = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function newest(folder) {
  let last = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) last = Math.max(last, time(`${entry.parentPath ?? entry.path}/${entry.name}`));
  }
  return last;
}

// npm leaves a copy of the lock file in node_modules when it has finished.
if (time('node_modules/.package-lock.json') < time('package-lock.json')) {
  process.stderr.write('installing …\n');
  run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}
const sources = Math.max(
  newest('src'),
  newest('presets'),
  time('package.json'),
  time('test/tools/build.mjs'),
  time('package-lock.json'),
);
if (time('dist/.built') < sources) {
  process.stderr.write('building …\n');
  run(process.execPath, ['test/tools/build.mjs', ...(process.argv.includes('--no-types') ? ['--no-types'] : [])]);
}
