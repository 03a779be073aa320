import { absent } from '../../base/absent.ts';
import { formatBytes, formatCount } from '../../base/format.ts';
import { openBytes } from '../arrays/fileBytes.ts';
import type { ByteSource } from '../byteSource.ts';
import { asBuffer } from '../byteSource.ts';
import type { FilePart } from '../filePart.ts';
import type { Chunk, ChunkStore } from './chunkedRecording.ts';
import { ChunkedRecording } from './chunkedRecording.ts';
import { decompress } from './decompress.ts';
import type { Message, Recording, Topic } from './recording.ts';
import { SensorError } from './sensorError.ts';

/** ROS 1's bags (wiki.ros.org/Bags/Format/2.0). */
export const ROSBAG_MARK = '#ROSBAG V2.0\n';

const OP_MESSAGE = 2;
const OP_BAG = 3;
const OP_INDEX = 4;
const OP_CHUNK = 5;
const OP_CHUNK_INFO = 6;
const OP_CONNECTION = 7;
const MAX_RECORD = 268_435_456;

interface BagRecord {
  readonly header: ReadonlyMap<string, Buffer>;
  readonly data: { readonly offset: number; readonly length: number };
  readonly next: number;
}

interface BagChunk extends Chunk {
  readonly at: number;
}

interface Connection {
  readonly id: number;
  readonly topic: string;
  readonly type: string;
  readonly definition: string;
}

interface ChunkInfo {
  readonly at: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly counts: ReadonlyMap<number, number>;
}

/** Rejects with a `SensorError` or a `MediaError`. */
export function openRosBag(part: FilePart): Recording {
  const bytes = openBytes(part);
  try {
    const source = bytes.reader();
    const bag = readRecord(source, ROSBAG_MARK.length);
    if (bag === undefined || opOf(bag) !== OP_BAG) {
      throw new SensorError('malformed', 'It has no header of a bag.');
    }
    const indexAt = Number(field(bag, 'index_pos').readBigUInt64LE(0));
    const problems: string[] = [];
    if (indexAt === 0) {
      problems.push('It has no index: its writer stopped early. An index was made from its chunks; rosbag reindex writes one.');
    }
    const { connections, infos } = indexAt > 0 && indexAt < source.size ? readIndex(source, indexAt) : scan(source, bag.next, problems);
    const start = infos.reduce((one, { start: other }) => (other < one ? other : one), infos[0]?.start ?? 0n);
    const end = infos.reduce((one, { end: other }) => (other > one ? other : one), infos[0]?.end ?? 0n);
    const counts = new Map<number, number>();
    infos.forEach((info) => info.counts.forEach((count, id) => counts.set(id, (counts.get(id) ?? 0) + count)));
    const chunks = infos.map((info): BagChunk => ({ at: info.at, start: Number(info.start - start), end: Number(info.end - start), bytes: chunkHead(source, info.at).size, topics: new Set(info.counts.keys()) }));
    const compressions = [...new Set(infos.map(({ at }) => chunkHead(source, at).compression))];
    return new ChunkedRecording({
      format: 'rosbag',
      topics: [...connections.values()].map((connection) => topicOf(connection, counts)),
      start,
      duration: Number(end - start),
      messageCount: infos.length === 0 ? absent('not stated in the file') : [...counts.values()].reduce((sum, count) => sum + count, 0),
      facts: [
        { name: 'Compression', value: compressions.join(', ') || 'none' },
        { name: 'Chunks', value: `${formatCount(chunks.length)}, ${formatBytes(chunks.reduce((sum, { bytes: size }) => sum + size, 0))} unpacked` },
      ],
      problems,
      store: new BagStore(source, chunks, start),
      close: () => bytes.close(),
    });
  } catch (error) {
    bytes.close();
    throw error instanceof RangeError ? new SensorError('malformed', 'A record of the bag ends before its fields do.', { cause: error }) : error;
  }
}

class BagStore implements ChunkStore<BagChunk> {
  constructor(
    private readonly source: ByteSource,
    readonly chunks: readonly BagChunk[],
    private readonly start: bigint,
  ) {}

  times({ at }: BagChunk): ReadonlyMap<number, Float64Array> | undefined {
    const times = new Map<number, Float64Array>();
    let next = readRecord(this.source, at)?.next;
    for (;;) {
      const record = next === undefined ? undefined : readRecord(this.source, next);
      if (record === undefined || opOf(record) !== OP_INDEX) {
        return times.size > 0 ? times : undefined;
      }
      const entries = Buffer.from(this.source.read(record.data.offset, record.data.length));
      const count = Math.floor(entries.length / 12);
      times.set(field(record, 'conn').readUInt32LE(0), Float64Array.from({ length: count }, (_, nth) => Number(rosTime(entries, nth * 12) - this.start)));
      next = record.next;
    }
  }

