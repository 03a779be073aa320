import { accessSync, constants, lstatSync, statSync, type BigIntStats } from 'node:fs';
import { dirname } from 'node:path';
import type { Toolbox } from '../../process/foundTool.ts';
import type { PlanItem } from '../job.ts';
import type { Ledger } from '../ledger.ts';
import { outputStampIfAny } from '../run/stamps.ts';
import type { Clashes } from './clashes.ts';
import type { Draft, NamedDraft } from './draft.ts';
import type { FileSet } from './fileSet.ts';
import { alreadyDone, answer, type Answer } from './ledgerAnswer.ts';
import type { Namer } from './namer.ts';
import type { Preset } from '../preset.ts';
import type { NameTable } from './nameTable.ts';
import { toolKey } from './toolKey.ts';

export interface DeciderSetup {
  readonly ledger: Ledger;
  readonly recipe: string;
  readonly preset: Preset;
  readonly tools: Toolbox;
  /** All inputs. */
  readonly files: FileSet;
  readonly namer: Namer;
  readonly table: NameTable;
  readonly clashes: Clashes | undefined;
}

/** What a folder is to the outputs that would go into it. */
type FolderState = 'there' | 'none' | { readonly refused: string };

/** Says of each draft, when all names are settled, what becomes of it. */
export class Decider {
  private lastFolder: string | undefined;
  private lastState: FolderState = 'none';

  constructor(private readonly setup: DeciderSetup) {}

  decide(draft: Draft, seq: number): PlanItem {
    const { input, size } = draft;
    if ('refused' in draft) {
      return { seq, action: 'refuse', reason: draft.refused, input, size, cost: 0 };
    }
    const output = this.setup.namer.outputOf(input, draft.shape, draft.row);
    if (output === undefined) {
      return { seq, action: 'refuse', reason: this.clashOf(draft), input, size, cost: 0 };
    }
    const { action, reason } = this.answerTo(draft, output);
    const isRun = action === 'write' || action === 'replace';
    return { seq, action, reason, input, output, engine: draft.engine, size, cost: isRun ? draft.cost : 0 };
  }

  private answerTo(draft: NamedDraft, output: string): Answer {
    const { ledger, recipe, preset, tools, files, table } = this.setup;
    const { input, stamp: inputStamp } = draft;
    const tool = toolKey(preset, draft.engine, tools);
    if (draft.done !== undefined && table.stateOf(draft.row) === draft.done.name) {
      // The output was looked at a moment ago.
      return alreadyDone(draft.done);
    }
    const record = ledger.recordOf(output);
    const folder = this.stateOf(dirname(output));
    if (typeof folder === 'object') {
      return { action: 'refuse', reason: folder.refused };
    }
    const there = folder === 'none' ? undefined : lstatSync(output, { bigint: true, throwIfNoEntry: false });
    if (there !== undefined && isOneOf(files, there, output)) {
      return { action: 'refuse', reason: 'its output would be one of the inputs' };
    }
    return answer(record, { input, inputStamp, recipe, tool, outputStamp: there && outputStampIfAny(output) });
  }

  private clashOf({ input, row }: NamedDraft): string {
    const others = this.setup.clashes?.get(this.setup.table.groupOf(row)) ?? [];
    const other = others.find((path) => path !== input);
    return other === undefined
      ? 'its output’s name is that of a folder which other outputs go into'
      : `its output’s name could not be told from that of ${other} on every file system`;
  }

  /** Outputs of one folder follow one another, so that it is enough to remember the last one. */
  private stateOf(folder: string): FolderState {
    if (folder !== this.lastFolder) {
      this.lastFolder = folder;
      this.lastState = folderState(folder);
    }
    return this.lastState;
  }
}

function folderState(folder: string): FolderState {
  try {
    if (!statSync(folder).isDirectory()) {
      return { refused: `${folder} is not a folder` };
    }
    accessSync(folder, constants.W_OK | constants.X_OK);
    return 'there';
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'none' : { refused: `nothing can be written into ${folder}: ${FOLDER_WORDS[code] ?? code}` };
  }
}

const FOLDER_WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of its path is not a folder',
  ELOOP: 'its links lead round in a circle',
};

/** Whether what has the output's name is an input, or a link that leads to one. */
function isOneOf(files: FileSet, there: BigIntStats, output: string): boolean {
  if (!there.isSymbolicLink()) {
    return files.has(there);
  }
  const target = statOrUndefined(output);
  return target !== undefined && files.has(target);
}

function statOrUndefined(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
