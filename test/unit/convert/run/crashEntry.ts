import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { CrashJob } from './crashJob.ts';

/** `crashEntry JOB N`: runs the job, and is killed by the system right before the Nth time that it changes or syncs anything on disk. */
const [job = '', last = ''] = process.argv.slice(2);
let left = Number(last);

const table = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
for (const name of [
  'writeSync',
  'writeFileSync',
  'linkSync',
  'unlinkSync',
  'renameSync',
  'mkdirSync',
  'rmSync',
  'rmdirSync',
  'fsync',
  'fdatasync',
]) {
  const call = table[name] as (...args: unknown[]) => unknown;
  table[name] = (...args) => {
    if (--left === 0) {
      process.kill(process.pid, 'SIGKILL');
    }
    return call(...args);
  };
}
syncBuiltinESMExports();

// Only now: what it imports holds on to these functions.
const { runCrashJob } = await import('./crashJob.ts');
await runCrashJob(JSON.parse(job) as CrashJob);
