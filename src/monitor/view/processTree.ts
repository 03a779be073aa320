import { known } from '../../base/absent.ts';
import type { ProcessSample } from '../hostSample.ts';
import { isLauncher, isPython } from './commandWords.ts';

const DEEPEST = 64;
const NAMES_OF_WORKERS = /^pt_data_worker|^pt_data|DataLoader/;

/** Who started whom, at one moment. */
export class ProcessTree {
  private readonly byPid = new Map<number, ProcessSample>();
  private readonly byParent = new Map<number, ProcessSample[]>();

  constructor(processes: readonly ProcessSample[]) {
    for (const process of processes) {
      this.byPid.set(process.pid, process);
      const siblings = this.byParent.get(process.parent);
      if (siblings === undefined) {
        this.byParent.set(process.parent, [process]);
      } else {
        siblings.push(process);
      }
    }
  }

  get(pid: number): ProcessSample | undefined {
    return this.byPid.get(pid);
  }

  childrenOf(process: ProcessSample): readonly ProcessSample[] {
    return this.byParent.get(process.pid) ?? [];
  }

  /**
   * The process that stands for the run: up from one that holds a GPU, over launchers and the pythons that forked it, to where a
   * shell, a terminal, a service or another account begins.
   */
  rootOf(process: ProcessSample): ProcessSample {
    let root = process;
    for (let depth = 0; depth < DEEPEST; depth++) {
      const parent = this.byPid.get(root.parent);
      if (parent === undefined || parent.pid === root.pid || parent.pid <= 1 || parent.uid !== root.uid || !belongs(parent, root)) {
        return root;
      }
      root = parent;
    }
    return root;
  }

  /** Everything below a process that holds no GPU itself: data loader workers above all. */
  workersOf(process: ProcessSample, holdsGpu: (pid: number) => boolean): readonly ProcessSample[] {
    const found: ProcessSample[] = [];
    const waiting = [...this.childrenOf(process)];
    const seen = new Set([process.pid]);
    for (let child = waiting.pop(); child !== undefined; child = waiting.pop()) {
      if (!seen.has(child.pid) && !holdsGpu(child.pid)) {
        seen.add(child.pid);
        found.push(child);
        waiting.push(...this.childrenOf(child));
      }
    }
    return found;
  }
}

/** Whether a child prepares data for its parent: forked from it with the same words, or spawned by Python's multiprocessing. */
export function isLoaderWorker(child: ProcessSample, parent: ProcessSample): boolean {
  if (NAMES_OF_WORKERS.test(child.name)) {
    return true;
  }
  const words = wordsOf(child).join(' ');
  const above = wordsOf(parent).join(' ');
  if (words.includes('multiprocessing.resource_tracker')) {
    return false;
  }
  return isPython(child) && ((words !== '' && words === above) || words.includes('multiprocessing.spawn') || words.includes('--multiprocessing-fork'));
}

/** A python that a notebook server started is a run of its own: each of its kernels is another work. */
function belongs(parent: ProcessSample, child: ProcessSample): boolean {
  if (wordsOf(child).some((word) => word.startsWith('ipykernel'))) {
    return false;
  }
  return isLauncher(parent) || (isPython(parent) && isPython(child) && !isServer(parent));
}

function isServer(process: ProcessSample): boolean {
  return /\b(?:jupyter(?:hub|lab)?|notebook|supervisord|ansible|celery|airflow)\b/.test(wordsOf(process).join(' '));
}

function wordsOf(process: ProcessSample): readonly string[] {
  return known(process.command) ?? [];
}
