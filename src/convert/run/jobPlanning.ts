import { join } from 'node:path';
import { createProber } from '../../media/probe.ts';
import type { JobStatus, LeftOut, PlanItem } from '../job.ts';
import { planJob, type JobPlan, type JobPlanSetup } from '../plan/planJob.ts';
import { isRunnable, type RunnableItem } from './itemRun.ts';
import type { JobFiles } from './jobFiles.ts';
import { writePlan } from './planFile.ts';
import type { PreparedJob } from './preparedJob.ts';
import type { StatusFile } from './statusFile.ts';

/**
 * Makes a job's plan, writes it down and tells of it in the status. Throws a `RequestError` where the request cannot be done as it
 * stands, the signal's reason on an abort.
 */
export async function makeJobPlan(
  files: JobFiles,
  store: string,
  status: StatusFile,
  job: PreparedJob,
  signal: AbortSignal,
): Promise<void> {
  const { request, preset, toolbox, states, ffprobe } = job;
  status.set({ title: preset.title });
  const setup: JobPlanSetup = {
    request, preset, states, store, signal,
    tools: toolbox,
    scratch: join(files.folder, 'draft.jsonl'),
    ...(ffprobe && { ffprobe }),
    onProgress: ({ files: looked }) => status.touch(() => ({ looked })),
  };
  const plan: JobPlan = await (request.recipe === undefined ? planJob(setup) : (await import('../recipe/planRecipe.ts')).planRecipe(setup, request.recipe));
  status.set({ base: plan.base, output: plan.output, freeBytes: plan.freeBytes });
  let first: RunnableItem | undefined;
  let leftOut: LeftOut | undefined;
  const items = withReturn(plan.items, (value) => (leftOut = value));
  const totals = await writePlan(files, items, (item, sum) => {
    if (first === undefined && isRunnable(item)) {
      first = item;
    }
    status.touch(() => ({ counts: { ...status.current.counts, ...sum.totals.counts } }));
  });
  const firstCommand = first && (await commandFor(first, job));
  status.set({
    state: 'planned',
    counts: { ...totals.counts, done: 0, failed: 0, salvaged: 0 },
    bytes: totals.bytes,
    looked: undefined,
    ...(leftOut && { leftOut }),
    ...(firstCommand && { firstCommand }),
  } satisfies { readonly [K in keyof JobStatus]?: JobStatus[K] | undefined });
}

/** What is yielded, with what is returned told at the end. */
async function* withReturn(items: AsyncGenerator<PlanItem, LeftOut>, onReturn: (value: LeftOut) => void): AsyncGenerator<PlanItem> {
  onReturn(yield* items);
}

/**
 * The command that the item's first call comes to, with its real output; undefined where the method makes none, or where the work
 * goes in through stdin and the command alone says nothing.
 */
async function commandFor(item: RunnableItem, job: PreparedJob): Promise<readonly string[] | undefined> {
  const { preset, options, request, toolbox, engines, runner, ffprobe } = job;
  const method = preset.methods.find(({ engine }) => engine === item.engine);
  const engine = engines.get(item.engine);
  const tool = toolbox.get(item.engine);
  if (!method || !engine || !tool) {
    return undefined;
  }
  const { input, output } = item;
  try {
    const media = await createProber().probe(input, ffprobe ? { ffprobe } : {});
    const step = method.convert({ input, media, options, output, threads: 1, tool, salvage: request.salvage }).next();
    const plan = step.done === true ? undefined : engine.plan([step.value], { salvage: request.salvage, limits: {} });
    return plan && plan.stdin === undefined ? runner.commandOf(plan) : undefined;
  } catch {
    // Nothing to do for this file, or it has gone: the run says so.
    return undefined;
  }
}
