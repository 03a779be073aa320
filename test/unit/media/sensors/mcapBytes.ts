import { McapWriter, TempBuffer } from '@mcap/core';

export interface MadeMessage {
  readonly topic: string;
  /** Seconds. */
  readonly time: number;
  readonly data: Uint8Array;
}

export interface MadeTopic {
  readonly name: string;
  readonly type: string;
  readonly encoding: string;
  readonly schemaEncoding: string;
  readonly schema: Uint8Array | string;
}

export const START = 1_700_000_000_000_000_000n;

export interface McapOptions {
  readonly chunkSize?: number;
  readonly useChunks?: boolean;
  readonly useMessageIndex?: boolean;
  /** As after a crash: nothing of the summary is written. */
  readonly ended?: boolean;
}

/** An MCAP file, written by the format's own library. */
export async function mcapBytes(topics: readonly MadeTopic[], messages: Iterable<MadeMessage>, { chunkSize = 4096, useChunks = true, useMessageIndex = true, ended = true }: McapOptions = {}): Promise<Buffer> {
  const buffer = new TempBuffer();
  const writer = new McapWriter({ writable: buffer, chunkSize, useChunks, useMessageIndex });
  await writer.start({ profile: 'test', library: 'made' });
  const ids = new Map<string, number>();
  for (const { name, type, encoding, schemaEncoding, schema } of topics) {
    const schemaId = schemaEncoding === '' ? 0 : await writer.registerSchema({ name: type, encoding: schemaEncoding, data: Buffer.from(schema) });
    ids.set(name, await writer.registerChannel({ schemaId, topic: name, messageEncoding: encoding, metadata: new Map() }));
  }
  let sequence = 0;
  for (const { topic, time, data } of messages) {
    const logTime = START + BigInt(Math.round(time * 1e9));
    await writer.addMessage({ channelId: ids.get(topic) ?? 0, sequence: sequence++, logTime, publishTime: logTime, data });
  }
  const before = Buffer.from(buffer.get());
  await writer.end();
  return ended ? Buffer.from(buffer.get()) : before;
}

export const JSON_TOPIC: MadeTopic = { name: '/imu', type: 'Imu', encoding: 'json', schemaEncoding: '', schema: '' };

export function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** `count` messages at `rate` from 0 on, without those of `missing`. */
export function* regular(count: number, rate: number, value: (nth: number) => unknown, missing: (nth: number) => boolean = () => false, topic = JSON_TOPIC.name): Generator<MadeMessage> {
  for (let nth = 0; nth < count; nth++) {
    if (!missing(nth)) {
      yield { topic, time: nth / rate, data: json(value(nth)) };
    }
  }
}
