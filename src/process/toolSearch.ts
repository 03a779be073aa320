import type { FoundTool } from './foundTool.ts';
import type { ToolId } from './toolPlan.ts';

export interface ToolSearch {
  /** The user's own paths, by tool; a tool that has one is looked for there and nowhere else. */
  readonly paths: Readonly<Partial<Record<ToolId, string>>>;
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the bundled `sharpWorker.js`. */
  readonly sharpWorker: string;
  /** Folders (the workspace's) in which no tool is ever looked for or run from, links resolved. */
  readonly never: readonly string[];
}

/** What came of looking for one tool. */
export interface ToolState {
  readonly id: ToolId;
  /** As a person knows it: `ImageMagick`. */
  readonly title: string;
  readonly found?: FoundTool;
  /** Candidates that were looked at and not taken, with the reason. */
  readonly rejected: readonly { readonly path: string; readonly reason: string }[];
  /** The line that installs it on this distribution; left out for what is bundled. */
  readonly install?: string;
  /** What a person should know of how it runs here, a sentence each: a guard that is missing, another way to install it. */
  readonly notes?: readonly string[];
}
