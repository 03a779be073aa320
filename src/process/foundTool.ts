import type { ToolId } from './toolPlan.ts';

/** A tool that was found, asked for its banner and taken for what it says. */
export interface FoundTool {
  readonly id: ToolId;
  /** Absolute path, symbolic links resolved only as far as the name matters (busybox-style links keep theirs). */
  readonly path: string;
  /** Arguments that come before a plan's own: the worker script for `sharp`, nothing for the others. */
  readonly prefix: readonly string[];
  readonly version: string;
  /** The whole version banner. */
  readonly banner: string;
  /** What the banner says is built in: `libsoxr`, `libx264`, `webp` …, lower case. */
  readonly features: ReadonlySet<string>;
  /** Stands for this very build in journals: hash of path, banner, size and mtime of the binary. */
  readonly buildId: string;
}

/** Every tool by its id; a tool that is not there is not in the map. */
export type Toolbox = ReadonlyMap<ToolId, FoundTool>;
