import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { searchFolders } from '../../process/candidates.ts';
import type { FoundTool } from '../../process/foundTool.ts';
import { createToolFinder } from '../../process/toolFinder.ts';
import type { ToolId } from '../../process/toolPlan.ts';
import type { ToolSearch, ToolState } from '../../process/toolSearch.ts';
import { findWrappers, hardLimits, type Wrappers } from '../../process/wrappers.ts';
import { writeWhole } from './jobFiles.ts';

/** The tools that a job may use, and what they are started through. */
export interface JobTools {
  readonly states: readonly ToolState[];
  readonly wrappers: Wrappers;
}

type RememberedTool = Omit<FoundTool, 'features'> & { readonly features: readonly string[] };

/** As written down: sets become lists, and our own limits, which differ from process to process, are left out. */
interface Remembered {
  readonly question: string;
  readonly states: readonly (Omit<ToolState, 'found'> & { readonly found?: RememberedTool })[];
  readonly wrappers: Omit<Wrappers, 'ceilings'>;
  /** Files that the answer rests on, each with what it was. */
  readonly files: readonly (readonly [path: string, stamp: string])[];
}

/** Questions whose answers are kept: presets ask for different tools. */
const KEPT = 16;

/** Raised whenever what is written down is to be understood in another way. */
const FORMAT = 1;

/**
 * Looks for tools, or takes what an earlier process found: to ask ffmpeg what it is takes a tenth of a second, and every job has a
 * process of its own. What is in `file` holds for as long as the question is the same, no folder in which programs are looked for
 * has changed, and neither has any of the programs found.
 */
export async function findJobTools(search: ToolSearch, ids: readonly ToolId[], file: string): Promise<JobTools> {
  const question = questionOf(search, ids);
  const memory = read(file);
  const remembered = memory.find((answer) => answer.question === question);
  if (remembered?.files.every(([path, stamp]) => stampOf(path) === stamp)) {
    return revived(remembered);
  }
  const wrappers = await findWrappers();
  const states = await createToolFinder({ wrappers }).find(search, ids);
  try {
    const others = memory.filter((answer) => answer.question !== question).slice(0, KEPT - 1);
    writeWhole(file, JSON.stringify([toRemember(question, { states, wrappers }), ...others]));
  } catch {
    // Then the next process asks again.
  }
  return { states, wrappers };
}

function questionOf({ paths, env, sharpWorker, never }: ToolSearch, ids: readonly ToolId[]): string {
  const folders = searchFolders(env).map((folder) => [folder, stampOf(folder)]);
  const question = [FORMAT, ids, paths, never, sharpWorker, process.execPath, env['LD_LIBRARY_PATH'], env['HOME'], folders];
  return createHash('sha256').update(JSON.stringify(question)).digest('hex');
}

function read(file: string): readonly Remembered[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly Remembered[];
  } catch {
    return []; // Not there, or cut short.
  }
}

function revived({ states, wrappers }: Remembered): JobTools {
  return {
    states: states.map(({ found, ...state }) => ({ ...state, ...(found && { found: { ...found, features: new Set(found.features) } }) })),
    wrappers: { ...wrappers, ceilings: hardLimits(readFileSync('/proc/self/limits', 'utf8')) },
  };
}

function toRemember(question: string, { states, wrappers: { ceilings: _, ...wrappers } }: JobTools): Remembered {
  const found = states.flatMap((state) => state.found ?? []);
  const paths = [...found.flatMap(({ path, prefix }) => [path, ...prefix.filter((word) => isAbsolute(word))]), ...Object.values(wrappers)];
  return {
    question,
    states: states.map(({ found: tool, ...state }) => ({ ...state, ...(tool && { found: { ...tool, features: [...tool.features] } }) })),
    wrappers,
    files: [...new Set(paths)].map((path) => [path, stampOf(path)]),
  };
}

/** What a path leads to, and which file or folder that is now. */
function stampOf(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [realpathSync(path), dev, ino, size, mtimeNs, ctimeNs].join(':');
  } catch {
    return '';
  }
}
