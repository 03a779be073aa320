/** Where the pages of a column chunk lie, and with which row of the row group each starts. */
export interface PageLocation {
  readonly offset: number;
  readonly size: number;
  readonly firstRow: number;
}

const [DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2] = [0, 2, 3];
/** Headers are some dozen bytes, and more where they hold statistics. */
const HEADER = 4096;
const MAX_PAGES = 100_000;

/**
 * Finds the pages of a column chunk that has no page index by going from page header to page header, of which it reads nothing
 * else. Undefined where the headers do not tell the rows: those of lists in old pages.
 */
export function locatePages(
  read: (offset: number, length: number) => Buffer,
  chunk: { readonly start: number; readonly end: number; readonly rows: number; readonly isRepeated: boolean },
): readonly PageLocation[] | undefined {
  const pages: PageLocation[] = [];
  let row = 0;
  for (let at = chunk.start; at < chunk.end && row < chunk.rows; ) {
    const header = readPageHeader(read(at, HEADER));
    if (header === undefined || pages.length >= MAX_PAGES) {
      return undefined;
    }
    const size = header.length + header.packed;
    if (header.type !== DICTIONARY_PAGE) {
      const rows = header.type === DATA_PAGE_V2 ? header.rows : header.type === DATA_PAGE && !chunk.isRepeated ? header.values : undefined;
      if (rows === undefined || at + size > chunk.end) {
        return undefined;
      }
      pages.push({ offset: at, size, firstRow: row });
      row += rows;
    }
    at += size;
  }
  return row === chunk.rows && pages.length > 0 ? pages : undefined;
}

interface PageHeader {
  readonly type: number;
  /** Bytes of the header itself. */
  readonly length: number;
  readonly packed: number;
  readonly values: number | undefined;
  readonly rows: number | undefined;
}

function readPageHeader(bytes: Buffer): PageHeader | undefined {
  try {
    const reader = new Compact(bytes);
    const fields = reader.struct();
    const [type, packed] = [fields.get(1), fields.get(3)];
    const page = fields.get(5) ?? fields.get(8);
    if (typeof type !== 'number' || typeof packed !== 'number' || packed < 0) {
      return undefined;
    }
    const numbers = page instanceof Map ? page : new Map<number, unknown>();
    return { type, length: reader.at, packed, values: asCount(numbers.get(1)), rows: asCount(numbers.get(3)) };
  } catch {
    return undefined;
  }
}

function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

const MAX_NESTING = 16;

/** Thrift's compact protocol, as far as page headers use it. Throws beyond the end. */
class Compact {
  at = 0;

  constructor(private readonly bytes: Buffer) {}

  struct(nesting = 0): Map<number, unknown> {
    const fields = new Map<number, unknown>();
    if (nesting > MAX_NESTING) {
      throw new RangeError('nested too deep');
    }
    for (let id = 0; ; ) {
      const head = this.byte();
      if (head === 0) {
        return fields;
      }
      id = head >>> 4 === 0 ? this.zigzag() : id + (head >>> 4);
      fields.set(id, this.value(head & 15, nesting));
    }
  }

  private value(type: number, nesting: number): unknown {
    switch (type) {
      case 1:
      case 2:
        return type === 1;
      case 3:
        return this.byte();
      case 4:
      case 5:
      case 6:
        return this.zigzag();
      case 7:
        return this.skip(8);
      case 8:
        return this.skip(this.varint());
      case 9:
      case 10:
        return this.list(nesting);
      case 12:
        return this.struct(nesting + 1);
      default:
        throw new RangeError(`no type ${type}`);
    }
  }

  private list(nesting: number): undefined {
    const head = this.byte();
    const size = head >>> 4 === 15 ? this.varint() : head >>> 4;
    for (let index = 0; index < size; index++) {
      this.value((head & 15) === 1 || (head & 15) === 2 ? 3 : head & 15, nesting + 1);
    }
    return undefined;
  }

  private skip(length: number): undefined {
    this.at += length;
    return undefined;
  }

  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) {
      throw new RangeError('ends early');
    }
    return byte;
  }

  private varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) {
        return value;
      }
    }
  }

  private zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

/** The locations as Parquet writes them: an OffsetIndex in Thrift's compact protocol. */
export function encodeOffsetIndex(pages: readonly PageLocation[]): Uint8Array {
  const bytes: number[] = [0x19, 0xfc];
  putVarint(bytes, pages.length);
  for (const { offset, size, firstRow } of pages) {
    bytes.push(0x16);
    putVarint(bytes, offset * 2);
    bytes.push(0x15);
    putVarint(bytes, size * 2);
    bytes.push(0x16);
    putVarint(bytes, firstRow * 2);
    bytes.push(0);
  }
  bytes.push(0);
  return Uint8Array.from(bytes);
}

function putVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
