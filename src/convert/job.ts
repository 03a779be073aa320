import type { Measured } from '../base/absent.ts';
import type { ToolId } from '../process/toolPlan.ts';
import type { EngineId } from './engine.ts';
import type { OptionValues } from '../recipe/option.ts';

/** A person's own preset, as it stands in the setting `trainyard.convert.presets`. */
export interface CustomPresetSpec {
  readonly name: string;
  readonly tool: 'ffmpeg' | 'sox' | 'imagemagick';
  /** Argument array with `{input}`, `{output}` and `{option}` placeholders; never a shell line. */
  readonly args: readonly string[];
  readonly kinds: readonly ('audio' | 'video' | 'image')[];
  /** Of the output, without the dot. */
  readonly extension: string;
  /** Defaults of the placeholders other than input and output. */
  readonly options?: OptionValues;
}

export type ImageEngineChoice = 'auto' | 'imagemagick' | 'sharp';

/** All that a conversion is asked to do; kept in the job's folder, so that it can be resumed as it was. */
export interface ConvertRequest {
  readonly preset: string;
  /** What was set; defaults fill in the rest. */
  readonly options: OptionValues;
  /** Absolute paths of files, folders and manifests (JSONL, CSV, TSV naming files). */
  readonly inputs: readonly string[];
  /** Absolute path of the output folder; `defaultOutputFolder` decides where left out. */
  readonly output?: string;
  /** Processes at once; the CPUs of the cgroup where left out. */
  readonly jobs?: number;
  readonly salvage: boolean;
  readonly imageEngine: ImageEngineChoice;
  /** The user's own tool paths, by tool. */
  readonly toolPaths: Readonly<Partial<Record<ToolId, string>>>;
  /** Absolute paths of folders (the workspace's) in which no tool is looked for or run from. */
  readonly noToolsFrom?: readonly string[];
  readonly customPresets: readonly CustomPresetSpec[];
  /** The recipe that says what is done; `preset`, `options` and `inputs` only name it then. */
  readonly recipe?: RecipeRequest;
  /** Only these of the inputs' files: absolute paths, from the failures of an earlier job. */
  readonly only?: readonly string[];
}

/** A recipe as it was when it was asked for. */
export interface RecipeRequest {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
  /** Of its inputs only those whose paths match one of these patterns: relative to the recipe's folder, or absolute. */
  readonly only?: readonly string[];
  /** Absolute path of a folder that outputs go to instead of the recipe's own; then neither a lock file nor a manifest is written. */
  readonly trial?: string;
}

export type PlanAction = 'write' | 'replace' | 'skip' | 'refuse';

/** One line of a plan. `write` makes a new output; `replace` renews one that is ours and untouched since. */
export interface PlanItem {
  readonly seq: number;
  readonly action: PlanAction;
  /** `new`, `input changed`, `preset changed`, `tool changed`, or why it is skipped or refused. */
  readonly reason: string;
  readonly input: string;
  /** Absent (left out) where the item is refused before an output could be named. */
  readonly output?: string;
  readonly engine?: EngineId;
  /** Bytes of the input. */
  readonly size: number;
  /** Seconds of media, or megapixels; 0 for what is not run. */
  readonly cost: number;
}

/** Files that were found and are not in a plan. */
export interface LeftOut {
  /** Of kinds that the preset does not take, in folders. */
  readonly otherKinds: number;
  /** Further names (hard links, symbolic links, mentions) of files that are in the plan. */
  readonly duplicates: number;
  /** Outputs of earlier jobs, in folders. */
  readonly ownOutputs: number;
  /** Links to folders, sockets and the like, in folders. */
  readonly unfollowed: number;
}

export type JobState = 'planning' | 'planned' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

export interface JobCounts {
  readonly write: number;
  readonly replace: number;
  readonly skip: number;
  readonly refuse: number;
  /** Of write and replace: verified and in place. */
  readonly done: number;
  readonly failed: number;
  /** Of done: kept with damage recorded. */
  readonly salvaged: number;
}

export interface RunningItem {
  readonly input: string;
  /** 0 to 1. */
  readonly fraction: Measured<number>;
}

export interface JobFailure {
  readonly seq: number;
  readonly input: string;
  /** What stopped, then why. */
  readonly reason: string;
  /** The command as it was run. */
  readonly command: readonly string[];
  /** The tool's own last lines. */
  readonly stderr: string;
  readonly exitCode?: number;
}

/** What a job's `status.json` holds: all that a view needs, renewed at most twice a second. */
export interface JobStatus {
  readonly id: string;
  readonly state: JobState;
  /** The preset's id and title. */
  readonly preset: string;
  readonly title: string;
  /** The folder that the inputs have in common. */
  readonly base: string;
  readonly output: string;
  readonly salvage: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** The process that plans or runs it. */
  readonly owner?: { readonly pid: number; readonly startTime: string };
  readonly counts: JobCounts;
  /** Files looked at so far, while it is planned. */
  readonly looked?: number;
  /** Files that were found and are not in the plan. */
  readonly leftOut?: LeftOut;
  /** Bytes of the inputs that are to be converted. */
  readonly bytes: number;
  /** Free bytes on the output's file system when the plan was made. */
  readonly freeBytes: Measured<number>;
  /** Of the whole, by cost, 0 to 1; never falls. */
  readonly progress: number;
  readonly secondsLeft: Measured<number>;
  /** At most 8. */
  readonly running: readonly RunningItem[];
  /** Running items beyond those. */
  readonly runningMore?: number;
  /** The first failures, at most 100; `failures` of the store gives all. */
  readonly failures: readonly JobFailure[];
  /** What a person should know of single outputs, at most 100. */
  readonly notes: readonly { readonly input: string; readonly text: string }[];
  /** Why the job as a whole could not go on. */
  readonly problem?: string;
  /** The command for the first file, for copying. */
  readonly firstCommand?: readonly string[];
}
