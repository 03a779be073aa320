import type { BytePath } from '../../base/bytePath.ts';

export const BLOCK = 512;
const NAME_BYTES = 100;
const LARGEST_OCTAL = 8 ** 11;

export interface TarEntry {
  readonly path: BytePath;
  readonly kind: 'file' | 'folder' | 'link';
  readonly size: number;
  readonly mode: number;
  /** Nanoseconds since the epoch. */
  readonly mtimeNs: bigint;
  readonly link?: BytePath;
}

const TYPES = { file: '0', link: '2', folder: '5' } as const;
const NANOSECONDS = 1_000_000_000n;

/**
 * The headers of an entry: POSIX.1-1988's, before it GNU's `L` and `K` for names beyond 100 bytes (which take any byte, other than
 * pax's `path`), and pax's `mtime` where the time has a fraction.
 */
export function tarHeaders({ path, kind, size, mode, mtimeNs, link = '' }: TarEntry): readonly Buffer[] {
  const name = kind === 'folder' ? `${path}/` : path;
  const blocks: Buffer[] = [];
  if (mtimeNs % NANOSECONDS !== 0n) {
    blocks.push(...extension('x', paxRecord('mtime', secondsText(mtimeNs))));
  }
  if (link.length > NAME_BYTES) {
    blocks.push(...extension('K', `${link}\0`));
  }
  if (name.length > NAME_BYTES) {
    blocks.push(...extension('L', `${name}\0`));
  }
  return [...blocks, header({ name, type: TYPES[kind], size: kind === 'file' ? size : 0, mode, seconds: Number(floorSeconds(mtimeNs)), link })];
}

/** Bytes that follow `size` bytes of content. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function extension(type: string, content: string): readonly Buffer[] {
  const body = Buffer.alloc(content.length + paddingOf(content.length));
  body.write(content, 'latin1');
  return [header({ name: '././@LongLink', type, size: content.length, mode: 0o644, seconds: 0, link: '' }), body];
}

function header({ name, type, size, mode, seconds, link }: { name: string; type: string; size: number; mode: number; seconds: number; link: string }): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name.slice(0, NAME_BYTES), 0, 'latin1');
  block.write(octal(mode & 0o7777, 7), 100, 'latin1');
  block.write(octal(0, 7), 108, 'latin1');
  block.write(octal(0, 7), 116, 'latin1');
  writeNumber(block, size, 124);
  writeNumber(block, seconds, 136);
  block.write('        ', 148, 'latin1');
  block.write(type, 156, 'latin1');
  block.write(link.slice(0, NAME_BYTES), 157, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  let sum = 0;
  for (const byte of block) {
    sum += byte;
  }
  block.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return block;
}

/** Twelve bytes: octal, or base 256 for what is too large or before 1970 (GNU's). */
function writeNumber(block: Buffer, value: number, at: number): void {
  if (value >= 0 && value < LARGEST_OCTAL) {
    block.write(octal(value, 11), at, 'latin1');
  } else {
    block.fill(value < 0 ? 0xff : 0, at, at + 4);
    block.writeBigInt64BE(BigInt(value), at + 4);
    block[at] = value < 0 ? 0xff : 0x80;
  }
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = rest.length + String(rest.length + String(rest.length).length).length;
  return `${length}${rest}`;
}

function floorSeconds(ns: bigint): bigint {
  return ns >= 0n ? ns / NANOSECONDS : (ns - NANOSECONDS + 1n) / NANOSECONDS;
}

/** pax writes -1.25 as seconds and a fraction of the magnitude. */
function secondsText(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  return `${ns < 0n ? '-' : ''}${size / NANOSECONDS}.${String(size % NANOSECONDS).padStart(9, '0')}`;
}
