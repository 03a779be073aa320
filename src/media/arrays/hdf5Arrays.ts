import type { Dataset, File, Group, Metadata } from 'h5wasm/node';
import { absent } from '../../base/absent.ts';
import { lazyAsync } from '../../base/lazy.ts';
import { setImmediate } from 'node:timers/promises';
import type { FilePart } from '../filePart.ts';
import { plainFileOf } from '../filePart.ts';
import { ArrayError } from './arrayError.ts';
import type { ArrayAttribute, ArrayEntry, ArrayNode, ArrayNodes, ArraySlice, ArraySource, Span } from './arraySource.ts';
import { elementCount, spanLength } from './arraySource.ts';
import { decodeNumbers, elementText } from './elements.ts';
import { isNumeric } from './elementType.ts';
import type { StructField } from './elementType.ts';
import { openBytes } from './fileBytes.ts';
import type { Hdf5Type } from './hdf5Types.ts';
import { hdf5Type } from './hdf5Types.ts';
import { checkSelection } from './strided.ts';

type Hdf5 = typeof import('h5wasm/node');

const loadHdf5 = lazyAsync(async (): Promise<Hdf5> => {
  const hdf5 = await import('h5wasm/node');
  const module = (await hdf5.ready) as { activate_throwing_error_handler?(): number };
  // Else the library writes its words to standard error, and what is thrown says nothing.
  module.activate_throwing_error_handler?.();
  return hdf5;
});

/** Between a dataset of structs and its field. */
const FIELD = '::';
/** Bytes of elements read at once in a walk; a chunk that is larger is read alone, up to the second. */
const BLOCK = 4_194_304;
const MAX_CHUNK = 268_435_456;
/** Bytes that one selection may have to be unpacked, for the elements that it wants of each chunk. */
const MAX_TOUCHED = 536_870_912;
const MAX_ATTRIBUTES = 200;
const MAX_TEXT = 400;
/** Names of groups that are counted for their line in the tree. */
const MAX_COUNTED = 10_000;

interface Opened {
  readonly dataset: Dataset;
  readonly metadata: Metadata;
  readonly kept: Hdf5Type;
  readonly field?: StructField;
}

/**
 * HDF5 by its own library, in WebAssembly, which reads the file in place: attributes, groups and the chunks that a
 * selection touches. A file may make it loop or run out of memory: it belongs into a thread of its own. Rejects with an
 * `ArrayError` or a `MediaError`.
 */
export async function openHdf5(part: FilePart): Promise<ArraySource> {
  // Says why a file cannot be read, which the library does not.
  openBytes(part).close();
  const file = await plainFileOf(part);
  const hdf5 = await loadHdf5();
  let opened: File;
  try {
    opened = new hdf5.File(file, 'r');
    opened.keys();
  } catch (error) {
    throw new ArrayError('malformed', `It cannot be opened as HDF5: ${wordsOf(error)}. It may be cut short, still be written to, or be none.`, { cause: error });
  }
  return new Hdf5Arrays(hdf5, opened);
}

class Hdf5Arrays implements ArraySource {
  readonly format = 'hdf5';
  readonly problems: readonly string[] = [];
  readonly facts: readonly ArrayAttribute[];

  constructor(
    private readonly hdf5: Hdf5,
    private readonly file: File,
  ) {
    this.facts = attributesOf(file);
  }

  async children(path: string, from: number, count: number): Promise<ArrayNodes> {
    return this.guarded(() => {
      const parent = this.file.get(path === '' ? '/' : path);
      if (parent instanceof this.hdf5.Dataset) {
        const { type } = hdf5Type(parent.metadata);
        const fields = type.fields ?? [];
        return { total: fields.length, nodes: fields.slice(from, from + count).map(({ name }) => this.node(`${path}${FIELD}${name}`, name)) };
      }
      if (!(parent instanceof this.hdf5.Group)) {
        return { total: 0, nodes: [] };
      }
      const names = parent.keys();
      return { total: names.length, nodes: names.slice(from, from + count).map((name) => this.node(path === '/' || path === '' ? `/${name}` : `${path}/${name}`, name)) };
    });
  }

