import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import { toBytePath, systemPath, type BytePath } from '../../../base/bytePath.ts';
import { createBreather } from '../../../base/breather.ts';

/** Names that are looked at below one folder. */
const MOST_NAMES = 100_000;
/** Milliseconds after which a folder is looked at anew when somebody asks. */
const FRESH = 30_000;

export interface SurveyedName {
  /** From the folder. */
  readonly path: BytePath;
  readonly isFolder: boolean;
  /** Of a regular file; 0 of all else. */
  readonly bytes: number;
}

/** What lies below a folder, folders before what is in them, those near the top first. */
export interface Survey {
  readonly folder: string;
  readonly names: readonly SurveyedName[];
  /** Whether that is all there is. */
  readonly isWhole: boolean;
}

interface Kept {
  readonly at: number;
  readonly controller: AbortController;
  readonly survey: Promise<Survey>;
}

/** Walks folders for those who ask, each once for all of them. Links are names like others, and never followed. */
export class Surveys {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly now: () => number = Date.now,
    private readonly most = MOST_NAMES,
  ) {}

  /** Rejects with the signal's reason as soon as the asker no longer waits; the walk goes on for the next one. */
  async of(folder: string, signal: AbortSignal): Promise<Survey> {
    signal.throwIfAborted();
    let kept = this.kept.get(folder);
    if (kept === undefined || this.now() - kept.at > FRESH) {
      this.forget(folder);
      const controller = new AbortController();
      kept = { at: this.now(), controller, survey: surveyOf(folder, this.most, controller.signal) };
      this.kept.set(folder, kept);
    }
    const { survey, controller } = kept;
    return new Promise((resolve, reject) => {
      const leave = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', leave, { once: true });
      const done = (): void => signal.removeEventListener('abort', leave);
      // Given up by another asker, and still wanted by this one.
      survey.then(resolve, (error: unknown) => (controller.signal.aborted && !signal.aborted ? resolve(this.of(folder, signal)) : reject(error as Error))).finally(done);
    });
  }

  /** Gives up a walk that is under way, and has the folder looked at anew when somebody asks. */
  forget(folder: string): void {
    this.kept.get(folder)?.controller.abort();
    this.kept.delete(folder);
  }
}

async function surveyOf(folder: string, most: number, signal: AbortSignal): Promise<Survey> {
  const root = toBytePath(folder);
  const names: SurveyedName[] = [];
  const waiting: BytePath[] = [''];
  const breathe = createBreather(signal);
  for (let at = 0; at < waiting.length; at++) {
    const prefix = waiting[at] === '' ? '' : `${waiting[at]}/`;
    for (const entry of entriesOf(systemPath(`${root}/${prefix}`))) {
      if (names.length >= most) {
        return { folder, names, isWhole: false };
      }
      const path = prefix + entry.name;
      const isFolder = entry.isDirectory();
      names.push({ path, isFolder, bytes: entry.isFile() ? sizeOf(`${root}/${path}`) : 0 });
      if (isFolder) {
        waiting.push(path);
      }
      const pause = breathe();
      if (pause !== undefined) {
        await pause;
      }
    }
  }
  return { folder, names, isWhole: true };
}

function entriesOf(folder: Buffer): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true, encoding: 'latin1' }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function sizeOf(path: BytePath): number {
  try {
    return lstatSync(systemPath(path)).size;
  } catch {
    return 0;
  }
}
