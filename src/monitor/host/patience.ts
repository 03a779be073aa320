import { isAbsent, type Measured } from '../../base/absent.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { isLocal } from '../localFiles.ts';

/** After how long a file that was not there is looked for again. */
const SECONDS = 30;

export interface PatientFiles extends KernelFiles {
  /** Says which moment it is, in seconds. */
  at(moment: number): void;
}

/**
 * What this machine does not have is not asked for at each tick: opening in vain costs ten times what reading does. Of another
 * machine's files absence is what has not come yet, and costs nothing.
 */
export function createPatientFiles(files: KernelFiles): PatientFiles {
  const absences = new Map<string, Measured<string>>();
  let next = SECONDS;
  const isPatient = isLocal(files);
  return {
    at(moment) {
      if (moment >= next) {
        next = moment + SECONDS;
        absences.clear();
      }
    },
    text(path) {
      const known = absences.get(path);
      if (known !== undefined) {
        return known;
      }
      const text = files.text(path);
      if (isPatient && isAbsent(text)) {
        absences.set(path, text);
      }
      return text;
    },
    list: (path) => files.list(path),
    link: (path) => files.link(path),
  };
}
