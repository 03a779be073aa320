import type { ByteSource } from '../../../media/byteSource.ts';
import { createBreather } from '../../../base/breather.ts';

export interface TarMember {
  readonly name: string;
  /** Of its content. */
  readonly offset: number;
  readonly size: number;
  /** Whether it is a regular file. */
  readonly isFile: boolean;
}

export type TarEnd = 'whole' | 'no-end' | 'truncated' | 'damaged';

const BLOCK = 512;
/** Longer names and PAX records are no names. */
const MAX_EXTRA = 2 ** 20;

/** The members of a tar in order; what it returns says how the tar ends. Knows ustar prefixes, GNU long names and PAX paths and sizes. */
export async function* tarMembers(source: ByteSource, signal?: AbortSignal): AsyncGenerator<TarMember, TarEnd> {
  const breathe = createBreather(signal);
  const members = tarEntries(source);
  for (let next = members.next(); ; next = members.next()) {
    if (next.done === true) {
      return next.value;
    }
    await breathe();
    yield next.value;
  }
}

/** Names of the regular files in a tar that is known to be small. */
export function tarHeaders(source: ByteSource): string[] {
  return [...tarEntries(source)].flatMap(({ name, isFile }) => (isFile ? [name] : []));
}

function* tarEntries(source: ByteSource): Generator<TarMember, TarEnd> {
  let offset = 0;
  let longName: string | undefined;
  let longSize: number | undefined;
  while (offset + BLOCK <= source.size) {
    const header = source.read(offset, BLOCK);
    if (header.length < BLOCK) {
      return 'truncated';
    }
    if (isZero(header)) {
      return isZero(source.read(offset + BLOCK, BLOCK)) ? 'whole' : 'no-end';
    }
    if (!isHeader(header)) {
      return 'damaged';
    }
    const type = String.fromCharCode(header[156] ?? 0);
    const name = longName ?? nameOf(header);
    const size = longSize ?? numberAt(header, 124, 12);
    const start = offset + BLOCK;
    if (start + size > source.size) {
      return 'truncated';
    }
    if (type === 'L' || type === 'x') {
      const extra = source.read(start, Math.min(size, MAX_EXTRA));
      if (type === 'L') {
        longName = textTo(extra, 0, extra.length);
      } else {
        const records = paxRecords(extra);
        longName = records.get('path') ?? longName;
        longSize = records.has('size') ? Number(records.get('size')) : undefined;
      }
    } else {
      if (type !== 'g' && type !== 'K') {
        yield { name, offset: start, size, isFile: type === '0' || type === '\0' || type === '7' };
      }
      longName = undefined;
      longSize = undefined;
    }
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return offset === source.size ? 'no-end' : 'truncated';
}

function isZero(block: Buffer): boolean {
  return block.length === BLOCK && block.every((byte) => byte === 0);
}

function isHeader(header: Buffer): boolean {
  let sum = 8 * 0x20;
  for (let index = 0; index < BLOCK; index++) {
    sum += index >= 148 && index < 156 ? 0 : (header[index] ?? 0);
  }
  return sum === numberAt(header, 148, 8);
}

function nameOf(header: Buffer): string {
  const name = textTo(header, 0, 100);
  const prefix = header.toString('latin1', 257, 262) === 'ustar' && header[263] === 0x30 ? textTo(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function textTo(bytes: Buffer, start: number, length: number): string {
  const end = bytes.indexOf(0, start);
  return bytes.toString('utf8', start, end < 0 || end > start + length ? start + length : end);
}

/** Octal digits, or base 256 where the first bit is set. */
function numberAt(bytes: Buffer, start: number, length: number): number {
  if (((bytes[start] ?? 0) & 0x80) !== 0) {
    let value = (bytes[start] ?? 0) & 0x7f;
    for (let index = start + 1; index < start + length; index++) {
      value = value * 256 + (bytes[index] ?? 0);
    }
    return value;
  }
  const value = parseInt(bytes.toString('latin1', start, start + length).replace(/[\0 ]+/g, ' ').trim(), 8);
  return Number.isNaN(value) ? 0 : value;
}

/** `length key=value\n`, one after the other. */
function paxRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('latin1', at, space < 0 ? at : space));
    if (space < 0 || !(length > 0)) {
      break;
    }
    const [, key, value] = /^([^=]+)=([^]*)\n$/.exec(bytes.toString('utf8', space + 1, at + length)) ?? [];
    if (key !== undefined && value !== undefined) {
      records.set(key, value);
    }
    at += length;
  }
  return records;
}
