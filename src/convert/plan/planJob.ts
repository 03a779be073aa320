import type { Measured } from '../../base/absent.ts';
import type { ConvertRequest, LeftOut, PlanItem } from '../job.ts';
import { readLedger } from '../ledger.ts';
import type { OptionValues } from '../../recipe/option.ts';
import { resolveOptions } from '../optionValues.ts';
import { freeSpace } from './freeSpace.ts';
import { layOut } from './layout.ts';
import type { Layout } from './outputNames.ts';
import { makePlan, type PlanSetup } from './planner.ts';
import { recipeKey } from './recipe.ts';
import { settleDeadJobs } from './settleDeadJobs.ts';

export type JobPlanSetup = Omit<PlanSetup, 'request' | 'options' | 'layout' | 'ledger'> & { readonly request: ConvertRequest };

/** A job's plan on its way. */
export interface JobPlan extends Layout {
  /** Free bytes on the output's file system. */
  readonly freeBytes: Measured<number>;
  /** Resolved. */
  readonly options: OptionValues;
  /** For the ledger's entries. */
  readonly recipe: string;
  /** Comes to its end with what is left out. */
  readonly items: AsyncGenerator<PlanItem, LeftOut>;
}

/**
 * Finds out where a job's outputs go, clears up after dead jobs there, and begins the plan; the items follow as they are asked for.
 * Throws a `RequestError` where an
 * option does not fit, or nothing can be written where the outputs would go.
 */
export async function planJob(setup: JobPlanSetup): Promise<JobPlan> {
  const { request, preset, store, signal } = setup;
  const options = resolveOptions(preset.options, request.options);
  const layout = await layOut({ inputs: request.inputs, output: request.output, preset, store, signal });
  await settleDeadJobs(store, layout.output);
  const ledger = await readLedger({ store, output: layout.output });
  return {
    ...layout,
    options,
    recipe: recipeKey(preset, options),
    freeBytes: await freeSpace(layout.output),
    items: makePlan({ ...setup, options, layout, ledger }),
  };
}
