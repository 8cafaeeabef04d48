/** Vitest: the source runs unbuilt; real sockets on loopback only. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    disableConsoleIntercept: true,
    pool: 'forks',
    // They wait for sockets and servers more than they compute.
    maxWorkers: 3,
    // .ci/run reads the numbers from here.
    reporters: process.env.MAILCHECK_TEST_REPORT
      ? ['default', ['json', { outputFile: process.env.MAILCHECK_TEST_REPORT }]]
      : ['default'],
  },
});
