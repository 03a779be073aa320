import type { Measured } from '../base/absent.ts';
import type { Problem } from '../media/problem.ts';
import type { Annotation, Sample } from './sample.ts';

/** What a folder's names and first bytes tell, without a walk of the whole. Paths are relative to the root, with `/`. */
export interface FolderLook {
  /** Absolute path of the dataset's root: a folder, or a single manifest, shard or archive. */
  readonly root: string;
  /** Whether `root` is a single file: then it is itself the one entry, under its base name. */
  readonly isFile: boolean;
  /** Names in a folder, in byte order; at most some thousands, `more` where there are others. Empty where there is no folder. */
  list(folder: string): { readonly files: readonly string[]; readonly folders: readonly string[]; readonly more: boolean };
  /** Up to `length` bytes from the start of a file, as it is; undefined where it cannot be read. */
  head(file: string, length: number): Buffer | undefined;
  /** The first lines of a text file, at most `count`, without their ends; none where it cannot be read. */
  lines(file: string, count: number): readonly string[];
}

/** Why a folder is taken to be of a format. */
export interface Evidence {
  /** 0 to 1. 0.9 and more: the format's own marks are there. 0.5: its shape. Plain folders have 0.05. */
  readonly score: number;
  /** What was seen, in words: `meta/info.json with codebase_version v2.1`. */
  readonly reasons: readonly string[];
}

export interface DatasetFormat {
  /** As the command line spells it: `nemo`, `lerobot-v3`, `coco`. */
  readonly id: string;
  /** As a person knows it: `NeMo manifest`. */
  readonly title: string;
  /** Looks at names and a few first bytes only. Never throws. */
  recognise(look: FolderLook): Evidence | undefined;
  /** Rejects with a `DatasetError` where the dataset's own files cannot be read at all. */
  open(root: string, options?: OpenOptions): Promise<Dataset>;
}

export interface OpenOptions {
  readonly signal?: AbortSignal;
}

/** An open dataset: samples in the format's order. */
export interface Dataset {
  readonly format: string;
  /** Samples in all; absent where only a walk of everything would tell. */
  readonly count: Measured<number>;
  /** Names of the splits that the format states, in its order. */
  readonly splits: readonly string[];
  /** From sample `from` on, counted from 0; ends early when `signal` is aborted, by its reason. */
  samples(options?: { readonly from?: number; readonly signal?: AbortSignal }): AsyncIterable<Sample>;
  /** One sample; undefined beyond the end. */
  at(index: number): Promise<Sample | undefined>;
  /** What is drawn on a picture of it; none where the format has no such thing. */
  annotations?(file: string): Promise<readonly Annotation[]>;
  /** Goes through the whole and tells what is wrong with it, by the format's own rules; `full` where every byte of recordings may be read. */
  check(tell: (problem: Problem) => void, options?: { readonly signal?: AbortSignal; readonly full?: boolean }): Promise<void>;
  close(): void;
}
