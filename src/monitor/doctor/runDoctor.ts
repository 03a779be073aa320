import { isAbsent } from '../../base/absent.ts';
import type { RunReport, SystemSample } from '../systemSample.ts';
import { readHoldings } from '../view/holders.ts';
import { Doctor } from './doctor.ts';
import type { RunMoment } from './runMoment.ts';
import { runMoments } from './runMoments.ts';

const NO_RUNS: ReadonlyMap<string, RunMoment> = new Map();

/** Follows the runs of one machine from sample to sample. Needs samples with the processes that feed the GPUs' own. */
export class RunDoctor {
  private readonly doctor = new Doctor();

  /** What is to be said of each run now; a run of which nothing was said yet is not among them. */
  examine(sample: SystemSample): readonly RunReport[] {
    // Whose a run is makes no difference to what it waits for.
    const moments = hasHolders(sample) ? runMoments(readHoldings(sample, { uid: -1, folders: [] })) : NO_RUNS;
    this.doctor.observe(moments);
    return [...moments.keys()].flatMap((key) => {
      const found = this.doctor.verdict(key);
      return found === undefined
        ? []
        : [{ key, ...found.verdict, minutes: found.minutes.map(({ until, verdict }) => ({ until, kind: verdict.kind })) }];
    });
  }
}

/** Whether a process is seen that uses a GPU: to say which belong together all of them have to be looked at. */
function hasHolders({ gpus, processes }: SystemSample): boolean {
  const pids = new Set(gpus.flatMap(({ uses }) => (isAbsent(uses) ? [] : uses.map(({ pid }) => pid))));
  return pids.size > 0 && !isAbsent(processes) && processes.some(({ pid }) => pids.has(pid));
}
