import type { ToolId, ToolLimits, ToolOutput, ToolPlan } from '../process/toolPlan.ts';

/** What converts: each one file in `engines/`, over one tool. */
export type EngineId = Extract<ToolId, 'sox' | 'ffmpeg' | 'imagemagick' | 'sharp'>;

/**
 * One piece of work for an engine, made by a preset. Structured rather than a command line, so that an engine
 * can lay several into one process. Each engine extends it with its own fields.
 */
export interface Call {
  readonly engine: EngineId;
  /** Whether it may share a process with others: it writes one output and nobody reads what the tool says. */
  readonly groupable: boolean;
  /** Seconds of output, where the media has a duration: the base of progress. */
  readonly seconds?: number;
}

/** A person's own arguments, placeholders already filled in. The engine adds its safety options and no others. */
export interface RawCall extends Call {
  readonly groupable: false;
  readonly raw: readonly string[];
  /** Symbolic links for the tool's working folder, as `ToolPlan` has them. */
  readonly links?: Readonly<Record<string, string>>;
}

/** What a call came to. `unknown`: the process failed or complained and the engine cannot say for which call. */
export type Verdict =
  | { readonly state: 'clean' }
  | { readonly state: 'complained'; readonly lines: readonly string[] }
  | { readonly state: 'failed'; readonly lines: readonly string[] }
  | { readonly state: 'unknown' };

export interface EngineRun {
  /** Keep going over damage and report it, instead of stopping at the first sign. */
  readonly salvage: boolean;
  readonly limits: ToolLimits;
}

export interface Engine<C extends Call = Call> {
  readonly id: EngineId;
  /** The most calls, and the most cost (seconds of media, megapixels), worth laying into one process; 1 call: never grouped. */
  readonly group: { readonly calls: number; readonly cost: number };
  plan(calls: readonly C[], run: EngineRun): ToolPlan;
  /** One verdict a call, by the engine's own rules: exit 0 is never enough. */
  judge(output: ToolOutput, calls: readonly C[]): readonly Verdict[];
}
