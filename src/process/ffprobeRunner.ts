import { createToolRunner } from './createToolRunner.ts';
import { createToolFinder, toolboxOf } from './toolFinder.ts';
import type { ToolPlan } from './toolPlan.ts';
import type { ToolSearch } from './toolSearch.ts';

/** Looks for ffprobe and gives what runs its plans; undefined where there is no ffprobe. */
export async function ffprobeRunner(search: ToolSearch): Promise<(<T>(plan: ToolPlan<T>) => Promise<T>) | undefined> {
  const tools = toolboxOf(await createToolFinder().find(search, ['ffprobe']));
  const runner = createToolRunner({ tools, env: search.env });
  return tools.has('ffprobe') ? (plan) => runner.run(plan) : undefined;
}
