import { isAbsent, type Measured } from '../../base/absent.ts';
import type { KernelFiles } from '../kernelFiles.ts';

/** Milliseconds between two looks at which processes there are. */
const LIST_EVERY = 5000;
/**
 * Milliseconds after the first look at a process until the next ones, the last of them again and again. A program opens its GPU
 * when it has loaded its libraries, some seconds after its start, or never.
 */
const LOOKS = [5000, 10_000, 20_000, 60_000];
/** Links that are followed at each call, so that a machine of thousands of open files costs the same as a small one. */
const LINKS_PER_CALL = 400;
const GPU_FILE = /^\/dev\/(?:dri\/(?:renderD|card)|accel\/accel)\d+$/;

/** A process with a GPU open. */
export interface Holder {
  readonly pid: number;
  /** Numbers of its files that are a GPU's. */
  files: readonly string[];
}

interface Watched extends Holder {
  looks: number;
  due: number;
  isHidden: boolean;
}

/**
 * Which processes have a GPU open, by the links in `/proc/<pid>/fd`: those of others cannot be read but by root. New processes are
 * looked at soon and then ever less often, a share of them at each call.
 */
export class DrmHolders {
  /** Processes whose files we may not see: there are others than those that are told. */
  hidden = 0;
  private readonly files: KernelFiles;
  private readonly watched = new Map<number, Watched>();
  private listDue = -Infinity;

  constructor(files: KernelFiles) {
    this.files = files;
  }

  /** `now`: milliseconds by any clock. */
  current(now: number): Measured<readonly Holder[]> {
    if (now >= this.listDue || this.listDue - now > LIST_EVERY) {
      const names = this.files.list('/proc');
      if (isAbsent(names)) {
        return names;
      }
      this.listDue = now + LIST_EVERY;
      this.follow(names, now);
    }
    this.look(now);
    const holders: Holder[] = [];
    for (const process of this.watched.values()) {
      if (process.files.length > 0) {
        holders.push(process);
      }
    }
    return holders;
  }

  /** Has a process looked at again at the next call: its files are not what they were. */
  lookAgain(pid: number): void {
    const process = this.watched.get(pid);
    if (process !== undefined) {
      process.due = -Infinity;
    }
  }

  private follow(names: readonly string[], now: number): void {
    const listed = new Set<number>();
    for (const name of names) {
      const pid = /^\d{1,9}$/.test(name) ? Number(name) : 0;
      if (pid > 0) {
        listed.add(pid);
        if (!this.watched.has(pid)) {
          this.watched.set(pid, { pid, files: [], looks: 0, due: now, isHidden: false });
        }
      }
    }
    for (const [pid, process] of this.watched) {
      if (!listed.has(pid)) {
        this.hidden -= process.isHidden ? 1 : 0;
        this.watched.delete(pid);
      }
    }
  }

  private look(now: number): void {
    let links = 0;
    for (const process of this.watched.values()) {
      if (links >= LINKS_PER_CALL) {
        return;
      }
      if (process.due > now && process.due - now <= LOOKS[LOOKS.length - 1]!) {
        continue;
      }
      const folder = `/proc/${String(process.pid)}/fd`;
      const names = this.files.list(folder);
      const isHidden = isAbsent(names) && names.absent === 'not permitted';
      this.hidden += Number(isHidden) - Number(process.isHidden);
      process.isHidden = isHidden;
      process.files = isAbsent(names) ? [] : names.filter((name) => isGpuFile(this.files.link(`${folder}/${name}`)));
      links += isAbsent(names) ? 1 : names.length;
      process.due = now + LOOKS[Math.min(process.looks, LOOKS.length - 1)]!;
      process.looks += 1;
    }
  }
}

function isGpuFile(target: Measured<string>): boolean {
  return !isAbsent(target) && target.startsWith('/dev/') && GPU_FILE.test(target);
}
