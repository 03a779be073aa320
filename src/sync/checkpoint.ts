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
  readonly dtype: string;
  readonly shape: readonly number[];
  /** In the file that holds it; `length` in bytes. Undefined where the format does not tell. */
  readonly place?: { readonly file: string; readonly offset: number; readonly length: number };
}

/** A file or folder that is read in pieces, here or on a box. Every path is relative to it; '' is itself. */
export interface CheckpointSource {
  readonly path: string;
  /** Names below with sizes and times, at most `depth` deep; a single file gives itself as ''. */
  list(depth: number, signal?: AbortSignal): Promise<readonly CheckpointFile[]>;
  /** Up to `length` bytes from `offset` (from the end where negative); fewer at the end of the file. */
  read(file: string, offset: number, length: number, signal?: AbortSignal): Promise<Buffer>;
}

export interface CheckpointFile {
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
  /** By names and first bytes alone, 0 to 1. */
  evidence(files: readonly CheckpointFile[], head: Buffer): number;
  inspect(source: CheckpointSource, files: readonly CheckpointFile[], signal?: AbortSignal): Promise<Inspection>;
}

export interface Inspection {
  readonly facts: Omit<CheckpointFacts, 'path' | 'format' | 'bytes'>;
  readonly tensors: readonly Tensor[];
  /** What the format itself says beside: `__metadata__`, `config.json`, hyperparameters. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Files that a reader looks for first, and so are copied last, in this order. */
  readonly markers: readonly string[];
}
