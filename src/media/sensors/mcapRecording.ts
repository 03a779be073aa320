import * as zlib from 'node:zlib';
import { absent } from '../../base/absent.ts';
import { formatBytes, formatCount } from '../../base/format.ts';
import { openBytes } from '../arrays/fileBytes.ts';
import type { ByteSource } from '../byteSource.ts';
import { asBuffer } from '../byteSource.ts';
import type { FilePart } from '../filePart.ts';
import type { Chunk, ChunkStore } from './chunkedRecording.ts';
import { ChunkedRecording } from './chunkedRecording.ts';
import { decompress } from './decompress.ts';
import type { McapChunk, McapIndex } from './mcapIndex.ts';
import { readMcapIndex } from './mcapIndex.ts';
import { FieldReader, OPCODE, readChannel, readSchema, records } from './mcapRecords.ts';
import type { McapChannel, McapSchema } from './mcapRecords.ts';
import type { Message, Recording, Topic } from './recording.ts';
import { SensorError } from './sensorError.ts';

interface PlacedChunk extends Chunk {
  readonly at: McapChunk;
}

/** Chunks that are unpacked to learn of channels which no index describes. */
const MAX_LOOKED_INTO = 64;
const MAX_INDEX = 268_435_456;

/** Rejects with a `SensorError` or a `MediaError`. */
export async function openMcap(part: FilePart): Promise<Recording> {
  const bytes = openBytes(part);
  try {
    const source = bytes.reader();
    const index = readMcapIndex(source);
    const learned = await learnChannels(source, index);
    const problems = [...index.problems, ...learned.problems];
    const start = index.start ?? least(learned.starts);
    const end = index.end ?? greatest(learned.ends);
    const chunks = index.chunks.map((at): PlacedChunk => ({ at, start: nanoseconds(at.start, start), end: nanoseconds(at.end, start), bytes: at.unpackedSize, ...(at.channels && { topics: at.channels }) }));
    const counts = index.counts ?? (learned.whole ? learned.counts : undefined);
    const topics = [...learned.channels.values()].map((channel) => topicOf(channel, learned.schemas.get(channel.schemaId), counts));
    return new ChunkedRecording({
      format: 'mcap',
      topics,
      start,
      duration: Math.max(0, nanoseconds(end, start)),
      messageCount: counts ? [...counts.values()].reduce((sum, count) => sum + count, 0) : absent('not stated in the file'),
      facts: factsOf(index),
      problems,
      store: new McapStore(source, chunks, start),
      close: () => bytes.close(),
    });
  } catch (error) {
    bytes.close();
    throw error;
  }
}

class McapStore implements ChunkStore<PlacedChunk> {
  constructor(
    private readonly source: ByteSource,
    readonly chunks: readonly PlacedChunk[],
    private readonly start: bigint,
  ) {}

  times({ at: { index } }: PlacedChunk): ReadonlyMap<number, Float64Array> | undefined {
    if (index === undefined || index.length > MAX_INDEX) {
      return undefined;
    }
    try {
      return readTimes(Buffer.from(this.source.read(index.offset, index.length)), this.start);
    } catch {
      return undefined;
    }
  }

  async messages({ at }: PlacedChunk): Promise<readonly Message[]> {
    const messages: Message[] = [];
    for (const { opcode, content } of records(await unpack(this.source, at))) {
      if (opcode === OPCODE.message && content.length >= 22) {
        messages.push({
          topic: content.readUInt16LE(0),
          time: nanoseconds(content.readBigUInt64LE(6), this.start),
          published: nanoseconds(content.readBigUInt64LE(14), this.start),
          data: content.subarray(22),
        });
      }
    }
    return messages;
  }
}

/** Of one chunk; a channel's entries are put into the order of the file. */
function readTimes(bytes: Buffer, start: bigint): ReadonlyMap<number, Float64Array> {
  const times = new Map<number, Float64Array>();
  for (const { opcode, content } of records(bytes)) {
    if (opcode === OPCODE.messageIndex) {
      const fields = new FieldReader(content);
      const channel = fields.u16();
      const entries = fields.part(fields.u32());
      const count = Math.floor(entries.length / 16);
      const offsets = new Float64Array(count);
      const list = new Float64Array(count);
      let inOrder = true;
      for (let nth = 0; nth < count; nth++) {
        list[nth] = nanoseconds(entries.readBigUInt64LE(nth * 16), start);
        offsets[nth] = Number(entries.readBigUInt64LE(nth * 16 + 8));
        inOrder &&= nth === 0 || (offsets[nth] ?? 0) > (offsets[nth - 1] ?? 0);
      }
      times.set(channel, inOrder ? list : Float64Array.from(Array.from(offsets.keys()).sort((one, other) => (offsets[one] ?? 0) - (offsets[other] ?? 0)), (nth) => list[nth] ?? 0));
    }
  }
  return times;
}

