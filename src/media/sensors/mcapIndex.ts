import type { ByteSource } from '../byteSource.ts';
import type { McapChannel, McapChunkHead, McapSchema } from './mcapRecords.ts';
import { FieldReader, MAGIC, OPCODE, RECORD_HEAD, readChannel, readChunkHead, readSchema, records } from './mcapRecords.ts';
import { SensorError } from './sensorError.ts';

/** Where a chunk lies, and what is known of it without unpacking it. Times are the file's own. */
export interface McapChunk extends McapChunkHead {
  /** Of its packed records. */
  readonly offset: number;
  /** Where its message indexes lie; none where there are no such. */
  readonly index?: { readonly offset: number; readonly length: number };
  readonly channels?: ReadonlySet<number>;
}

export interface McapIndex {
  readonly profile: string;
  readonly library: string;
  readonly schemas: ReadonlyMap<number, McapSchema>;
  readonly channels: ReadonlyMap<number, McapChannel>;
  readonly chunks: readonly McapChunk[];
  /** By channel; undefined where the file does not say. */
  readonly counts?: ReadonlyMap<number, number>;
  readonly start?: bigint;
  readonly end?: bigint;
  readonly problems: readonly string[];
}

const FOOTER = RECORD_HEAD + 20 + MAGIC.length;
/** Bytes of a summary: of some million chunks. */
const MAX_SUMMARY = 268_435_456;
/** Of a schema or channel that stands outside of chunks. */
const MAX_RECORD = 16_777_216;
/** Messages outside of chunks are taken together. */
const PLAIN_CHUNK = 4_194_304;

/** By the summary at its end; without one by going from record to record, which leaves the chunks themselves unread. Throws a `SensorError`. */
export function readMcapIndex(source: ByteSource): McapIndex {
  if (!source.read(0, MAGIC.length).equals(MAGIC)) {
    throw new SensorError('malformed', source.size === 0 ? 'It is empty.' : 'It does not start with MCAP’s mark.');
  }
  const problems: string[] = [];
  const header = readHeader(source);
  const summary = readSummary(source, problems);
  return { ...header, ...(summary ?? scan(source, problems)), problems };
}

function readHeader(source: ByteSource): { readonly profile: string; readonly library: string } {
  const head = source.read(MAGIC.length, RECORD_HEAD + 4096);
  if (head[0] !== OPCODE.header) {
    throw new SensorError('malformed', 'Its first record is no header.');
  }
  try {
    const fields = new FieldReader(Buffer.from(head.subarray(RECORD_HEAD)));
    return { profile: fields.text(), library: fields.text() };
  } catch {
    return { profile: '', library: '' };
  }
}

type Found = Omit<McapIndex, 'profile' | 'library' | 'problems'>;

/** Undefined, with its reason among the problems, where the summary does not serve. */
function readSummary(source: ByteSource, problems: string[]): Found | undefined {
  const tail = Buffer.from(source.read(source.size - FOOTER, FOOTER));
  if (tail.length < FOOTER || !tail.subarray(FOOTER - MAGIC.length).equals(MAGIC) || tail[0] !== OPCODE.footer) {
    problems.push('It has no end: its writer stopped early, or it was cut short. The index was rebuilt from its chunks.');
    return undefined;
  }
  const start = Number(tail.readBigUInt64LE(RECORD_HEAD));
  const end = source.size - FOOTER;
  if (start === 0) {
    problems.push('It has no index. One was made from its chunks.');
    return undefined;
  }
  if (start >= end || end - start > MAX_SUMMARY) {
    problems.push('Its index lies outside of the file. It was rebuilt from its chunks.');
    return undefined;
  }
  const schemas = new Map<number, McapSchema>();
  const channels = new Map<number, McapChannel>();
  const chunks: McapChunk[] = [];
  let statistics: ReturnType<typeof readStatistics> | undefined;
  try {
    for (const { opcode, content } of records(Buffer.from(source.read(start, end - start)))) {
      if (opcode === OPCODE.schema) {
        const schema = readSchema(content);
        schemas.set(schema.id, schema);
      } else if (opcode === OPCODE.channel) {
        const channel = readChannel(content);
        channels.set(channel.id, channel);
      } else if (opcode === OPCODE.chunkIndex) {
        chunks.push(readChunkIndex(content, source.size));
      } else if (opcode === OPCODE.statistics) {
        statistics = readStatistics(content);
      }
    }
  } catch (error) {
    problems.push(`Its index is broken (${(error as Error).message}) It was rebuilt from its chunks.`);
    return undefined;
  }
  if (chunks.length === 0 && (statistics === undefined || statistics.messages > 0)) {
    if (channels.size > 0 && statistics?.chunks !== 0) {
      problems.push('Its index names no chunks. It was rebuilt from the file.');
    }
    return undefined;
  }
  if (chunks.some(({ channels: own }) => [...(own ?? [])].some((id) => !channels.has(id)))) {
    problems.push('Its index names channels that it does not describe. It was rebuilt from its chunks.');
    return undefined;
  }
  return { schemas, channels, chunks, ...(statistics && { counts: statistics.counts, start: statistics.start, end: statistics.end }) };
}

