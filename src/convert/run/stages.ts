import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Media } from '../../media/media.ts';
import type { Toolbox } from '../../process/foundTool.ts';
import type { ToolState } from '../../process/toolSearch.ts';
import type { ImageEngineChoice } from '../job.ts';
import { createEngineChooser } from '../plan/engineChoice.ts';
import { ItemError } from './faults.ts';
import { advance, type ItemRun, type Step } from './itemRun.ts';
import { verifyOutput, type Verification } from './verifyOutput.ts';

export interface StageSetup extends Verification {
  readonly toolbox: Toolbox;
  readonly states: readonly ToolState[];
  readonly imageEngine: ImageEngineChoice;
  readonly threadsFor: (media: Media) => number;
  readonly signal: AbortSignal;
}

/** Whether a recipe has more to do with an item. */
export function hasNextStage({ stage, later }: Pick<ItemRun, 'stage' | 'later'>): boolean {
  return stage.number < later.length;
}

/**
 * Holds what the present step has written to its promises, hands it to the next step and takes that to its first call. The engine is
 * chosen anew: it is another file now. Throws an `ItemError`, and what the step's method throws.
 */
export async function nextStage(run: ItemRun, setup: StageSetup): Promise<Step> {
  await verifyOutput(run, setup);
  setup.signal.throwIfAborted();
  const { stage, later, stepsFolder = '' } = run;
  const number = stage.number + 1;
  const preset = later[stage.number]!;
  const media = await setup.inspect(stage.output);
  const where = `step ${number + 1}, ${preset.title}`;
  if (!preset.kinds.includes(media.kind)) {
    throw new ItemError(`${where} · it takes ${preset.kinds.join(' and ')}, and the step before has made ${media.kind} (${media.container})`);
  }
  const { toolbox, states, imageEngine, salvage } = setup;
  const choice = createEngineChooser({ preset, options: {}, imageEngine, tools: toolbox, states }).choose(media);
  if ('refused' in choice) {
    throw new ItemError(`${where} cannot be done · ${choice.refused}`);
  }
  const method = preset.methods.find(({ engine }) => engine === choice.engine)!;
  const shape = preset.output(media, {});
  const isLast = number === later.length;
  if (isLast ? shape.kind !== run.shape : shape.kind === 'folder') {
    throw new ItemError(`${where} · it makes many files, which only the last step can do`);
  }
  if (isLast && shape.kind === 'file' && !run.item.output.endsWith(`.${shape.extension}`)) {
    throw new ItemError(`${where} · it has become .${shape.extension}, and the plan has ${run.item.output}: name the format in the step`);
  }
  const output = isLast ? run.temporary : join(stepsFolder, String(number));
  const task = { input: stage.output, media, options: {}, output, threads: setup.threadsFor(media), tool: choice.tool, salvage };
  run.stage = { number, preset, options: {}, engine: choice.engine, media, output, shape: shape.kind, steps: method.convert(task) };
  if (number > 1) {
    rmSync(join(stepsFolder, String(number - 2)), { force: true });
  }
  return advance(run);
}
