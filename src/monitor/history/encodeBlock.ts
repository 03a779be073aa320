import { deflateRawSync } from 'node:zlib';
import type { BlockBuilder, Columns } from './blockBuilder.ts';
import { ByteWriter } from './bytes.ts';
import { FIRST_REASON, KNOWN, writeNumbers, writePresence } from './columns.ts';
import type { Kind } from './kinds.ts';
import { BLOCK_MOMENTS } from './levels.ts';
import type { Thing } from './thing.ts';

/** The first byte of a block. */
export const RAW = 1;
export const DEFLATED = 2;
/** Smaller ones are put together with others soon. */
const WORTH_DEFLATING = 512;

/**
 * Lays moments `from` to `to` of one part into bytes:
 *
 *     moments, start, coarse?, then by moment: time less the one before, samples where coarse
 *     why values are absent: texts
 *     things: row, kind, fields, length, [samples by moment where coarse], then by field: length, presence in runs, values
 *
 * A value is a whole number of its unit's steps, less the one before; of a bucket the mean, how far the smallest lies below,
 * the largest above, and in how many samples it was absent.
 */
export class BlockEncoder {
  private readonly head = new ByteWriter();
  private readonly body = new ByteWriter();
  private readonly thing = new ByteWriter();
  private readonly field = new ByteWriter();
  private readonly presence = new Uint16Array(BLOCK_MOMENTS);
  private readonly numbered = new Map<number, number>();

  /** Every thing must have its row. */
  encode(builder: BlockBuilder, part: Kind<never>['part'], coarse: boolean, reasons: readonly string[], from: number, to: number): Buffer {
    const { head, body } = this;
    this.numbered.clear();
    body.clear();
    let things = 0;
    for (const [thing, columns] of builder.columns) {
      if (thing.kind.part === part && isThere(columns, from, to)) {
        this.writeThing(thing, columns, from, to);
        things++;
      }
    }
    head.clear();
    head.unsigned(to - from);
    head.unsigned(coarse ? 1 : 0);
    let before = 0;
    for (let index = from; index < to; index++) {
      head.signed(builder.times[index]! - before);
      before = builder.times[index]!;
      if (coarse) {
        head.unsigned(builder.samples[index]!);
      }
    }
    head.unsigned(this.numbered.size);
    for (const number of this.numbered.keys()) {
      head.text(reasons[number - FIRST_REASON] ?? '');
    }
    head.unsigned(things);
    head.append(body);
    return packed(head.toBuffer());
  }

  private writeThing(thing: Thing, { presence, numbers, buckets }: Columns, from: number, to: number): void {
    const { body, thing: out, field } = this;
    const { fields } = thing.kind;
    body.unsigned(thing.id);
    body.unsigned(thing.kindNumber);
    body.unsigned(fields.length);
    out.clear();
    if (buckets !== undefined) {
      for (let index = from; index < to; index++) {
        out.unsigned(buckets.samples[index]!);
      }
    }
    for (let index = 0; index < fields.length; index++) {
      const base = index * BLOCK_MOMENTS;
      field.clear();
      this.writePresence(presence, base + from, base + to);
      writeNumbers(field, numbers, presence, base + from, base + to);
      if (buckets !== undefined && fields[index]!.unit.last !== true) {
        writeNumbers(field, buckets.below, presence, base + from, base + to);
        writeNumbers(field, buckets.above, presence, base + from, base + to);
      }
      if (buckets !== undefined) {
        writeNumbers(field, buckets.absent, presence, base + from, base + to);
      }
      out.append(field);
    }
    body.append(out);
  }

  /** With this block's own numbers for the reasons. */
  private writePresence(presence: Uint16Array, from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const value = presence[index]!;
      this.presence[index - from] = value <= KNOWN ? value : this.numberOf(value);
    }
    writePresence(this.field, this.presence, 0, to - from);
  }

  private numberOf(value: number): number {
    const found = this.numbered.get(value) ?? FIRST_REASON + this.numbered.size;
    this.numbered.set(value, found);
    return found;
  }
}

/** Whether a thing was there at any of these moments: then its first field is known, or absent for a reason. */
function isThere({ presence }: Columns, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    if (presence[index] !== 0) {
      return true;
    }
  }
  return false;
}

function packed(bytes: Buffer): Buffer {
  return bytes.length < WORTH_DEFLATING
    ? Buffer.concat([Buffer.of(RAW), bytes])
    : Buffer.concat([Buffer.of(DEFLATED), deflateRawSync(bytes, { level: 1 })]);
}
