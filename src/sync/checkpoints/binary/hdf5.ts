import type { CheckpointSource, Tensor } from '../../checkpoint.ts';
import { Hdf5Problem, Hdf5Walker } from './hdf5Walker.ts';

const SIGNATURE = Buffer.from('894844460d0a1a0a', 'hex');

export interface Hdf5Head {
  /** Bytes of the file, as it was when it was last closed. */
  readonly end: number;
  /** A writer has it open, or was killed while it had. */
  readonly open: boolean;
  /** Of the group at the top: its object header, or with `entry` the symbol table entry. */
  readonly root: number;
}

/** The superblock (HDF5 file format, II.A), of versions 0 to 3; undefined where it is none. Addresses are of 8 bytes. */
export function readHdf5Head(bytes: Buffer): Hdf5Head | undefined {
  if (bytes.length < 96 || !bytes.subarray(0, 8).equals(SIGNATURE)) {
    return undefined;
  }
  const version = bytes[8] ?? 255;
  const wide = version < 2 ? bytes[13] : bytes[9];
  if (version > 3 || wide !== 8) {
    return undefined;
  }
  const base = version === 0 ? 24 : version === 1 ? 28 : 12;
  const [end, root] = version < 2 ? [base + 16, base + 40] : [base + 16, base + 24];
  return { end: Number(bytes.readBigUInt64LE(end)), open: version === 3 && ((bytes[11] ?? 0) & 1) === 1, root: Number(bytes.readBigUInt64LE(root)) };
}

export interface Hdf5Part {
  readonly file: string;
  /** Where its bytes begin in the file, and how many there are. */
  readonly start: number;
  readonly size: number;
}

/** The tensors of a file as Keras writes it; where it is laid out in another way, why they are not read. */
export async function readHdf5Tensors(source: CheckpointSource, part: Hdf5Part, signal?: AbortSignal): Promise<{ readonly tensors: readonly Tensor[] } | { readonly why: string; readonly broken: boolean }> {
  const walker = new Hdf5Walker(source, part, signal);
  try {
    const datasets = await walker.datasets();
    const tensors = datasets.map(({ path, dtype, shape, offset, length }): Tensor => ({
      name: path.join('.'),
      dtype,
      shape,
      ...(offset !== undefined && { place: { file: part.file, offset: part.start + offset, length } }),
      ...(/^(?:optimizer|optimizer_weights|_?seed_generator)/.test(path[0] ?? '') && { beside: true as const }),
    }));
    return { tensors };
  } catch (error) {
    if (error instanceof Hdf5Problem) {
      return { why: error.message, broken: error.broken };
    }
    throw error;
  }
}
