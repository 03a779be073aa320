import type { Measured } from '../base/absent.ts';

/** `unknown`: nothing in its format tells. */
export type CheckpointState = 'complete' | 'writing' | 'damaged' | 'unknown';

/** What is known of a checkpoint from heads and tails of its files. */
export interface CheckpointFacts {
  /** As it was asked for. */
  readonly path: string;
  /** Id of its format: `safetensors`, `torch`, `dcp`, `hfTrainer`, … */
  readonly format: string;
  readonly state: CheckpointState;
  /** Why it has this state, as a person reads it. */
  readonly reason: string;
  /** Of the model's own weights, as are the next two: an optimizer's state beside them is not counted. */
  readonly tensors: Measured<number>;
  readonly parameters: Measured<number>;
  /** Parameters by type: `{ BF16: 7615616512 }`. */
  readonly dtypes: Measured<Readonly<Record<string, number>>>;
  readonly step: Measured<number>;
  readonly epoch: Measured<number>;
  readonly metrics: Measured<Readonly<Record<string, number>>>;
  /** Bytes of all its files. */
  readonly bytes: number;
}

export interface Tensor {
  readonly name: string;
  /** As safetensors and GGUF spell it, whatever the format: `F32`, `BF16`, `I64`, `Q4_K`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Undefined where the format does not tell, or the values do not lie in one piece. */
  readonly place?: TensorPlace;
  /** Not of the model: an optimizer's state, an average kept beside. */
  readonly beside?: true;
}

export interface TensorPlace {
  readonly file: string;
  /** Bytes from the start of the file; with `member`, from where that member's bytes begin. */
  readonly offset: number;
  readonly length: number;
  /** Where the local header of the member of a zip file stands that holds it. */
  readonly member?: number;
}

export interface FileRange {
  readonly file: string;
  /** From the end of the file where negative. */
  readonly offset: number;
  readonly length: number;
}

/** A file or folder that is read in pieces, here or on a box. Every name is relative to it. */
export interface CheckpointSource {
  /** As it was asked for. */
  readonly path: string;
  /** The name of the folder, or of the folder that the file lies in. */
  readonly folderName: string;
  /** Which file was asked for, where it was no folder: names are then relative to its folder. */
  readonly focus?: string | undefined;
  /** Names below with sizes and times, at most `depth` deep. Of a single file itself, and its siblings where it is of several. */
  list(depth: number, signal?: AbortSignal): Promise<CheckpointListing>;
  /** Each up to `length` bytes, fewer at the end of the file, none where there is no such file. All in one round trip. */
  read(ranges: readonly FileRange[], signal?: AbortSignal): Promise<readonly Buffer[]>;
  /** SHA-256 of each, in hexadecimal digits, made where the bytes are. */
  digest(ranges: readonly FileRange[], signal?: AbortSignal): Promise<readonly string[]>;
}

export interface CheckpointListing {
  /** Milliseconds since the epoch by the clock of the machine that has the files. */
  readonly now: number;
  readonly files: readonly CheckpointFile[];
}

export interface CheckpointFile {
  /** Relative to the source's folder, with `/`. */
  readonly name: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
  readonly folder: boolean;
}

/** One kind of checkpoint: one file in `checkpoints/formats/`, one line in its index. */
export interface CheckpointFormat {
  readonly id: string;
  readonly title: string;
  /** How many folders down its files lie. */
  readonly depth: number;
  /** By names and first bytes alone, 0 to 1. `focus` as in the source; `head` is empty for a folder. */
  evidence(files: readonly CheckpointFile[], head: Buffer, focus: string | undefined): number;
  inspect(source: CheckpointSource, listing: CheckpointListing, signal?: AbortSignal): Promise<Inspection>;
}

export interface Inspection {
  readonly facts: Omit<CheckpointFacts, 'path' | 'format' | 'bytes'>;
  readonly tensors: readonly Tensor[];
  /** What the format itself says beside: `__metadata__`, `config.json`, hyperparameters. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Files that a reader looks for first, and so are copied last, in this order. */
  readonly markers: readonly string[];
  /** The files that make it up. */
  readonly files: readonly string[];
}
