import type { Container, Media, MediaKind } from '../media/media.ts';
import type { FoundTool } from '../process/foundTool.ts';
import type { ToolOutput } from '../process/toolPlan.ts';
import type { Call, EngineId } from './engine.ts';
import type { OptionSpecs, OptionValues, ValuesOf } from '../recipe/option.ts';

/** Inclusive bounds. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The post-condition: what a probe of the output must say. What is left out is not asked. */
export interface Expectation {
  readonly container?: readonly Container[];
  /** Seconds. */
  readonly duration?: Range;
  readonly audio?: {
    readonly codec?: string;
    readonly sampleRate?: number;
    readonly channels?: number;
    readonly bitDepth?: number;
  };
  readonly video?: {
    readonly codec?: string;
    readonly width?: Range;
    readonly height?: Range;
    readonly frames?: Range;
  };
  readonly image?: {
    readonly width?: Range;
    readonly height?: Range;
    /** 1: upright as stored. */
    readonly orientation?: number;
    readonly frames?: Range;
  };
}

/** The post-condition of a folder of files. Sidecars do not count as files. */
export interface FolderExpectation {
  readonly files: Range;
  /** What each file is held to; `last` where the last one differs. */
  readonly each: Expectation;
  readonly last?: Expectation;
}

/** One input on its way to one output. */
export interface Task<O = OptionValues> {
  /** Absolute path. */
  readonly input: string;
  readonly media: Media;
  readonly options: O;
  /** Absolute path of the temporary file to write, or of the temporary folder, which exists and is empty. */
  readonly output: string;
  /** Threads that one process may use. */
  readonly threads: number;
  readonly tool: FoundTool;
  readonly salvage: boolean;
}

/** Text that goes into the output folder beside the files. */
export interface Sidecar {
  readonly name: string;
  readonly text: string;
}

export interface Outcome {
  readonly sidecars?: readonly Sidecar[];
  /** What a person should know of this output: `loudness: dynamic mode` … */
  readonly notes?: readonly string[];
}

/** Thrown by a method: there is nothing to do for this input, and that is no failure. */
export class SkipItem extends Error {
  override readonly name = 'SkipItem';
}

/** Thrown by a method: what the tool measured does not meet what was asked. */
export class Unmet extends Error {
  override readonly name = 'Unmet';
}

/** The way one engine does a preset. */
export interface Method<O = OptionValues> {
  readonly engine: EngineId;
  /** Features of the tool's build that it needs: `libx264`, `webp` … */
  readonly needs?: (options: O) => readonly string[];
  /** Why this engine cannot take this file; undefined where it can. */
  readonly refuse?: (media: Media, options: O) => string | undefined;
  /** Yields calls one after the other and gets each one's output back; all have run clean when it goes on. */
  readonly convert: (task: Task<O>) => Generator<Call, Outcome, ToolOutput>;
}

export type OutputShape =
  | { readonly kind: 'file'; /** Without the dot. */ readonly extension: string }
  /** A folder named after the input, with many files in it. */
  | { readonly kind: 'folder' };

export interface Preset<O = OptionValues> {
  /** `audio.wav-16k-mono`; the part after the dot names the default output folder. */
  readonly id: string;
  readonly title: string;
  /** One line: what comes out, and why one wants it. */
  readonly summary: string;
  readonly kinds: readonly MediaKind[];
  readonly options: OptionSpecs;
  /** Raised whenever the same options give other bytes than before: outputs are then made anew. */
  readonly revision: number;
  /** In order of preference. */
  readonly methods: readonly Method<O>[];
  /** Why no engine could take this file; undefined where one may. */
  readonly refuse?: (media: Media, options: O) => string | undefined;
  readonly output: (media: Media, options: O) => OutputShape;
  readonly expect: (media: Media, options: O, engine: EngineId) => Expectation | FolderExpectation;
  /**
   * What the steps of a recipe go on with, one after the other, each with its options bound to it. `methods` and `expect` are the first
   * step's then, and `output` is the last one's. Only the last may make a folder.
   */
  readonly stages?: readonly Preset[];
}

/** A preset with its options' types checked, given back with them erased for the registry. */
export function definePreset<const S extends OptionSpecs>(
  preset: Omit<Preset<ValuesOf<S>>, 'options'> & { readonly options: S },
): Preset {
  return preset as unknown as Preset;
}

/** Bounds around a value: `near(3, 0.01)` is 2.99 to 3.01. */
export function near(value: number, tolerance: number): Range {
  return { min: value - tolerance, max: value + tolerance };
}

export function exactly(value: number): Range {
  return { min: value, max: value };
}
