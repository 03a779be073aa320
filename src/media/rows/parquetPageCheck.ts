import type { PageHeader, ParquetType } from 'hyparquet';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { readVarInt } from 'hyparquet/src/thrift.js';

/** A column that has values, by what its pages are read. */
export interface Leaf {
  readonly type: ParquetType;
  readonly maxRepetition: number;
  readonly maxDefinition: number;
}

/** Unpacks bytes to a length; throws where they are not sound. */
export type Unpack = (bytes: Uint8Array, length: number) => Uint8Array;

interface Reader {
  readonly view: DataView;
  offset: number;
}

/** Values of one page: many files have some 20,000, and a column that is null throughout has more. */
export const MAX_VALUES = 2 ** 26;
/** Values that writers may pad the last run of bits with. */
const PADDING = 512;

/**
 * Throws a `RangeError` where a page would send hyparquet round for ever, or have it fill memory: runs that are longer than the
 * values of the page, blocks of deltas that lead backwards, prefixes longer than what they are taken from. Values are not decoded.
 */
export function checkPage(bytes: Uint8Array, header: PageHeader, leaf: Leaf, unpack: Unpack): void {
  const { data_page_header: first, data_page_header_v2: second, dictionary_page_header: dictionary } = header;
  if (header.type === 'DATA_PAGE' && first) {
    const reader = readerOf(unpack(bytes, header.uncompressed_page_size));
    skipLevels(reader, leaf.maxRepetition, first.num_values);
    const values = leaf.maxDefinition > 0 ? skipLevels(reader, leaf.maxDefinition, first.num_values) : first.num_values;
    checkValues(reader, first.encoding, leaf, values, true);
  } else if (header.type === 'DATA_PAGE_V2' && second) {
    const [repetition, definition] = [second.repetition_levels_byte_length, second.definition_levels_byte_length];
    const levels = readerOf(bytes);
    skipRuns(levels, widthOf(leaf.maxRepetition), leaf.maxRepetition > 0 ? second.num_values : 0);
    levels.offset = repetition;
    skipRuns(levels, widthOf(leaf.maxDefinition), leaf.maxDefinition > 0 ? second.num_values : 0);
    const packed = bytes.subarray(repetition + (leaf.maxDefinition > 0 ? definition : 0));
    const size = header.uncompressed_page_size - definition - repetition;
    const page = second.is_compressed !== false && size !== 0 ? unpack(packed, size) : packed;
    checkValues(readerOf(page), second.encoding, leaf, second.num_values - second.num_nulls, false);
  } else if (header.type === 'DICTIONARY_PAGE' && dictionary) {
    const page = unpack(bytes, header.uncompressed_page_size);
    demand(dictionary.num_values <= page.length * 8, `${dictionary.num_values} values in a dictionary of ${page.length} bytes`);
  }
}

function checkValues(reader: Reader, encoding: string, { type }: Leaf, count: number, isFirst: boolean): void {
  demand(count >= 0, 'more nulls than values');
  if (encoding === 'RLE' && (!isFirst || type === 'BOOLEAN')) {
    reader.offset += 4;
    skipRuns(reader, 1, count);
  } else if (isFirst && type === 'BOOLEAN' && encoding.endsWith('_DICTIONARY')) {
    reader.offset += 4;
    skipRuns(reader, 1, count);
  } else if (encoding === 'RLE' || encoding.endsWith('_DICTIONARY')) {
    const width = reader.view.getUint8(reader.offset++);
    demand(width <= 32, `indices of ${width} bits`);
    skipRuns(reader, width, isFirst && width === 0 ? 0 : count);
  } else if (encoding === 'DELTA_BINARY_PACKED' || encoding === 'DELTA_LENGTH_BYTE_ARRAY') {
    checkDeltas(reader);
  } else if (encoding === 'DELTA_BYTE_ARRAY') {
    checkPrefixes(reader, count);
  }
}

/** Levels of the first kind of page, which state their length; gives how many are at their most. */
function skipLevels(reader: Reader, max: number, count: number): number {
  if (max === 0) {
    return 0;
  }
  const end = reader.offset + 4 + reader.view.getUint32(reader.offset, true);
  demand(end <= reader.view.byteLength, 'levels that are longer than their page');
  reader.offset += 4;
  const atMost = skipRuns(reader, widthOf(max), count, max);
  reader.offset = end;
  return atMost;
}

/** Goes from run to run of the hybrid of runs and packed bits; gives how many of the values are `counted`. */
function skipRuns(reader: Reader, width: number, count: number, counted = -1): number {
  let found = 0;
  for (let seen = 0; seen < count; ) {
    const header = readVarInt(reader);
    const left = count - seen;
    if ((header & 1) === 0) {
      const length = header >>> 1;
      demand(length <= left, `a run of ${length} values where ${left} are left`);
      found += takeValue(reader, (width + 7) >> 3) === counted ? length : 0;
      seen += length;
    } else {
      const groups = header >>> 1;
      const size = width === 0 ? 1 : Math.max(1, groups * width);
      demand(groups * 8 <= (width === 0 ? left + PADDING : MAX_VALUES) && (width === 0 || reader.offset + size <= reader.view.byteLength), `a run of ${groups * 8} values where ${left} are left`);
      found += counted < 0 ? 0 : countPacked(reader, width, Math.min(groups * 8, left), counted);
      seen += Math.min(groups * 8, left);
      reader.offset += size;
    }
  }
  return found;
}

function takeValue(reader: Reader, size: number): number {
  let value = 0;
  for (let nth = 0; nth < size; nth++) {
    value |= reader.view.getUint8(reader.offset++) << (nth * 8);
  }
  return value;
}

function countPacked({ view, offset }: Reader, width: number, count: number, counted: number): number {
  let found = 0;
  for (let nth = 0, bits = 0; nth < count; nth++, bits += width) {
    let value = 0;
    for (let bit = 0; bit < width; bit++) {
      value |= ((view.getUint8(offset + ((bits + bit) >> 3)) >> ((bits + bit) & 7)) & 1) << bit;
    }
    found += value === counted ? 1 : 0;
  }
  return found;
}

/** Blocks of a positive length only ever lead forwards. */
function checkDeltas({ view, offset }: Reader): void {
  const reader = { view, offset };
  const [block, parts] = [readVarInt(reader), readVarInt(reader)];
  demand(block > 0 && parts > 0 && parts <= block, `blocks of ${block} deltas in ${parts} parts`);
}

function checkPrefixes(reader: Reader, count: number): void {
  const [prefixes, suffixes] = [new Int32Array(count), new Int32Array(count)];
  for (const lengths of [prefixes, suffixes]) {
    checkDeltas(reader);
    deltaBinaryUnpack(reader, count, lengths);
  }
  for (let nth = 0, before = 0; nth < count; nth++) {
    const [prefix, suffix] = [prefixes[nth] ?? 0, suffixes[nth] ?? 0];
    demand(prefix >= 0 && suffix >= 0 && prefix <= before, `a prefix of ${prefix} bytes of a value of ${before}`);
    before = prefix + suffix;
  }
}

function readerOf(bytes: Uint8Array): Reader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}

function widthOf(max: number): number {
  return 32 - Math.clz32(max);
}

function demand(holds: boolean, found: string): void {
  if (!holds) {
    throw new RangeError(`it has ${found}`);
  }
}
