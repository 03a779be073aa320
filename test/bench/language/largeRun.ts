/** Goes through a manifest as the server's thread does, and says what it took. */
import { LargeCheck } from '../../../src/language/manifest/large/largeCheck.ts';

const [file = ''] = process.argv.slice(2);
const started = performance.now();
const usage = process.cpuUsage();
const check = new LargeCheck(file, []);
let first = Infinity;
check.run(() => {
  if (check.problems.total > 0) {
    first = Math.min(first, performance.now() - started);
  }
  return true;
});
const { user, system } = process.cpuUsage(usage);
process.stdout.write(JSON.stringify({ rows: check.rows, problems: check.problems.total, seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6, first, megabytes: process.resourceUsage().maxRSS / 1000 }));
check.dispose();
