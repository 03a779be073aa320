import { SensorError } from './sensorError.ts';

/** MCAP (mcap.dev/spec): what a recording is read from. Attachments and metadata are passed over. */
export const OPCODE = {
  header: 0x01,
  footer: 0x02,
  schema: 0x03,
  channel: 0x04,
  message: 0x05,
  chunk: 0x06,
  messageIndex: 0x07,
  chunkIndex: 0x08,
  attachment: 0x09,
  statistics: 0x0b,
  metadata: 0x0c,
  dataEnd: 0x0f,
} as const;

export const MAGIC = Buffer.from('894d434150300d0a', 'hex');
/** Opcode and length. */
export const RECORD_HEAD = 9;

export interface McapSchema {
  readonly id: number;
  readonly name: string;
  readonly encoding: string;
  readonly data: Uint8Array;
}

export interface McapChannel {
  readonly id: number;
  readonly schemaId: number;
  readonly topic: string;
  readonly messageEncoding: string;
}

export interface McapChunkHead {
  readonly start: bigint;
  readonly end: bigint;
  readonly unpackedSize: number;
  readonly compression: string;
  /** Of the packed records, from the start of the chunk record's content. */
  readonly recordsOffset: number;
  readonly packedSize: number;
}

/** Takes fields one after the other; throws a `SensorError` where there are no more. */
export class FieldReader {
  at = 0;
  private readonly view: DataView;

  constructor(readonly bytes: Buffer) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  u64(): bigint {
    return this.view.getBigUint64(this.take(8), true);
  }

  /** A length or an offset: what is beyond 53 bits is in no file. */
  size(): number {
    return Number(this.u64());
  }

  part(length: number): Buffer {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  text(): string {
    return this.part(this.u32()).toString('utf8');
  }

  private take(length: number): number {
    const { at } = this;
    if (length > this.left) {
      throw new SensorError('malformed', 'A record ends before its fields do.');
    }
    this.at += length;
    return at;
  }
}

export function readSchema(content: Buffer): McapSchema {
  const fields = new FieldReader(content);
  return { id: fields.u16(), name: fields.text(), encoding: fields.text(), data: Uint8Array.from(fields.part(fields.u32())) };
}

export function readChannel(content: Buffer): McapChannel {
  const fields = new FieldReader(content);
  return { id: fields.u16(), schemaId: fields.u16(), topic: fields.text(), messageEncoding: fields.text() };
}

export function readChunkHead(content: Buffer): McapChunkHead {
  const fields = new FieldReader(content);
  const [start, end, unpackedSize] = [fields.u64(), fields.u64(), fields.size()];
  // The checksum.
  fields.u32();
  return { start, end, unpackedSize, compression: fields.text(), packedSize: fields.size(), recordsOffset: fields.at };
}

/** The records of a summary or of an unpacked chunk; what is cut off at the end is left out. */
export function* records(bytes: Buffer): Generator<{ readonly opcode: number; readonly content: Buffer }> {
  let at = 0;
  while (at + RECORD_HEAD <= bytes.length) {
    const opcode = bytes[at] ?? 0;
    const length = Number(bytes.readBigUInt64LE(at + 1));
    const start = at + RECORD_HEAD;
    if (start + length > bytes.length) {
      return;
    }
    yield { opcode, content: bytes.subarray(start, start + length) };
    at = start + length;
  }
}
