import { setImmediate } from 'node:timers/promises';
import { ArrayError } from './arrayError.ts';
import type { ArrayBytes, ArrayEntry, ArraySlice, ArraySource, Span } from './arraySource.ts';
import { elementCount, spanLength } from './arraySource.ts';
import { ArrayTree } from './arrayTree.ts';
import { decodeNumbers, elementText } from './elements.ts';
import type { ElementType } from './elementType.ts';
import { isNumeric, readingsOf, typeOfName } from './elementType.ts';
import type { Layout } from './strided.ts';
import { checkSelection, layoutOf, readStrided } from './strided.ts';

/** An array of a file whose elements lie one after the other. */
export interface ByteArray {
  readonly entry: ArrayEntry;
  /** In the bytes that `open` gives. */
  readonly offset: number;
  readonly fortranOrder: boolean;
  /** For a field of structs: bytes from one struct to the next, and how many of the shape's last dimensions lie within one. */
  readonly field?: { readonly stride: number; readonly inner: number };
  /** The bytes that it lies in. */
  readonly open: () => ArrayBytes;
}

export interface ByteArraysOptions {
  readonly format: ArraySource['format'];
  readonly arrays: readonly ByteArray[];
  /** Between the names of groups. */
  readonly separator: string;
  readonly facts?: ArraySource['facts'];
  readonly problems?: readonly string[];
  readonly onClose: () => void;
}

/** Bytes of elements decoded at a time. */
const PIECE = 4_194_304;

/** A source of arrays that lie in the file as they are: NPY, NPZ, safetensors. */
export class ByteArrays implements ArraySource {
  readonly format;
  readonly facts;
  readonly problems;
  private readonly tree: ArrayTree;
  private readonly byPath: Map<string, ByteArray>;
  private readonly onClose: () => void;

  constructor({ format, arrays, separator, facts = [], problems = [], onClose }: ByteArraysOptions) {
    this.format = format;
    this.facts = facts;
    this.problems = problems;
    this.byPath = new Map(arrays.map((array) => [array.entry.path, array]));
    this.tree = new ArrayTree(arrays.map(({ entry }) => entry), separator);
    this.onClose = onClose;
  }

  children(path: string, from: number, count: number) {
    return Promise.resolve(this.tree.children(path, from, count));
  }

  async entry(path: string): Promise<ArrayEntry> {
    return this.find(path).entry;
  }

  async readAs(path: string, name: string): Promise<ArrayEntry> {
    const array = this.readable(path);
    const type = readingsOf(array.entry.type).includes(name) ? typeOfName(name) : undefined;
    if (type === undefined) {
      throw new ArrayError('unsupported', `"${path}" cannot be read as ${name}.`);
    }
    const entry = { ...array.entry, path: `${path} as ${name}`, type };
    this.byPath.set(entry.path, { ...array, entry });
    return entry;
  }

  async slice({ path }: ArrayEntry, selection: readonly Span[], signal?: AbortSignal): Promise<ArraySlice> {
    const array = this.readable(path);
    const { type } = array.entry;
    const shape = selection.map(spanLength);
    if (type.packed) {
      const elements = await this.packedElements(array, selection, signal);
      return { shape, values: decodeNumbers(elements, unpacked(type), elementCount(shape)) };
    }
    const bytes = await readStrided(array.open(), layout(array), selection, signal);
    return { shape, values: decodeNumbers(bytes, type, elementCount(shape)) };
  }

  async texts({ path }: ArrayEntry, selection: readonly Span[], signal?: AbortSignal): Promise<readonly string[]> {
    const array = this.readable(path);
    const { type } = array.entry;
    const bytes = type.packed ? await this.packedElements(array, selection, signal) : await readStrided(array.open(), layout(array), selection, signal);
    const single = unpacked(type);
    return Array.from({ length: elementCount(selection.map(spanLength)) }, (_, index) => elementText(bytes, index * single.bytes, single));
  }

