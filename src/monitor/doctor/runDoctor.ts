import type { RunReport, SystemSample } from '../systemSample.ts';
import { readHoldings } from '../view/holders.ts';
import { Doctor } from './doctor.ts';
import { runMoments } from './runMoments.ts';

/** Follows the runs of one machine from sample to sample. Needs samples with the processes that feed the GPUs' own. */
export class RunDoctor {
  private readonly doctor = new Doctor();

  /** What is to be said of each run now; a run of which nothing was said yet is not among them. */
  examine(sample: SystemSample): readonly RunReport[] {
    // Whose a run is makes no difference to what it waits for.
    const holdings = readHoldings(sample, { uid: -1, folders: [] });
    const moments = runMoments(holdings);
    this.doctor.observe(moments);
    return [...moments.keys()].flatMap((key) => {
      const found = this.doctor.verdict(key);
      return found === undefined
        ? []
        : [{ key, ...found.verdict, minutes: found.minutes.map(({ until, verdict }) => ({ until, kind: verdict.kind })) }];
    });
  }
}
