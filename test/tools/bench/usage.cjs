/** Put before the executable with --require: at the end it writes what the process took to the file in BENCH_USAGE. */
const { writeFileSync } = require('node:fs');

const rss = [];
setInterval(() => rss.push(process.memoryUsage.rss()), 100).unref();
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(
    process.env.BENCH_USAGE,
    JSON.stringify({ cpu: user + system, rss: Math.max(process.memoryUsage.rss(), ...rss) }),
  );
});