interface Learned {
  readonly schemas: Map<number, McapSchema>;
  readonly channels: Map<number, McapChannel>;
  readonly counts: Map<number, number>;
  readonly starts: bigint[];
  readonly ends: bigint[];
  readonly problems: string[];
  /** Whether every message was counted. */
  readonly whole: boolean;
}

/** A file without a summary describes its channels within its chunks: those are looked into that no described channel explains. */
async function learnChannels(source: ByteSource, { schemas, channels, chunks, counts: stated }: McapIndex): Promise<Learned> {
  const learned = {
    schemas: new Map(schemas),
    channels: new Map(channels),
    counts: new Map<number, number>(),
    starts: chunks.filter(({ end }) => end > 0n && end < 2n ** 64n - 1n).map(({ start }) => start),
    ends: chunks.filter(({ end }) => end < 2n ** 64n - 1n).map(({ end }) => end),
    problems: [] as string[],
    whole: stated === undefined,
  };
  if (stated !== undefined) {
    return learned;
  }
  let looked = 0;
  for (const chunk of chunks) {
    const explained = chunk.channels !== undefined && [...chunk.channels].every((id) => learned.channels.has(id));
    if (explained && chunk.index) {
      readTimes(Buffer.from(source.read(chunk.index.offset, Math.min(chunk.index.length, MAX_INDEX))), 0n).forEach((times, id) => learned.counts.set(id, (learned.counts.get(id) ?? 0) + times.length));
      continue;
    }
    if (looked++ >= MAX_LOOKED_INTO) {
      learned.whole = false;
      continue;
    }
    try {
      lookInto(await unpack(source, chunk), learned);
    } catch (error) {
      learned.problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (looked > MAX_LOOKED_INTO) {
    learned.problems.push(`Its chunks have no index: topics were learned from the first ${MAX_LOOKED_INTO} of them, others may be missing.`);
  }
  return learned;
}

function lookInto(bytes: Buffer, { schemas, channels, counts, starts, ends }: Pick<Learned, 'schemas' | 'channels' | 'counts' | 'starts' | 'ends'>): void {
  for (const { opcode, content } of records(bytes)) {
    if (opcode === OPCODE.schema) {
      const schema = readSchema(content);
      schemas.set(schema.id, schema);
    } else if (opcode === OPCODE.channel) {
      const channel = readChannel(content);
      channels.set(channel.id, channel);
    } else if (opcode === OPCODE.message && content.length >= 22) {
      const id = content.readUInt16LE(0);
      const time = content.readBigUInt64LE(6);
      counts.set(id, (counts.get(id) ?? 0) + 1);
      starts.push(time);
      ends.push(time);
    }
  }
}

async function unpack(source: ByteSource, { offset, packedSize, compression, unpackedSize, recordsOffset }: McapChunk): Promise<Buffer> {
  // The checksum stands in the chunk's head alone, and messages outside of chunks have none.
  const crc = recordsOffset === 0 ? 0 : source.read(offset - recordsOffset + 24, 4).readUInt32LE(0);
  const packed = Buffer.from(source.read(offset, packedSize));
  if (packed.length < packedSize) {
    throw new SensorError('truncated', 'A chunk ends beyond the end of the file.');
  }
  const bytes = asBuffer(await decompress(compression, packed, unpackedSize));
  if (crc !== 0 && zlib.crc32(bytes) !== crc) {
    throw new SensorError('malformed', 'The checksum of a chunk does not fit its messages: they are not shown.');
  }
  return bytes;
}

function topicOf({ id, topic, messageEncoding }: McapChannel, schema: McapSchema | undefined, counts: ReadonlyMap<number, number> | undefined): Topic {
  return {
    id,
    name: topic,
    type: schema?.name ?? '',
    encoding: messageEncoding,
    schemaEncoding: schema?.encoding ?? '',
    schema: schema?.data ?? new Uint8Array(),
    count: counts ? (counts.get(id) ?? 0) : absent('not stated in the file'),
  };
}

function factsOf({ profile, library, chunks }: McapIndex): Recording['facts'] {
  const compressions = [...new Set(chunks.map(({ compression }) => compression || 'none'))];
  const packed = chunks.reduce((sum, { packedSize }) => sum + packedSize, 0);
  const unpacked = chunks.reduce((sum, { unpackedSize }) => sum + unpackedSize, 0);
  return [
    { name: 'Compression', value: compressions.join(', ') || 'none' },
    { name: 'Chunks', value: `${formatCount(chunks.length)}, ${formatBytes(unpacked)} unpacked of ${formatBytes(packed)}` },
    ...(profile ? [{ name: 'Profile', value: profile }] : []),
    ...(library ? [{ name: 'Written by', value: library }] : []),
  ];
}

function nanoseconds(time: bigint, start: bigint): number {
  return Number(time - start);
}

function least(times: readonly bigint[]): bigint {
  return times.reduce((one, other) => (other < one ? other : one), times[0] ?? 0n);
}

function greatest(times: readonly bigint[]): bigint {
  return times.reduce((one, other) => (other > one ? other : one), times[0] ?? 0n);
}