function readChunkIndex(content: Buffer, size: number): McapChunk {
  const fields = new FieldReader(content);
  const [start, end, at, length] = [fields.u64(), fields.u64(), fields.size(), fields.size()];
  const offsets = new FieldReader(fields.part(fields.u32()));
  const channels = new Set<number>();
  while (offsets.left > 0) {
    channels.add(offsets.u16());
    offsets.u64();
  }
  const indexLength = fields.size();
  const compression = fields.text();
  const [packedSize, unpackedSize] = [fields.size(), fields.size()];
  const recordsOffset = 8 + 8 + 8 + 4 + 4 + Buffer.byteLength(compression) + 8;
  if (at + length > size) {
    throw new SensorError('malformed', 'a chunk lies outside of the file.');
  }
  const chunk = { start, end, unpackedSize, compression, recordsOffset, packedSize, offset: at + RECORD_HEAD + recordsOffset };
  return indexLength === 0 ? chunk : { ...chunk, index: { offset: at + length, length: indexLength }, channels };
}

function readStatistics(content: Buffer) {
  const fields = new FieldReader(content);
  const messages = fields.size();
  // Counts of schemas (16 bits), channels, attachments and metadata.
  fields.part(2 + 4 + 4 + 4);
  const [chunks, start, end] = [fields.u32(), fields.u64(), fields.u64()];
  const counts = new Map<number, number>();
  const entries = new FieldReader(fields.part(fields.u32()));
  while (entries.left > 0) {
    counts.set(entries.u16(), entries.size());
  }
  return { messages, chunks, start, end, counts };
}

/** From record to record, reading heads alone. What a cut-off record holds is left out. */
function scan(source: ByteSource, problems: string[]): Found {
  const schemas = new Map<number, McapSchema>();
  const channels = new Map<number, McapChannel>();
  const chunks: McapChunk[] = [];
  let at: number = MAGIC.length;
  let plain: { offset: number; length: number } | undefined;
  const flush = () => {
    if (plain) {
      chunks.push({ start: 0n, end: 2n ** 64n - 1n, unpackedSize: plain.length, compression: '', recordsOffset: 0, packedSize: plain.length, offset: plain.offset });
      plain = undefined;
    }
  };
  const whole = (length: number) => Buffer.from(source.read(at + RECORD_HEAD, Math.min(length, MAX_RECORD)));
  while (at + RECORD_HEAD <= source.size) {
    const head = source.read(at, RECORD_HEAD);
    const opcode = head[0] ?? 0;
    const length = Number(head.readBigUInt64LE(1));
    const next = at + RECORD_HEAD + length;
    if (opcode === OPCODE.dataEnd || opcode === OPCODE.footer || opcode === 0) {
      break;
    }
    if (next > source.size) {
      problems.push(`Its last record is cut off: ${next - source.size} of ${length} bytes are missing and are not read.`);
      break;
    }
    try {
      if (opcode === OPCODE.message) {
        if (plain && plain.length > PLAIN_CHUNK) {
          flush();
        }
        plain ??= { offset: at, length: 0 };
      } else if (opcode === OPCODE.schema) {
        const schema = readSchema(whole(length));
        schemas.set(schema.id, schema);
      } else if (opcode === OPCODE.channel) {
        const channel = readChannel(whole(length));
        channels.set(channel.id, channel);
      } else if (opcode === OPCODE.chunk) {
        flush();
        const chunk = readChunkHead(Buffer.from(source.read(at + RECORD_HEAD, Math.min(length, 1024))));
        if (chunk.recordsOffset + chunk.packedSize > length) {
          throw new SensorError('malformed', 'A chunk is larger than its record.');
        }
        chunks.push({ ...chunk, offset: at + RECORD_HEAD + chunk.recordsOffset });
      } else if (opcode === OPCODE.messageIndex) {
        addIndex(chunks, at, RECORD_HEAD + length, source.read(at + RECORD_HEAD, 2));
      }
    } catch (error) {
      problems.push(`A record at byte ${at} is passed over: ${(error as Error).message}`);
    }
    if (plain) {
      plain.length = next - plain.offset;
    }
    at = next;
  }
  flush();
  return { schemas, channels, chunks };
}

function addIndex(chunks: McapChunk[], at: number, length: number, id: Buffer): void {
  const last = chunks.pop();
  if (last) {
    const index = last.index && last.index.offset + last.index.length === at ? { offset: last.index.offset, length: last.index.length + length } : { offset: at, length };
    chunks.push({ ...last, index, channels: new Set([...(last.channels ?? []), id.readUInt16LE(0)]) });
  }
}
