import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Media } from '../../media/media.ts';
import type { Toolbox } from '../../process/foundTool.ts';
import { ToolError } from '../../process/toolError.ts';
import type { ToolOutput } from '../../process/toolPlan.ts';
import type { Call, EngineId } from '../engine.ts';
import type { PlanItem } from '../job.ts';
import type { OptionValues } from '../../recipe/option.ts';
import { toolKey } from '../plan/toolKey.ts';
import type { Outcome, OutputShape, Preset, Task } from '../preset.ts';
import { ItemError, wordsOf } from './faults.ts';
import type { OutputFolders } from './outputFolders.ts';
import { fileStamp } from './stamps.ts';
import { stepsName, temporaryName, type RunMark } from './tempNames.ts';

/** A plan's item that is to be run. */
export interface RunnableItem extends PlanItem {
  readonly action: 'write' | 'replace';
  readonly output: string;
  readonly engine: EngineId;
}

export function isRunnable(item: PlanItem): item is RunnableItem {
  return (item.action === 'write' || item.action === 'replace') && item.output !== undefined && item.engine !== undefined;
}

/** What is being done to an item: its preset, or one step of its recipe. */
export interface Stage {
  /** From 0. */
  readonly number: number;
  readonly preset: Preset;
  readonly options: OptionValues;
  readonly engine: EngineId;
  /** What it reads. */
  readonly media: Media;
  /** Absolute path of the temporary file or folder that it writes. */
  readonly output: string;
  readonly shape: OutputShape['kind'];
  readonly steps: Generator<Call, Outcome, ToolOutput>;
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
  /** Of what one step hands to the next; undefined where there is only one. */
  readonly stepsFolder: string | undefined;
  /** What comes after the first stage. */
  readonly later: readonly Preset[];
  stage: Stage;
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
  // Of a recipe the last step's, as far as it can be told beforehand.
  const shape = preset.output(media, options);
  if (shape.kind === 'file' && !item.output.endsWith(`.${shape.extension}`)) {
    throw new ItemError(`the input has changed since the plan was made · it would become .${shape.extension} now`);
  }
  const folder = dirname(item.output);
  folders.ensure(folder);
  const temporary = join(folder, temporaryName(mark, item.seq));
  const stepsFolder = preset.stages === undefined ? undefined : join(folder, stepsName(mark, item.seq));
  makePlaces({ shape: shape.kind, temporary, stepsFolder });
  const output = stepsFolder === undefined ? temporary : join(stepsFolder, '0');
  const task: Task = { input: item.input, media, options, output, threads: setup.threadsFor(media), tool, salvage };
  const stage: Stage = {
    number: 0, preset, options, media, output,
    engine: item.engine,
    shape: stepsFolder === undefined ? shape.kind : 'file',
    steps: method.convert(task),
  };
  return {
    item, media, inputStamp, folder, temporary, stepsFolder, stage,
    shape: shape.kind,
    later: preset.stages ?? [],
    buildId: toolKey(preset, item.engine, toolbox),
    // An engine need not notice what the headers tell.
    damage: salvage ? [...media.problems] : [],
    lastCall: undefined,
  };
}

/** Takes the method on to its next call. Throws what the method throws: `SkipItem`, `Unmet`. */
export function advance(run: ItemRun, output?: ToolOutput): Step {
  // The first `next` of a generator passes nothing on.
  const step = run.stage.steps.next(output as ToolOutput);
  if (step.done === true) {
    return { outcome: step.value };
  }
  run.lastCall = step.value;
  return { call: step.value };
}

export function discardTemporary({ temporary, stepsFolder }: Pick<ItemRun, 'temporary' | 'stepsFolder'>): void {
  rmSync(temporary, { recursive: true, force: true });
  if (stepsFolder !== undefined) {
    rmSync(stepsFolder, { recursive: true, force: true });
  }
}

/** The folders that an item's tools write into, where they are not there. */
export function makePlaces({ shape, temporary, stepsFolder }: Pick<ItemRun, 'shape' | 'temporary' | 'stepsFolder'>): void {
  if (shape === 'folder') {
    mkdirSync(temporary);
  }
  if (stepsFolder !== undefined) {
    mkdirSync(stepsFolder, { mode: 0o700 });
  }
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
