import type { Measured } from '../../base/absent.ts';

/** One topic of a recording. */
export interface Topic {
  /** Unique in its recording. */
  readonly id: number;
  readonly name: string;
  /** `sensor_msgs/msg/JointState`; empty where none is stated. */
  readonly type: string;
  /** Of the messages: `cdr`, `ros1`, `json`, `protobuf`. */
  readonly encoding: string;
  readonly schemaEncoding: string;
  readonly schema: Uint8Array;
  readonly count: Measured<number>;
}

export interface Message {
  readonly topic: number;
  /** When it was written down, in nanoseconds from the recording's `start`. */
  readonly time: number;
  /** When it was sent, on the same scale, where the recording tells. */
  readonly published?: number;
  readonly data: Uint8Array;
}

/** Times of messages in the order of the file. */
export interface TimePiece {
  readonly topic: number;
  readonly times: Float64Array;
}

/** Times are nanoseconds from the recording's start. */
export interface Episode {
  /** As the data number it. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

export type RecordingFormat = 'mcap' | 'rosbag2' | 'rosbag' | 'table';

export interface MessageSelection {
  readonly topics: ReadonlySet<number>;
  /** Nanoseconds from the recording's start; both are included. */
  readonly from: number;
  readonly to: number;
}

/** An open recording of any size. Rejects with a `SensorError`. */
export interface Recording {
  readonly format: RecordingFormat;
  readonly topics: readonly Topic[];
  /** Nanoseconds since the epoch, or since whatever its clock counts from. */
  readonly start: bigint;
  /** Nanoseconds. */
  readonly duration: number;
  readonly messageCount: Measured<number>;
  /** `zstd`, `1,204 chunks`. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Stretches that have nothing to do with each other, one behind the other; left out where there are none. */
  readonly episodes?: readonly Episode[];
  /** What is wrong with it, though it could be opened. */
  readonly problems: readonly string[];
  /** When each message came, without its bytes where the recording allows. `told` hears how far it is, from 0 to 1. */
  times(topics: ReadonlySet<number>, told: (done: number) => void, signal?: AbortSignal): AsyncIterable<TimePiece>;
  /** Messages some at a time, in order within each piece; pieces may overlap in time. A message's bytes hold until the next piece. */
  messages(selection: MessageSelection, told: (done: number) => void, signal?: AbortSignal): AsyncIterable<readonly Message[]>;
  /** The last message at a time or before it, or the first one after it. */
  nearest(topic: number, time: number, side: 'before' | 'after', signal?: AbortSignal): Promise<Message | undefined>;
  close(): void;
}
