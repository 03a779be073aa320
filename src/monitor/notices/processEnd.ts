import { isAbsent, known } from '../../base/absent.ts';
import { formatDuration } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { SystemSample } from '../systemSample.ts';
import type { Notice, NoticeRule } from './notice.ts';

export interface WatchedProcess {
  readonly pid: number;
  readonly startTicks: string;
  /** What the person knows it by. */
  readonly title: string;
}

/**
 * Tells that a process has ended, and what is known of why: from outside nobody sees an exit code. A sample without
 * processes is passed over.
 */
export class ProcessEnd implements NoticeRule {
  private readonly watched = new Map<string, WatchedProcess>();
  private last: { readonly started: ReadonlyMap<string, number>; readonly oomKills: number | undefined; readonly lost: ReadonlySet<string> } | undefined;

  /** @param isAlive asked before an end is told: a sample may leave processes out */
  constructor(private readonly isAlive: (process: WatchedProcess) => boolean = () => false) {}

  watch(process: WatchedProcess): void {
    this.watched.set(keyOf(process), process);
  }

  unwatch(process: Pick<WatchedProcess, 'pid' | 'startTicks'>): void {
    this.watched.delete(keyOf(process));
  }

  get all(): readonly WatchedProcess[] {
    return [...this.watched.values()];
  }

  observe(sample: SystemSample): readonly Notice[] {
    if (isAbsent(sample.processes)) {
      return [];
    }
    const alive = new Map(sample.processes.filter(({ state }) => state !== 'Z').map((process) => [keyOf(process), process.started]));
    const lost = lostGpus(sample);
    const oomKills = known(sample.system.limits.oomKills);
    const { last } = this;
    this.last = { started: new Map([...this.watched.keys()].flatMap((key) => (alive.has(key) ? [[key, alive.get(key) ?? 0] as const] : []))), oomKills, lost };
    return [...this.watched].filter(([key, process]) => !alive.has(key) && !this.isAlive(process)).map(([key, { pid, title }]) => {
      this.watched.delete(key);
      const started = last?.started.get(key);
      const ran = started === undefined ? '' : ` after ${formatDuration((sample.time - started) / 1000)}`;
      const newlyLost = [...lost].filter((uuid) => last !== undefined && !last.lost.has(uuid));
      const killed = oomKills !== undefined && last?.oomKills !== undefined && oomKills > last.oomKills;
      return {
        kind: 'processEnded',
        message: `${printable(title)} (${pid}) has ended${ran}. ${reason(killed, newlyLost.length)}`,
        ...(newlyLost.length > 0 && { gpus: newlyLost }),
      };
    });
  }
}

function reason(killed: boolean, lost: number): string {
  if (killed) {
    return 'In that moment the kernel ended a process here because memory ran out.';
  }
  return lost > 0 ? 'In that moment a GPU was lost.' : 'Whether it succeeded cannot be seen from outside.';
}

function lostGpus({ gpus }: SystemSample): ReadonlySet<string> {
  return new Set(gpus.flatMap((reading) => reading.gpus.filter(({ state }) => state === 'lost' || state === 'resetRequired').map(({ uuid }) => uuid)));
}

function keyOf({ pid, startTicks }: { readonly pid: number; readonly startTicks: string }): string {
  return `${pid}:${startTicks}`;
}