  async entry(path: string): Promise<ArrayEntry> {
    return this.guarded(() => this.entryOf(path));
  }

  async slice(entry: ArrayEntry, selection: readonly Span[], signal?: AbortSignal): Promise<ArraySlice> {
    signal?.throwIfAborted();
    return this.guarded(() => {
      const opened = this.open(entry.path);
      checkSelection(entry.shape, selection);
      return { shape: selection.map(spanLength), values: this.numbers(opened, selection) };
    });
  }

  async texts(entry: ArrayEntry, selection: readonly Span[]): Promise<readonly string[]> {
    return this.guarded(() => {
      const opened = this.open(entry.path);
      checkSelection(entry.shape, selection);
      const { dataset, metadata, kept, field } = opened;
      const count = elementCount(selection.map(spanLength));
      if (kept.indirect || kept.inner.length > 0) {
        const value = metadata.shape?.length === 0 ? dataset.value : dataset.slice(ranges(selection.slice(0, metadata.shape?.length ?? 0)));
        const list = Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<unknown>) : [value];
        return Array.from({ length: count }, (_, index) => textOf(list[Math.floor((index * list.length) / Math.max(1, count))]));
      }
      const bytes = this.raw(opened, selection);
      const type = field?.type ?? kept.type;
      return Array.from({ length: count }, (_, index) => elementText(bytes, index * metadata.size + (field?.offset ?? 0), type));
    });
  }

  async *values(entry: ArrayEntry, signal?: AbortSignal): AsyncIterable<Float64Array> {
    const opened = this.guarded(() => this.open(entry.path));
    const { metadata } = opened;
    for (const block of blocks(metadata.shape ?? [], metadata.chunks, metadata.size)) {
      yield this.guarded(() => this.numbers(opened, block));
      await setImmediate();
      signal?.throwIfAborted();
    }
  }

  close(): void {
    this.file.close();
  }

  private numbers(opened: Opened, selection: readonly Span[]): Float64Array {
    const { kept, metadata, field } = opened;
    const type = field?.type ?? kept.type;
    if (!isNumeric(type) || kept.indirect || kept.inner.length > 0 || (field?.shape.length ?? 0) > 0) {
      throw new ArrayError('unsupported', `Elements of type ${type.name} are no single numbers.`);
    }
    return decodeNumbers(this.raw(opened, selection), type, elementCount(selection.map(spanLength)), metadata.size, field?.offset ?? 0);
  }

  private raw({ dataset, metadata }: Opened, selection: readonly Span[]): Uint8Array {
    const { Module } = this.hdf5;
    const shape = metadata.shape ?? [];
    const counts = selection.map(spanLength);
    const length = elementCount(counts) * metadata.size;
    if (length === 0) {
      return new Uint8Array();
    }
    if (metadata.chunks && touched(selection, metadata.chunks) * metadata.size > MAX_TOUCHED) {
      throw new ArrayError('bounds', 'For this selection too many chunks would have to be unpacked. Choose a smaller part.');
    }
    const at = Module._malloc(length);
    if (at === 0) {
      throw new ArrayError('bounds', 'There is not enough memory for this selection.');
    }
    try {
      const big = (values: readonly number[]) => (shape.length === 0 ? null : values.map(BigInt));
      const status = Module.get_dataset_data(dataset.file_id, dataset.path, big(counts), big(selection.map(({ start }) => start)), big(selection.map(({ step }) => step)), BigInt(at));
      if (status < 0) {
        throw new ArrayError('malformed', `The library cannot read it${unknownFilters(dataset)}.`);
      }
      return Module.HEAPU8.slice(at, at + length);
    } finally {
      Module._free(at);
    }
  }

  private open(path: string): Opened {
    const [at = '', name] = path.split(FIELD);
    const dataset = this.file.get(at);
    if (!(dataset instanceof this.hdf5.Dataset)) {
      throw new ArrayError('unknown', `There is no array "${path}".`);
    }
    const { metadata } = dataset;
    if (metadata.shape === null) {
      throw new ArrayError('unsupported', 'It is empty: it has a type, but no shape.');
    }
    if (metadata.chunks && elementCount(metadata.chunks) * metadata.size > MAX_CHUNK) {
      throw new ArrayError('unsupported', 'Its chunks are larger than 268 MB each.');
    }
    const kept = hdf5Type(metadata);
    const field = name === undefined ? undefined : kept.type.fields?.find((other) => other.name === name);
    if (name !== undefined && field === undefined) {
      throw new ArrayError('unknown', `There is no field "${name}".`);
    }
    return { dataset, metadata, kept, ...(field && { field }) };
  }

  private node(path: string, label: string): ArrayNode {
    const own = this.guarded(() => this.nodeOf(path, label));
    return own;
  }

  private nodeOf(path: string, label: string): ArrayNode {
    if (path.includes(FIELD)) {
      return { label, path, entry: this.entryOf(path) };
    }
    const found = this.file.get(path);
    if (found instanceof this.hdf5.Dataset) {
      return { label, path, entry: this.entryOf(path), ...(hdf5Type(found.metadata).type.fields && { group: { count: absent('fields'), bytes: absent('not summed'), types: [], attributes: [] } }) };
    }
    if (found instanceof this.hdf5.Group) {
      const count = found.keys().length;
      return { label, path, group: { count: count > MAX_COUNTED ? absent(`more than ${MAX_COUNTED}`) : count, bytes: absent('not summed'), types: [], attributes: attributesOf(found) } };
    }
    return { label, path, entry: nothing(path, linkWords(found, this.hdf5)) };
  }

  private entryOf(path: string): ArrayEntry {
    const [at = '', name] = path.split(FIELD);
    const dataset = this.file.get(at);
    if (!(dataset instanceof this.hdf5.Dataset)) {
      throw new ArrayError('unknown', `There is no array "${path}".`);
    }
    const { metadata } = dataset;
    const { type, inner } = hdf5Type(metadata);
    const shape = [...(metadata.shape ?? []), ...inner];
    const field = name === undefined ? undefined : type.fields?.find((other) => other.name === name);
    const storage = storageOf(dataset, metadata);
    if (field) {
      return { path, shape, type: field.type, bytes: absent('part of its structs'), storage: [`byte ${field.offset} of ${metadata.size} in each struct`], attributes: [] };
    }
    const filters = unknownFilters(dataset);
    return {
      path,
      shape,
      type,
      bytes: metadata.shape === null ? 0 : elementCount(metadata.shape) * metadata.size,
      storage,
      attributes: attributesOf(dataset),
      ...(metadata.shape === null ? { unreadable: 'It is empty: it has a type, but no shape.' } : filters !== '' && { unreadable: `Its values cannot be read${filters}.` }),
    };
  }

  /** Whatever the library throws becomes an `ArrayError`. */
  private guarded<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw error instanceof ArrayError ? error : new ArrayError('malformed', `The library cannot read it: ${wordsOf(error)}.`, { cause: error });
    }
  }
}

