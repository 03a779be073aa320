import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Perl that waits, as a launcher with `--ranks N` ranks, each with `--workers N` loader workers; the ranks tell their pids. */
const SCRIPT = `$| = 1;
sub count { my ($name) = @_; "@ARGV" =~ /--$name (\\d+)/ ? $1 : 0 }
sub wait_for_the_end { sleep 1 while getppid > 1; exit }
for (1 .. count('ranks')) {
    next if fork;
    print "$$\\n";
    for (1 .. count('workers')) { fork or wait_for_the_end() }
    wait_for_the_end();
}
wait_for_the_end();
`;

export interface SimulatedRun {
  /** From the script on: `train.py --config vit.yaml`. */
  readonly words: string;
  /** Memory that it holds of each card, in MiB, by the card's number. */
  readonly cards: Readonly<Record<number, number>>;
}

/** As much as the simulated cards say is used, less what a driver keeps for itself. */
export const SAMPLE_RUNS: readonly SimulatedRun[] = [
  { words: 'train.py --config llama-8b-sft.yaml', cards: { 0: 61_600, 1: 61_600, 2: 74_200 } },
  { words: 'finetune_vit.py --run-name vit-l-aug --workers 2', cards: { 3: 54_900, 7: 70_900 } },
  { words: 'eval_probe.py --ckpt last', cards: { 6: 30_700 } },
];

/**
 * Starts processes that look like runs and do nothing, in `folder`, for a simulated nvidia-smi to name: a launcher for each run,
 * and a rank for each of its cards.
 *
 * @param home a folder for their scripts
 */
export async function simulateRuns(
  home: string,
  folder: string,
  runs: readonly SimulatedRun[] = SAMPLE_RUNS,
): Promise<{ readonly env: { readonly TRAINYARD_FAKE_PROCESSES: string }; [Symbol.dispose](): void }> {
  const place = join(home, 'simulated-runs');
  await mkdir(place, { recursive: true });
  const python = join(place, 'python');
  await symlink('/usr/bin/perl', python);
  const launchers: ChildProcess[] = [];
  const named: string[] = [];
  for (const { words, cards } of runs) {
    const [script = '', ...args] = words.split(' ');
    await writeFile(join(place, script), SCRIPT);
    const wanted = Object.entries(cards);
    const launcher = spawn(python, [join(place, script), ...args, '--ranks', String(wanted.length)], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    launchers.push(launcher);
    await once(launcher, 'spawn');
    const lines = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]();
    for (const [card, mebibytes] of wanted) {
      named.push(`${(await lines.next()).value}:${card}:${mebibytes}:python`);
    }
  }
  return {
    env: { TRAINYARD_FAKE_PROCESSES: named.join(';') },
    [Symbol.dispose]: () => launchers.forEach(({ pid }) => pid !== undefined && process.kill(-pid, 'SIGKILL')),
  };
}
