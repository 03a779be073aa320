/** `npm run bench [-- ROOM [NAME]] [--json]`: ours beside the peer that a user would pick instead, in one run. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BENCHES } from './index.ts';
import { tableOf, type BenchRow } from './row.ts';

const root = join(import.meta.dirname, '../..');
const json = process.argv.includes('--json');
const [room, name] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const chosen = BENCHES.filter((bench) => (room === undefined || bench.room === room) && (name === undefined || bench.name === name));
if (chosen.length === 0) {
  say(`There is no such bench; there is ${BENCHES.map((bench) => `${bench.room} ${bench.name}`).join(', ')}.`);
  process.exit(1);
}

const built = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: ['ignore', 2, 2] });
if (built.status !== 0) {
  process.exit(1);
}
const rows: BenchRow[] = [];
for (const bench of chosen) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-bench-')));
  try {
    say(`${bench.room}: ${bench.name} …`);
    rows.push(...(await bench.run({ root, folder, say })));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.stdout.write(json ? `${JSON.stringify(rows)}\n` : `${tableOf(rows)}\n`);