/** Filters that the library brings; all others are plugins that are not there. */
const KNOWN_FILTERS = new Set([1, 2, 3, 4, 5, 6, 32_000]);

function unknownFilters(dataset: Dataset): string {
  const missing = dataset.filters.filter(({ id }) => !KNOWN_FILTERS.has(id)).map(({ id, name }) => name || `filter ${id}`);
  return missing.length === 0 ? '' : `: it is packed with ${missing.join(', ')}, for which there is no reader here`;
}

function storageOf(dataset: Dataset, { chunks, littleEndian, size, virtual_sources: virtual, type }: Metadata): readonly string[] {
  const filters = dataset.filters.map(({ id, name }) => name || `filter ${id}`);
  return [
    ...(chunks ? [`chunks of ${chunks.join(' × ')}`] : []),
    ...filters,
    ...(!littleEndian && size > 1 && type <= 1 ? ['big-endian'] : []),
    ...(virtual && virtual.length > 0 ? [`virtual: made of ${virtual.length} others`] : []),
  ];
}

function attributesOf(owner: Group | Dataset | File): readonly ArrayAttribute[] {
  try {
    return Object.entries(owner.attrs)
      .slice(0, MAX_ATTRIBUTES)
      .map(([name, attribute]) => {
        try {
          return { name, value: textOf(attribute.json_value) };
        } catch {
          return { name, value: 'cannot be read' };
        }
      });
  } catch {
    return [{ name: 'Attributes', value: 'cannot be read' }];
  }
}

