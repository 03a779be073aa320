import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import type { EngineId } from '../engine.ts';
import type { PlanItem } from '../job.ts';
import type { JobFiles } from './jobFiles.ts';
import { writeWhole } from './jobFiles.ts';
import { isRunnable } from './itemRun.ts';
import { readJsonBlocks } from './lines.ts';
import { weightOf } from './progressMeter.ts';

/** What a plan comes to. */
export interface PlanTotals {
  readonly counts: { readonly write: number; readonly replace: number; readonly skip: number; readonly refuse: number };
  /** Bytes of the inputs that are to be converted. */
  readonly bytes: number;
  /** Of what is to be converted, by engine; see `weightOf`. */
  readonly weight: Readonly<Partial<Record<EngineId, number>>>;
}

/** Adds up a plan as it goes by. */
export class PlanSum {
  private readonly counts = { write: 0, replace: 0, skip: 0, refuse: 0 };
  private bytes = 0;
  private readonly weight: Partial<Record<EngineId, number>> = {};

  add(item: PlanItem): void {
    this.counts[item.action]++;
    if (isRunnable(item)) {
      this.bytes += item.size;
      this.weight[item.engine] = (this.weight[item.engine] ?? 0) + weightOf(item.engine, item.cost);
    }
  }

  get totals(): PlanTotals {
    return { counts: { ...this.counts }, bytes: this.bytes, weight: { ...this.weight } };
  }
}

const BUFFERED = 64 * 1024;

/**
 * Writes a plan down as it is made, and then its totals. The plan's name appears only when it is complete. Rejects with what
 * the plan rejects with, or the system's error; nothing is left then.
 */
export async function writePlan(
  files: JobFiles,
  items: AsyncIterable<PlanItem>,
  onItem: (item: PlanItem, sum: PlanSum) => void,
): Promise<PlanTotals> {
  const temporary = `${files.plan}.part`;
  const sum = new PlanSum();
  try {
    const fd = openSync(temporary, 'w', 0o600);
    try {
      let text = '';
      for await (const item of items) {
        sum.add(item);
        onItem(item, sum);
        text += `${JSON.stringify(item)}\n`;
        if (text.length > BUFFERED) {
          writeAll(fd, text);
          text = '';
        }
      }
      writeAll(fd, text);
    } finally {
      closeSync(fd);
    }
    writeWhole(files.totals, JSON.stringify(sum.totals));
    renameSync(temporary, files.plan);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return sum.totals;
}

export function readPlan(files: JobFiles): AsyncGenerator<readonly PlanItem[]> {
  return readJsonBlocks<PlanItem>(files.plan);
}

/** Throws the system's error where there is no complete plan. */
export function readTotals(files: JobFiles): PlanTotals {
  return JSON.parse(readFileSync(files.totals, 'utf8')) as PlanTotals;
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written);
  }
}
