import { parseArgs } from 'node:util';
import { EXIT, type CliIo } from '../../base/cliIo.ts';
import { formatWhen } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { SyncWork } from '../engine/syncWork.ts';
import { outcomeWords } from '../view/runWords.ts';

const OPTIONS = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

/** `trainyard sync history`: what was done, the newest first. */
export async function history(args: readonly string[], io: CliIo, open: (sshConfig: string | undefined) => Promise<SyncWork>, usage: string): Promise<number> {
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false, strict: true }));
  } catch (error) {
    io.err(`${printable((error as Error).message)}\n\n${usage}`);
    return EXIT.badRequest;
  }
  if (values.help) {
    io.out(usage);
    return EXIT.done;
  }
  const work = await open(undefined);
  try {
    const records = work.history.list();
    const now = Date.now();
    io.out(
      values.json
        ? `${JSON.stringify({ syncs: records })}\n`
        : records.map(({ at, box, target, direction, outcome, left, undo }) => `${formatWhen(at, now)}  ${undo === true ? 'undo' : direction}  ${box}  ${printable(target)}  ${printable(outcomeWords({ ...outcome, left }))}\n`).join(''),
    );
    return EXIT.done;
  } finally {
    work.dispose();
  }
}
