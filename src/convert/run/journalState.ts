import { readJsonBlocks } from './lines.ts';
import type { JournalLine, PlacingLine } from './journal.ts';
import type { PastRun, RunMark } from './tempNames.ts';

/** A verified output that was about to be named when its run ended. */
export interface Placing {
  readonly line: PlacingLine;
  readonly mark: RunMark;
}

/** What a journal says of a job before it is taken up again. One byte an item, however many there are. */
export interface JournalState {
  /** Whether nothing is left to do for the item: it is done, or there was nothing to do. */
  isSettled(seq: number): boolean;
  readonly done: number;
  readonly salvaged: number;
  /** What was to be written or replaced, and turned out to need nothing. */
  readonly skipped: { readonly write: number; readonly replace: number };
  /** Sum over what is settled. */
  readonly settledWeight: number;
  /** Of items whose outputs may be in place although no line says so. */
  readonly placing: ReadonlyMap<number, Placing>;
  /** Every run so far; a process runs no job while another one does, so that all of them are over. */
  readonly runs: readonly PastRun[];
  /** Whether the last of them could say that it was over; also where there was none. */
  readonly isEnded: boolean;
  /** Where their temporary files may lie. */
  readonly folders: ReadonlySet<string>;
  readonly madeFolders: ReadonlySet<string>;
}

export async function readJournal(file: string): Promise<JournalState> {
  const settled = new SeqSet();
  const placing = new Map<number, Placing>();
  const runs: PastRun[] = [];
  let isEnded = true;
  const folders = new Set<string>();
  const madeFolders = new Set<string>();
  let done = 0;
  let salvaged = 0;
  const skipped = { write: 0, replace: 0 };
  let settledWeight = 0;
  for await (const lines of readJsonBlocks<JournalLine>(file)) {
    for (const line of lines) {
      switch (line.kind) {
        case 'run':
          runs.push({ pid: line.pid, token: line.token, startTime: line.startTime });
          isEnded = false;
          break;
        case 'folder':
          folders.add(line.path);
          if (line.made) {
            madeFolders.add(line.path);
          }
          break;
        case 'placing': {
          const mark = runs.at(-1);
          if (mark) {
            placing.set(line.seq, { line, mark });
          }
          break;
        }
        case 'done':
          done++;
          salvaged += line.damage ? 1 : 0;
          settledWeight += line.weight;
          settled.add(line.seq);
          placing.delete(line.seq);
          break;
        case 'skipped':
          skipped[line.action]++;
          settledWeight += line.weight;
          settled.add(line.seq);
          break;
        case 'failed':
          placing.delete(line.seq);
          break;
        case 'ended':
          isEnded = true;
          break;
        default:
          break;
      }
    }
  }
  const isSettled = (seq: number): boolean => settled.has(seq);
  return { isSettled, done, salvaged, skipped, settledWeight, placing, runs, isEnded, folders, madeFolders };
}

/** Whole numbers from 0 on, one byte each. */
class SeqSet {
  private flags = new Uint8Array(1024);

  add(seq: number): void {
    if (seq >= this.flags.length) {
      const larger = new Uint8Array(Math.max(seq + 1, this.flags.length * 2));
      larger.set(this.flags);
      this.flags = larger;
    }
    this.flags[seq] = 1;
  }

  has(seq: number): boolean {
    return this.flags[seq] === 1;
  }
}
