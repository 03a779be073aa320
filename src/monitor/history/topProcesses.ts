import { known } from '../../base/absent.ts';
import type { ProcessSample } from '../hostSample.ts';

/** Of each of the two orders, beside those that use a GPU. */
const TOP = 8;
const MAX_KEPT = 48;

/**
 * Which processes are kept: those that use a GPU, and the first by CPU and by memory. One that was among them stays until
 * `begin`, so that a bucket holds whole series and not what happened to be on top.
 */
export class TopProcesses {
  /** When each began, by its number. */
  private readonly kept = new Map<number, string>();
  private readonly top: ProcessSample[] = [];

  begin(): void {
    this.kept.clear();
  }

  choose(processes: readonly ProcessSample[], usesGpu: ReadonlySet<number>): readonly ProcessSample[] {
    for (const process of processes) {
      if (usesGpu.has(process.pid)) {
        this.keep(process);
      }
    }
    this.keepTop(processes, usesGpu, byCpu);
    this.keepTop(processes, usesGpu, byMemory);
    return processes.filter(({ pid, startTicks }) => this.kept.get(pid) === startTicks);
  }

  /** One pass: the list of the first few is so short that a place in it is found by looking. */
  private keepTop(processes: readonly ProcessSample[], usesGpu: ReadonlySet<number>, rank: (process: ProcessSample) => number): void {
    const { top } = this;
    top.length = 0;
    let least = 0;
    for (const process of processes) {
      const value = rank(process);
      if (value <= least || usesGpu.has(process.pid)) {
        continue;
      }
      let place = Math.min(top.length, TOP - 1);
      for (; place > 0 && rank(top[place - 1]!) < value; place--) {
        top[place] = top[place - 1]!;
      }
      top[place] = process;
      least = top.length === TOP ? rank(top[TOP - 1]!) : 0;
    }
    top.forEach((process) => this.keep(process));
  }

  private keep({ pid, startTicks }: ProcessSample): void {
    if (this.kept.size < MAX_KEPT || this.kept.has(pid)) {
      this.kept.set(pid, startTicks);
    }
  }
}

function byCpu({ cpu }: ProcessSample): number {
  return known(cpu) ?? 0;
}

function byMemory({ memory }: ProcessSample): number {
  return known(memory) ?? 0;
}
