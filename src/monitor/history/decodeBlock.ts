import { inflateRawSync } from 'node:zlib';
import { ByteReader, damaged } from './bytes.ts';
import { readNumbers, readPresence } from './columns.ts';
import { DEFLATED, RAW } from './encodeBlock.ts';
import { KINDS, type Kind } from './kinds.ts';
import { BLOCK_MOMENTS } from './levels.ts';

/** Values of one field by moment, in steps of its unit; of a bucket the mean and what lies around it. */
export interface Column {
  readonly presence: Uint16Array;
  readonly numbers: Float64Array;
  /** How far the smallest lies below and the largest above; undefined for samples as they came. */
  readonly below?: Float64Array;
  readonly above?: Float64Array;
  /** In how many samples of a bucket it was absent though some were known. */
  readonly absent?: Float64Array;
}

export interface DecodedThing {
  readonly id: number;
  readonly kind: Kind<never>;
  /** Samples that it was in, by moment; undefined for samples as they came. */
  readonly samples: readonly number[] | undefined;
  /** Read when asked for. undefined where the block was written before there was such a field. */
  column(field: number): Column | undefined;
}

export interface DecodedBlock {
  readonly times: readonly number[];
  /** Of each moment. */
  readonly samples: readonly number[];
  readonly reasons: readonly string[];
  readonly things: readonly DecodedThing[];
}

/** No block is nearly as large; a damaged one may say anything. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Reads what `BlockEncoder` wrote. @throws {HistoryError} `damaged` */
export function decodeBlock(stored: Uint8Array): DecodedBlock {
  const bytes = unpacked(stored);
  const head = new ByteReader(bytes);
  const count = head.unsigned();
  if (count === 0 || count > BLOCK_MOMENTS) {
    throw damaged('its length');
  }
  const coarse = head.unsigned() === 1;
  const times: number[] = [];
  const samples: number[] = [];
  for (let index = 0; index < count; index++) {
    times.push((times[index - 1] ?? 0) + head.signed());
    samples.push(coarse ? head.unsigned() : 1);
  }
  const reasons = Array.from({ length: limited(head.unsigned(), bytes) }, () => head.text());
  const thingCount = limited(head.unsigned(), bytes);
  const body = new ByteReader(bytes, head.skip());
  const things: DecodedThing[] = [];
  for (let index = 0; index < thingCount; index++) {
    const thing = readThing(bytes, body, count, coarse);
    if (thing !== undefined) {
      things.push(thing);
    }
  }
  return { times, samples, reasons, things };
}

function readThing(bytes: Uint8Array, body: ByteReader, count: number, coarse: boolean): DecodedThing | undefined {
  const id = body.unsigned();
  const kind = KINDS[body.unsigned()];
  const fieldCount = body.unsigned();
  const reader = new ByteReader(bytes, body.skip());
  if (kind === undefined) {
    return undefined;
  }
  let samples: readonly number[] | undefined;
  // Most things of a block are not asked for.
  const readSamples = (): readonly number[] | undefined => (coarse ? (samples ??= Array.from({ length: count }, () => reader.unsigned())) : undefined);
  const starts: number[] = [];
  const columns = new Map<number, Column>();
  return {
    id,
    kind,
    get samples() {
      return readSamples();
    },
    column(field) {
      if (field >= fieldCount) {
        return undefined;
      }
      readSamples();
      while (starts.length <= field) {
        starts.push(reader.skip());
      }
      const found = columns.get(field) ?? readColumn(new ByteReader(bytes, starts[field]), count, coarse, kind.fields[field]?.unit.last === true);
      columns.set(field, found);
      return found;
    },
  };
}

function readColumn(reader: ByteReader, count: number, coarse: boolean, last: boolean): Column {
  const presence = readPresence(reader, count);
  const numbers = readNumbers(reader, presence);
  if (!coarse) {
    return { presence, numbers };
  }
  return last
    ? { presence, numbers, absent: readNumbers(reader, presence) }
    : { presence, numbers, below: readNumbers(reader, presence), above: readNumbers(reader, presence), absent: readNumbers(reader, presence) };
}

function unpacked(stored: Uint8Array): Uint8Array {
  const rest = stored.subarray(1);
  if (stored[0] === RAW) {
    return rest;
  }
  if (stored[0] !== DEFLATED) {
    throw damaged('its first byte');
  }
  try {
    return inflateRawSync(rest, { maxOutputLength: MAX_BYTES });
  } catch {
    throw damaged('its compression');
  }
}

function limited(count: number, bytes: Uint8Array): number {
  if (count > bytes.length) {
    throw damaged('a count');
  }
  return count;
}
