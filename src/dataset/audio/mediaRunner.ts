import { createToolRunner } from '../../process/createToolRunner.ts';
import { createToolFinder, toolboxOf } from '../../process/toolFinder.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import type { ToolSearch } from '../../process/toolSearch.ts';
import { findWrappers } from '../../process/wrappers.ts';

/** What runs ffmpeg; undefined where it is not found. */
export async function mediaRunner(search: ToolSearch): Promise<ToolRunner | undefined> {
  const wrappers = await findWrappers();
  const tools = toolboxOf(await createToolFinder({ wrappers }).find(search, ['ffmpeg']));
  return tools.has('ffmpeg') ? createToolRunner({ tools, wrappers, env: search.env }) : undefined;
}