  async *values({ path }: ArrayEntry, signal?: AbortSignal): AsyncIterable<Float64Array> {
    const array = this.readable(path);
    const { type, shape } = array.entry;
    if (!isNumeric(type)) {
      throw new ArrayError('unsupported', `Elements of type ${type.name} are no numbers.`);
    }
    const source = array.open();
    const perByte = type.packed ?? 1;
    const [stride, runs] = walks(array);
    const count = runs === 0 ? 0 : elementCount(shape) / runs;
    const atOnce = Math.max(perByte, Math.floor(PIECE / Math.max(1, stride)) * perByte);
    for (let run = 0; run < runs; run++) {
      for (let done = 0; done < count; done += atOnce) {
        const some = Math.min(atOnce, count - done);
        const length = perByte > 1 ? Math.ceil(some / perByte) : (some - 1) * stride + type.bytes;
        const lent = source.read(array.offset + run * type.bytes + (done / perByte) * stride, length);
        const bytes = lent instanceof Promise ? await lent : lent;
        const whole = bytes.length >= length ? some : perByte > 1 ? bytes.length * perByte : Math.max(0, Math.floor((bytes.length - type.bytes) / stride) + 1);
        if (whole > 0) {
          yield decodeNumbers(bytes, type, whole, stride);
        }
        if (whole < some) {
          throw new ArrayError('truncated', `The file ends within this array: ${done + whole} of ${count} elements are there.`);
        }
        await setImmediate();
        signal?.throwIfAborted();
      }
    }
  }

  close(): void {
    this.onClose();
  }

  private find(path: string): ByteArray {
    const array = this.byPath.get(path);
    if (array === undefined) {
      throw new ArrayError('unknown', `There is no array "${path}".`);
    }
    return array;
  }

  private readable(path: string): ByteArray {
    const array = this.find(path);
    if (array.entry.unreadable !== undefined) {
      throw new ArrayError('unsupported', array.entry.unreadable);
    }
    return array;
  }

  /** Elements of half a byte, a byte each. */
  private async packedElements({ entry, offset, open }: ByteArray, selection: readonly Span[], signal?: AbortSignal): Promise<Buffer> {
    checkSelection(entry.shape, selection);
    const source = open();
    const strides = layoutOf(0, entry.shape, 1, false).strides;
    const counts = selection.map(spanLength);
    const out = Buffer.alloc(elementCount(counts));
    for (let index = 0; index < out.length; index++) {
      let rest = index;
      let at = 0;
      for (let nth = counts.length - 1; nth >= 0; nth--) {
        const size = counts[nth] ?? 1;
        at += ((selection[nth]?.start ?? 0) + (rest % size) * (selection[nth]?.step ?? 1)) * (strides[nth] ?? 0);
        rest = Math.floor(rest / size);
      }
      const byte = (await source.read(offset + (at >> 1), 1))[0];
      if (byte === undefined) {
        throw new ArrayError('truncated', 'The file ends before this part of the array does.');
      }
      out[index] = (byte >> ((at & 1) * 4)) & 15;
      if (index % 65_536 === 65_535) {
        signal?.throwIfAborted();
      }
    }
    return out;
  }
}

function layout({ entry, offset, fortranOrder, field }: ByteArray): Layout {
  const { shape, type } = entry;
  if (field === undefined) {
    return layoutOf(offset, shape, type.bytes, fortranOrder);
  }
  const outer = shape.length - field.inner;
  const items = layoutOf(offset, shape.slice(0, outer), field.stride, fortranOrder);
  const inside = layoutOf(0, shape.slice(outer), type.bytes, false);
  return { offset, shape, strides: [...items.strides, ...inside.strides], bytes: type.bytes };
}

/** Bytes between values of a walk, and how many walks give all values: a field that is itself an array takes one for each of its elements. */
function walks({ entry: { shape, type }, field }: ByteArray): readonly [stride: number, runs: number] {
  return field === undefined ? [type.packed ? 1 : type.bytes, 1] : [field.stride, elementCount(shape.slice(shape.length - field.inner))];
}

function unpacked(type: ElementType): ElementType {
  const { packed, ...single } = type;
  return packed === undefined ? type : single;
}