  async messages({ at }: BagChunk): Promise<readonly Message[]> {
    const { data, size, compression } = chunkHead(this.source, at);
    const packed = Buffer.from(this.source.read(data.offset, data.length));
    if (packed.length < data.length) {
      throw new SensorError('truncated', 'A chunk ends beyond the end of the file.');
    }
    const bytes = asBuffer(await decompress(compression, packed, size));
    const source: ByteSource = { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
    const messages: Message[] = [];
    for (let record = readRecord(source, 0); record !== undefined; record = readRecord(source, record.next)) {
      if (opOf(record) === OP_MESSAGE) {
        const { offset, length } = record.data;
        messages.push({ topic: field(record, 'conn').readUInt32LE(0), time: Number(rosTime(field(record, 'time'), 0) - this.start), data: bytes.subarray(offset, offset + length) });
      }
    }
    return messages;
  }
}

function readIndex(source: ByteSource, at: number) {
  const connections = new Map<number, Connection>();
  const infos: ChunkInfo[] = [];
  for (let record = readRecord(source, at); record !== undefined; record = readRecord(source, record.next)) {
    if (opOf(record) === OP_CONNECTION) {
      const connection = readConnection(source, record);
      connections.set(connection.id, connection);
    } else if (opOf(record) === OP_CHUNK_INFO) {
      const entries = Buffer.from(source.read(record.data.offset, Math.min(record.data.length, MAX_RECORD)));
      const counts = new Map<number, number>();
      for (let entry = 0; entry + 8 <= entries.length; entry += 8) {
        counts.set(entries.readUInt32LE(entry), entries.readUInt32LE(entry + 4));
      }
      infos.push({ at: Number(field(record, 'chunk_pos').readBigUInt64LE(0)), start: rosTime(field(record, 'start_time'), 0), end: rosTime(field(record, 'end_time'), 0), counts });
    }
  }
  return { connections, infos };
}

/** From record to record; what the chunks' own indexes say stands for the bag's. */
function scan(source: ByteSource, from: number, problems: string[]) {
  const connections = new Map<number, Connection>();
  const infos: { at: number; start: bigint; end: bigint; counts: Map<number, number> }[] = [];
  let last = from;
  for (let record = readRecord(source, from); record !== undefined; record = readRecord(source, record.next)) {
    const op = opOf(record);
    if (op === OP_CHUNK) {
      if (chunkHead(source, last).compression === 'none') {
        readConnections(source, record.data, connections);
      }
      infos.push({ at: last, start: 2n ** 63n, end: 0n, counts: new Map() });
    } else if (op === OP_CONNECTION) {
      const connection = readConnection(source, record);
      connections.set(connection.id, connection);
    } else if (op === OP_INDEX) {
      const info = infos.at(-1);
      const entries = Buffer.from(source.read(record.data.offset, Math.min(record.data.length, MAX_RECORD)));
      for (let entry = 0; info && entry + 12 <= entries.length; entry += 12) {
        const time = rosTime(entries, entry);
        info.start = time < info.start ? time : info.start;
        info.end = time > info.end ? time : info.end;
      }
      info?.counts.set(field(record, 'conn').readUInt32LE(0), Math.floor(entries.length / 12));
    }
    last = record.next;
  }
  if (last < source.size) {
    problems.push(`Its last ${formatBytes(source.size - last)} are of a record that is cut off, and are not read.`);
  }
  return { connections, infos: infos.filter(({ counts }) => counts.size > 0) };
}

function readConnections(source: ByteSource, { offset, length }: BagRecord['data'], connections: Map<number, Connection>): void {
  for (let record = readRecord(source, offset); record !== undefined && record.next <= offset + length; record = readRecord(source, record.next)) {
    if (opOf(record) === OP_CONNECTION) {
      const connection = readConnection(source, record);
      connections.set(connection.id, connection);
    }
  }
}

/** Undefined at the end, and where a record is cut off. */
function readRecord(source: ByteSource, at: number): BagRecord | undefined {
  const first = source.read(at, 4);
  const headerLength = first.length < 4 ? undefined : first.readUInt32LE(0);
  if (headerLength === undefined || at + 8 + headerLength > source.size || headerLength > MAX_RECORD) {
    return undefined;
  }
  const header = Buffer.from(source.read(at + 4, headerLength + 4));
  const length = header.readUInt32LE(headerLength);
  const offset = at + 8 + headerLength;
  return offset + length > source.size ? undefined : { header: fields(header.subarray(0, headerLength)), data: { offset, length }, next: offset + length };
}

function fields(header: Buffer): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at + 4 <= header.length; ) {
    const length = header.readUInt32LE(at);
    const entry = header.subarray(at + 4, at + 4 + length);
    const equals = entry.indexOf('=');
    if (equals > 0) {
      found.set(entry.toString('latin1', 0, equals), entry.subarray(equals + 1));
    }
    at += 4 + length;
  }
  return found;
}

function field({ header }: BagRecord, name: string): Buffer {
  const value = header.get(name);
  if (value === undefined) {
    throw new SensorError('malformed', `A record of the bag lacks its field "${name}".`);
  }
  return value;
}

function opOf({ header }: BagRecord): number {
  return header.get('op')?.[0] ?? 0;
}

function chunkHead(source: ByteSource, at: number): { readonly data: BagRecord['data']; readonly size: number; readonly compression: string } {
  const record = readRecord(source, at);
  return record === undefined || opOf(record) !== OP_CHUNK
    ? { data: { offset: at, length: 0 }, size: 0, compression: 'none' }
    : { data: record.data, size: field(record, 'size').readUInt32LE(0), compression: field(record, 'compression').toString('latin1') };
}

function readConnection(source: ByteSource, record: BagRecord): Connection {
  const own = fields(Buffer.from(source.read(record.data.offset, Math.min(record.data.length, MAX_RECORD))));
  return {
    id: field(record, 'conn').readUInt32LE(0),
    topic: field(record, 'topic').toString('utf8'),
    type: own.get('type')?.toString('utf8') ?? '',
    definition: own.get('message_definition')?.toString('utf8') ?? '',
  };
}

function topicOf({ id, topic, type, definition }: Connection, counts: ReadonlyMap<number, number>): Topic {
  return { id, name: topic, type, encoding: 'ros1', schemaEncoding: 'ros1msg', schema: Buffer.from(definition), count: counts.get(id) ?? 0 };
}

/** Seconds and nanoseconds. */
function rosTime(bytes: Buffer, at: number): bigint {
  return BigInt(bytes.readUInt32LE(at)) * 1_000_000_000n + BigInt(bytes.readUInt32LE(at + 4));
}
