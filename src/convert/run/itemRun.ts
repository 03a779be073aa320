import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Media } from '../../media/media.ts';
import type { Toolbox } from '../../process/foundTool.ts';
import { ToolError } from '../../process/toolError.ts';
import type { ToolOutput } from '../../process/toolPlan.ts';
import type { Call, EngineId } from '../engine.ts';
import type { PlanItem } from '../job.ts';
import type { OptionValues } from '../../recipe/option.ts';
import type { Outcome, OutputShape, Preset, Task } from '../preset.ts';
import { ItemError, wordsOf } from './faults.ts';
import type { OutputFolders } from './outputFolders.ts';
import { fileStamp } from './stamps.ts';
import { temporaryName, type RunMark } from './tempNames.ts';

/** A plan's item that is to be run. */
export interface RunnableItem extends PlanItem {
  readonly action: 'write' | 'replace';
  readonly output: string;
  readonly engine: EngineId;
}

export function isRunnable(item: PlanItem): item is RunnableItem {
  return (item.action === 'write' || item.action === 'replace') && item.output !== undefined && item.engine !== undefined;
}

/** An item on its way: what it is made from, where it is made, and the method that makes it. */
export interface ItemRun {
  readonly item: RunnableItem;
  readonly media: Media;
  /** Of the input, before anything read it. */
  readonly inputStamp: string;
  readonly shape: OutputShape['kind'];
  /** Absolute path of the temporary file or folder. */
  readonly temporary: string;
  /** Folder of the output. */
  readonly folder: string;
  readonly buildId: string;
  readonly steps: Generator<Call, Outcome, ToolOutput>;
  /** What salvage mode let pass. */
  readonly damage: string[];
  /** What its tool was last asked to do; undefined before the first call. */
  lastCall: Call | undefined;
}

/** The next call of a method, or that it has ended. */
export type Step = { readonly call: Call } | { readonly outcome: Outcome };

export interface ItemSetup {
  readonly preset: Preset;
  readonly options: OptionValues;
  readonly salvage: boolean;
  readonly toolbox: Toolbox;
  readonly mark: RunMark;
  readonly folders: OutputFolders;
  /** Threads for a file of this kind. */
  readonly threadsFor: (media: Media) => number;
}

/**
 * Makes an item ready: its temporary place is there, its method has not begun. `inputStamp` was taken before `media` was
 * read. Throws an `ItemError`, a `ToolError` with reason `notFound`, or the system's error.
 */
export function beginItem(item: RunnableItem, media: Media, inputStamp: string, setup: ItemSetup): ItemRun {
  const { preset, options, salvage, toolbox, mark, folders } = setup;
  const method = preset.methods.find(({ engine }) => engine === item.engine);
  const tool = toolbox.get(item.engine);
  if (!method || !tool) {
    throw new ToolError('notFound', item.engine, `it is not installed any more`);
  }
  const refused = preset.refuse?.(media, options) ?? method.refuse?.(media, options);
  if (refused !== undefined) {
    throw new ItemError(`cannot be converted · ${refused}`);
  }
  const shape = preset.output(media, options);
  if (shape.kind === 'file' && !item.output.endsWith(`.${shape.extension}`)) {
    throw new ItemError(`the input has changed since the plan was made · it would become .${shape.extension} now`);
  }
  const folder = dirname(item.output);
  folders.ensure(folder);
  const temporary = join(folder, temporaryName(mark, item.seq));
  if (shape.kind === 'folder') {
    mkdirSync(temporary);
  }
  const task: Task = { input: item.input, media, options, output: temporary, threads: setup.threadsFor(media), tool, salvage };
  return {
    item, media, inputStamp, folder, temporary,
    shape: shape.kind,
    buildId: tool.buildId,
    steps: method.convert(task),
    // An engine need not notice what the headers tell.
    damage: salvage ? [...media.problems] : [],
    lastCall: undefined,
  };
}

/** Takes the method on to its next call. Throws what the method throws: `SkipItem`, `Unmet`. */
export function advance(run: ItemRun, output?: ToolOutput): Step {
  // The first `next` of a generator passes nothing on.
  const step = run.steps.next(output as ToolOutput);
  if (step.done === true) {
    return { outcome: step.value };
  }
  run.lastCall = step.value;
  return { call: step.value };
}

export function discardTemporary(run: ItemRun): void {
  rmSync(run.temporary, { recursive: true, force: true });
}

/** Throws an `ItemError` where the input is another one than at the start. */
export function checkInput(run: ItemRun): void {
  let stamp: string;
  try {
    stamp = fileStamp(run.item.input);
  } catch (error) {
    throw new ItemError(`input changed while it was read · ${wordsOf(error)}`);
  }
  if (stamp !== run.inputStamp) {
    throw new ItemError('input changed while it was read');
  }
}
