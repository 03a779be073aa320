import type { RuleCode } from '../../media/rules/index.ts';
import type { Finding } from '../../media/rules/rule.ts';
import type { ByteSource } from '../../media/byteSource.ts';
import { createBreather } from '../../base/breather.ts';
import { checkChunk, checkSection } from './mcapChecksums.ts';

const MAGIC = '\x89MCAP0\r\n';
/** Records by their opcode. */
const OP = { footer: 0x02, schema: 0x03, channel: 0x04, message: 0x05, chunk: 0x06, statistics: 0x0b, dataEnd: 0x0f } as const;
/** Encodings of schemas that a message encoding can be read by. */
const SCHEMAS: Readonly<Record<string, readonly string[]>> = {
  cdr: ['ros2msg', 'ros2idl', 'omgidl'],
  ros1: ['ros1msg'],
  protobuf: ['protobuf'],
  flatbuffer: ['flatbuffer'],
  json: ['jsonschema', ''],
};

/** Chunks with wrong checksums that are told one by one. */
const MOST_CHUNKS = 20;

export interface McapFacts {
  readonly findings: readonly Finding<RuleCode>[];
  /** By the statistics at its end, where there are any. */
  readonly messages: number | undefined;
}

/** Goes through the records of an MCAP file; where `full` is asked for, all of it is read and its chunks are unpacked, to hold them to their checksums. */
export async function checkMcap(source: ByteSource, full: boolean, signal?: AbortSignal): Promise<McapFacts> {
  const breathe = createBreather(signal);
  const findings: Finding<RuleCode>[] = [];
  const schemas = new Map<number, string>();
  const channels = new Map<number, { readonly topic: string; readonly schema: number; readonly encoding: string }>();
  let messages: number | undefined;
  let hasFooter = false;
  let chunkEnd = 0n;
  let unordered = 0;
  let broken = 0;
  let at = MAGIC.length;
  while (at + 9 <= source.size) {
    await breathe();
    const head = source.read(at, 9);
    const op = head[0] ?? 0;
    const length = Number(head.readBigUInt64LE(1));
    const start = at + 9;
    if (start + length > source.size) {
      findings.push({ code: 'mcap/truncated', message: `The record at byte ${at} is ${length} bytes long, of which ${source.size - start} are there.` });
      break;
    }
    if (op === OP.footer) {
      hasFooter = true;
      findings.push(...(await checkSummary(source, at, length, breathe)));
      break;
    }
    const body = Buffer.from(source.read(start, Math.min(length, op === OP.chunk ? 64 : 4096)));
    if (op === OP.schema && length >= 2) {
      schemas.set(body.readUInt16LE(0), textAt(body, 2 + 4 + lengthAt(body, 2)));
    } else if (op === OP.channel && length >= 4) {
      channels.set(body.readUInt16LE(0), { schema: body.readUInt16LE(2), topic: textAt(body, 4), encoding: textAt(body, 4 + 4 + lengthAt(body, 4)) });
    } else if (op === OP.statistics && length >= 8) {
      messages = Number(body.readBigUInt64LE(0));
    } else if (op === OP.chunk && length >= 32) {
      const [from, to, compression] = [body.readBigUInt64LE(0), body.readBigUInt64LE(8), textAt(body, 28)];
      unordered += from < chunkEnd ? 1 : 0;
      chunkEnd = to > chunkEnd ? to : chunkEnd;
      if (!['', 'lz4', 'zstd'].includes(compression)) {
        findings.push({ code: 'mcap/compression', message: `The chunk at byte ${at} is compressed with ${JSON.stringify(compression)}.` });
      } else if (full && broken < MOST_CHUNKS) {
        const packed = start + 32 + compression.length + 8;
        const found = await checkChunk(source, at, { from: packed, to: start + length, crc: body.readUInt32LE(24) }, compression, Number(body.readBigUInt64LE(16)));
        broken += found.length;
        findings.push(...found);
      }
    } else if (op === OP.dataEnd && full && length >= 4) {
      findings.push(...(await checkSection(source, 'data section', { from: 0, to: at, crc: body.readUInt32LE(0) }, breathe)));
    }
    at = start + length;
  }
  if (!hasFooter || source.read(source.size - MAGIC.length, MAGIC.length).toString('latin1') !== MAGIC) {
    findings.push({ code: 'mcap/no-footer', message: hasFooter ? 'The file does not end with the mark of MCAP.' : 'There is no footer.' });
  }
  if (unordered > 0) {
    findings.push({ code: 'mcap/order', message: `${unordered} ${unordered === 1 ? 'chunk begins' : 'chunks begin'} before the end of an earlier one.` });
  }
  for (const { topic, schema, encoding } of channels.values()) {
    const known = schemas.get(schema);
    if (known !== undefined && SCHEMAS[encoding]?.includes(known) === false) {
      findings.push({ code: 'mcap/encoding', key: topic, message: `${topic} has messages in ${encoding} and a schema in ${known}.` });
    }
  }
  return { findings, messages };
}

/** The summary's checksum ends within the footer, before itself. */
async function checkSummary(source: ByteSource, at: number, length: number, breathe: () => Promise<void> | undefined): Promise<Finding<RuleCode>[]> {
  const footer = source.read(at + 9, 20);
  if (length < 20 || footer.length < 20) {
    return [];
  }
  const start = Number(footer.readBigUInt64LE(0));
  const to = at + 9 + 16;
  return start > at ? [] : checkSection(source, 'summary', { from: start === 0 ? at : start, to, crc: footer.readUInt32LE(16) }, breathe);
}

function lengthAt(bytes: Buffer, at: number): number {
  return at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0;
}

/** A text with its length before it. */
function textAt(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', Math.min(at + 4, bytes.length), Math.min(at + 4 + lengthAt(bytes, at), bytes.length));
}
