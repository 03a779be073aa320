import type { Measured } from '../../base/absent.ts';
import type { ElementType } from './elementType.ts';

/** Bytes that are asked for in part: of a file at once, of a compressed member once they are there. A view holds until the next call. */
export interface ArrayBytes {
  readonly size: number;
  /** Fewer bytes at the end. */
  read(offset: number, length: number): Buffer | Promise<Buffer>;
}

/** Every `step`th index from `start` to before `stop`, of one dimension. */
export interface Span {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

/** One array of a file, or one field of an array of structs. */
export interface ArrayEntry {
  /** Unique in its file: `model.layers.0.weight`, `/observations/qpos`, `arr.x`. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** What it takes in the file; compressed ones take less than their elements. */
  readonly bytes: Measured<number>;
  /** Why its values cannot be read, where that is known beforehand. */
  readonly unreadable?: string;
  /** Compression, chunks, byte order: what a person may want to know of how it is kept. */
  readonly storage: readonly string[];
  readonly attributes: readonly ArrayAttribute[];
}

export interface ArrayAttribute {
  readonly name: string;
  readonly value: string;
}

/** One line of the tree: a group or an array. */
export interface ArrayNode {
  /** Unique among its parent's children, without the parent's path. */
  readonly label: string;
  readonly path: string;
  readonly entry?: ArrayEntry;
  /** Of groups. */
  readonly group?: { readonly count: Measured<number>; readonly bytes: Measured<number>; readonly types: readonly string[]; readonly attributes: readonly ArrayAttribute[] };
}

export interface ArrayNodes {
  readonly nodes: readonly ArrayNode[];
  /** Of all children of the group. */
  readonly total: number;
}

/** Values of a selection, in C order. */
export interface ArraySlice {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export type ArrayFormat = 'npy' | 'npz' | 'safetensors' | 'hdf5' | 'points';

/** An open file of arrays, of any size: its tree, slices of its arrays, and a walk through all values of one. Rejects with an `ArrayError`. */
export interface ArraySource {
  readonly format: ArrayFormat;
  /** What it says of itself: `version 1.0`, `written by PyTorch`. */
  readonly facts: readonly ArrayAttribute[];
  /** What is wrong with it, though it could be opened. */
  readonly problems: readonly string[];
  /** Children of a group; the root's path is empty. */
  children(path: string, from: number, count: number): Promise<ArrayNodes>;
  entry(path: string): Promise<ArrayEntry>;
  /** The same bytes as another type of the same width, where they have none of their own; its values are asked for as any other's. */
  readAs?(path: string, type: string): Promise<ArrayEntry>;
  /** At most `MAX_ELEMENTS`. */
  slice(entry: ArrayEntry, selection: readonly Span[], signal?: AbortSignal): Promise<ArraySlice>;
  /** The same as text, exactly as the elements are. */
  texts(entry: ArrayEntry, selection: readonly Span[], signal?: AbortSignal): Promise<readonly string[]>;
  /** All values in the order of the file, some megabytes at a time; a piece holds until the next one. */
  values(entry: ArrayEntry, signal?: AbortSignal): AsyncIterable<Float64Array>;
  close(): void;
}

/** Elements that are handed out at once. */
export const MAX_ELEMENTS = 1_048_576;
/** Lines of the tree that are handed out at once. */
export const MAX_NODES = 1000;

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function spanLength({ start, stop, step }: Span): number {
  return Math.max(0, Math.ceil((stop - start) / step));
}

/** The whole of every dimension. */
export function wholeOf(shape: readonly number[]): readonly Span[] {
  return shape.map((size) => ({ start: 0, stop: size, step: 1 }));
}