function textOf(value: unknown): string {
  const text =
    typeof value === 'string'
      ? value
      : JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : ArrayBuffer.isView(inner) ? Array.from(inner as unknown as ArrayLike<number>).slice(0, MAX_TEXT) : inner));
  return (text ?? 'nothing').length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : (text ?? 'nothing');
}

function ranges(selection: readonly Span[]): [number, number, number][] {
  return selection.map(({ start, stop, step }) => [start, stop, step]);
}

/** Elements of the chunks that a selection touches. */
function touched(selection: readonly Span[], chunks: readonly number[]): number {
  return selection.reduce((product, { start, stop, step }, nth) => {
    const size = chunks[nth] ?? 1;
    const between = Math.floor((stop - 1) / size) - Math.floor(start / size) + 1;
    return product * Math.min(between, spanLength({ start, stop, step })) * size;
  }, 1);
}

/** The whole of an array in blocks of whole chunks, the last dimension fastest. */
export function* blocks(shape: readonly number[], chunks: readonly number[] | null, bytes: number): Generator<readonly Span[]> {
  if (elementCount(shape) === 0) {
    return;
  }
  const block = shape.map((size, nth) => Math.max(1, Math.min(size, chunks?.[nth] ?? 1)));
  for (let nth = shape.length - 1; nth >= 0; nth--) {
    const others = elementCount(block) / (block[nth] ?? 1);
    const step = block[nth] ?? 1;
    const most = Math.max(1, Math.floor(BLOCK / (others * bytes * step)));
    block[nth] = Math.min(shape[nth] ?? 1, step * most);
    if ((block[nth] ?? 1) < (shape[nth] ?? 1)) {
      break;
    }
  }
  const counts = shape.map((size, nth) => Math.ceil(size / (block[nth] ?? 1)));
  for (let index = 0; index < elementCount(counts); index++) {
    let rest = index;
    const spans = new Array<Span>(shape.length);
    for (let nth = shape.length - 1; nth >= 0; nth--) {
      const at = rest % (counts[nth] ?? 1);
      rest = Math.floor(rest / (counts[nth] ?? 1));
      const start = at * (block[nth] ?? 1);
      spans[nth] = { start, stop: Math.min(shape[nth] ?? 0, start + (block[nth] ?? 1)), step: 1 };
    }
    yield spans;
  }
}

function linkWords(found: unknown, { BrokenSoftLink, ExternalLink, Datatype }: Hdf5): string {
  if (found instanceof ExternalLink) {
    return `It is a link to ${found.obj_path} in another file, ${found.filename}, which is not followed.`;
  }
  if (found instanceof BrokenSoftLink) {
    return `It is a link to ${found.target}, which is not there.`;
  }
  return found instanceof Datatype ? 'It is a named type, which has no values.' : 'It cannot be opened.';
}

function nothing(path: string, unreadable: string): ArrayEntry {
  return { path, shape: [], type: { kind: 'void', name: 'link', bytes: 0, bigEndian: false }, bytes: absent('no array'), unreadable, storage: [], attributes: [] };
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
