import { createToolRunner } from './createToolRunner.ts';
import { createToolFinder, toolboxOf } from './toolFinder.ts';
import type { ToolPlan } from './toolPlan.ts';
import type { ToolSearch } from './toolSearch.ts';
import { findWrappers } from './wrappers.ts';

/** Looks for ffprobe and gives what runs its plans; undefined where there is no ffprobe. */
export async function ffprobeRunner(search: ToolSearch): Promise<(<T>(plan: ToolPlan<T>) => Promise<T>) | undefined> {
  const wrappers = await findWrappers();
  const tools = toolboxOf(await createToolFinder({ wrappers }).find(search, ['ffprobe']));
  const runner = createToolRunner({ tools, wrappers, env: search.env });
  return tools.has('ffprobe') ? (plan) => runner.run(plan) : undefined;
}
