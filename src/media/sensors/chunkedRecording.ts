import { setImmediate } from 'node:timers/promises';
import type { Measured } from '../../base/absent.ts';
import type { Message, MessageSelection, Recording, RecordingFormat, TimePiece, Topic } from './recording.ts';

/** A part of a recording that is unpacked as a whole. Times are nanoseconds from the recording's start. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  /** Unpacked. */
  readonly bytes: number;
  /** Which topics it has; undefined where only its messages tell. */
  readonly topics?: ReadonlySet<number>;
}

/** What a format knows of its chunks. */
export interface ChunkStore<C extends Chunk> {
  /** In the order of the file. */
  readonly chunks: readonly C[];
  /** Times by topic, in the order of the file, from an index; undefined where there is none. */
  times(chunk: C): ReadonlyMap<number, Float64Array> | undefined;
  /** In the order of the file. */
  messages(chunk: C): Promise<readonly Message[]>;
}

export interface ChunkedRecordingOptions<C extends Chunk> {
  readonly format: RecordingFormat;
  readonly topics: readonly Topic[];
  readonly start: bigint;
  readonly duration: number;
  readonly messageCount: Measured<number>;
  readonly facts: Recording['facts'];
  readonly problems: readonly string[];
  readonly store: ChunkStore<C>;
  readonly close: () => void;
}

/** Bytes of unpacked chunks that are kept for the next question, which is mostly about the same place. */
const KEPT = 67_108_864;

/** A recording in chunks, of which one at a time is unpacked. */
export class ChunkedRecording<C extends Chunk> implements Recording {
  readonly format;
  readonly topics;
  readonly start;
  readonly duration;
  readonly messageCount;
  readonly facts;
  readonly problems: string[];
  private readonly store: ChunkStore<C>;
  private readonly byStart: readonly C[];
  /** The latest end of all chunks up to one, in the order of `byStart`. */
  private readonly ends: Float64Array;
  private readonly kept = new Map<C, readonly Message[]>();
  private readonly onClose: () => void;

  constructor({ format, topics, start, duration, messageCount, facts, problems, store, close }: ChunkedRecordingOptions<C>) {
    this.format = format;
    this.topics = topics;
    this.start = start;
    this.duration = duration;
    this.messageCount = messageCount;
    this.facts = facts;
    this.problems = [...problems];
    this.store = store;
    this.onClose = close;
    this.byStart = [...store.chunks].sort((one, other) => one.start - other.start);
    let latest = -Infinity;
    this.ends = Float64Array.from(this.byStart, ({ end }) => (latest = Math.max(latest, end)));
  }

  async *times(topics: ReadonlySet<number>, told: (done: number) => void, signal?: AbortSignal): AsyncIterable<TimePiece> {
    const { chunks } = this.store;
    for (const [nth, chunk] of chunks.entries()) {
      if (concerns(chunk, topics)) {
        const times = this.store.times(chunk) ?? timesOf(await this.read(chunk));
        for (const [topic, list] of times) {
          if (topics.has(topic)) {
            yield { topic, times: list };
          }
        }
      }
      if (nth % 16 === 15) {
        told((nth + 1) / chunks.length);
        await setImmediate();
        signal?.throwIfAborted();
      }
    }
  }

  async *messages({ topics, from, to }: MessageSelection, told: (done: number) => void, signal?: AbortSignal): AsyncIterable<readonly Message[]> {
    const wanted = this.byStart.filter((chunk) => chunk.end >= from && chunk.start <= to && concerns(chunk, topics));
    for (const [nth, chunk] of wanted.entries()) {
      const found = (await this.read(chunk)).filter(({ topic, time }) => time >= from && time <= to && topics.has(topic)).sort((one, other) => one.time - other.time);
      if (found.length > 0) {
        yield found;
      }
      told((nth + 1) / wanted.length);
      await setImmediate();
      signal?.throwIfAborted();
    }
  }

  async nearest(topic: number, time: number, side: 'before' | 'after', signal?: AbortSignal): Promise<Message | undefined> {
    const topics = new Set([topic]);
    let best: { readonly chunk: C; readonly time: number } | undefined;
    const before = side === 'before';
    const first = this.byStart.findLastIndex(({ start }) => start <= time);
    // Chunks may overlap: before a time, those whose end reaches beyond the best one so far are looked at.
    const order = before ? indices(first, -1) : indices(this.ends.findIndex((end) => end > time), this.byStart.length);
    for (const nth of order) {
      const chunk = this.byStart[nth];
      if (chunk === undefined || (best && (before ? (this.ends[nth] ?? -Infinity) <= best.time : chunk.start >= best.time))) {
        break;
      }
      if (!concerns(chunk, topics) || (!before && chunk.end <= time)) {
        continue;
      }
      const times = this.store.times(chunk)?.get(topic) ?? timesOf(await this.read(chunk)).get(topic) ?? new Float64Array();
      for (const one of times) {
        if (before ? one <= time && one > (best?.time ?? -Infinity) : one > time && one < (best?.time ?? Infinity)) {
          best = { chunk, time: one };
        }
      }
      signal?.throwIfAborted();
    }
    return best && (await this.read(best.chunk)).findLast((message) => message.topic === topic && message.time === best.time);
  }

  close(): void {
    this.kept.clear();
    this.onClose();
  }

  /** A chunk that cannot be unpacked is told of once, and has no messages. */
  private async read(chunk: C): Promise<readonly Message[]> {
    const kept = this.kept.get(chunk);
    if (kept) {
      this.kept.delete(chunk);
      this.kept.set(chunk, kept);
      return kept;
    }
    let messages: readonly Message[] = [];
    try {
      messages = await this.store.messages(chunk);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      if (this.problems.length < MAX_PROBLEMS) {
        this.problems.push(`At ${(chunk.start / 1e9).toFixed(3)} s: ${words}`);
      }
    }
    this.kept.set(chunk, messages);
    let bytes = [...this.kept.keys()].reduce((sum, one) => sum + one.bytes, 0);
    for (const oldest of this.kept.keys()) {
      if (bytes <= KEPT || oldest === chunk) {
        break;
      }
      this.kept.delete(oldest);
      bytes -= oldest.bytes;
    }
    return messages;
  }
}

const MAX_PROBLEMS = 100;

function concerns({ topics }: Chunk, wanted: ReadonlySet<number>): boolean {
  return topics === undefined || [...wanted].some((topic) => topics.has(topic));
}

function* indices(from: number, to: number): Generator<number> {
  const step = to > from ? 1 : -1;
  for (let nth = from; from >= 0 && nth !== to; nth += step) {
    yield nth;
  }
}

function timesOf(messages: readonly Message[]): Map<number, Float64Array> {
  const lists = new Map<number, number[]>();
  for (const { topic, time } of messages) {
    const list = lists.get(topic);
    if (list) {
      list.push(time);
    } else {
      lists.set(topic, [time]);
    }
  }
  return new Map([...lists].map(([topic, list]) => [topic, Float64Array.from(list)]));
}
