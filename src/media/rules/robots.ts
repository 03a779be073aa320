import type { Gap, Timeline } from '../sensors/timeline.ts';
import type { Finding, Rules } from './rule.ts';
import { quoted, seconds } from './rule.ts';

export const ROBOT_RULES = {
  'lerobot/info': { severity: 'error', title: 'meta/info.json lacks what is needed', help: 'fps, features, data_path and the totals are read by everything else.' },
  'lerobot/version': { severity: 'error', title: 'Version and files do not fit together', help: 'info.json states one layout, and the files are those of another: convert the data set, or mend codebase_version.' },
  'lerobot/totals': { severity: 'error', title: 'Totals differ from the episodes', help: 'total_episodes and total_frames of info.json have to be those of the episodes.' },
  'lerobot/data-missing': { severity: 'error', title: 'Episode without its data', help: 'The Parquet file of the episode is not there.' },
  'lerobot/video-missing': { severity: 'error', title: 'Episode without its video', help: 'The video of a camera is not there.' },
  'lerobot/length': { severity: 'error', title: 'Episode has another number of frames', help: 'The rows of the data and the stated length of the episode differ: indices of all later episodes are off.' },
  'lerobot/index': { severity: 'error', title: 'Episode index is stale', help: 'The data file that the metadata name for the episode does not hold it: conversions have left the chunk and file numbers behind.' },
  'lerobot/timestamps': { severity: 'error', title: 'Timestamps are not 1/fps apart', help: 'Loading stops where a step differs by more than the tolerance of 0.0001 s.' },
  'lerobot/feature': { severity: 'error', title: 'Feature differs from its column', help: 'Shape in info.json and the length of the column’s values differ.' },
  'lerobot/feature-missing': { severity: 'error', title: 'Feature without a column', help: 'info.json lists a feature that the data do not have.' },
  'lerobot/drift': { severity: 'warning', title: 'Video and data differ in length', help: 'Frames are taken from the video by time: the longer the episode, the further they are off.' },
  'lerobot/task': { severity: 'warning', title: 'Episode without a task', help: 'Policies that are told what to do have nothing to be told.' },
  'rosbag/file-missing': { severity: 'error', title: 'Bag file is missing', help: 'metadata.yaml names a file that is not there.' },
  'rosbag/metadata-missing': { severity: 'info', title: 'Bag without metadata.yaml', help: 'ros2 bag needs it: ros2 bag reindex makes it again.' },
  'rosbag/count': { severity: 'warning', title: 'Count of messages differs from metadata.yaml', help: 'The recorder was ended before it wrote its metadata; ros2 bag reindex mends it.' },
  'rosbag/not-a-bag': { severity: 'error', title: 'Bag file is none', help: 'The bytes are not those of the storage that the name or metadata.yaml says.' },
  'rosbag/not-indexed': { severity: 'warning', title: 'Bag without its index', help: 'The recorder crashed; rosbag reindex mends it.' },
  'mcap/no-footer': { severity: 'error', title: 'MCAP ends without a footer', help: 'The recorder crashed or the copy is incomplete: readers by index fail. mcap recover mends it.' },
  'mcap/truncated': { severity: 'error', title: 'MCAP record is cut short', help: 'A record leads behind the end of the file.' },
  'mcap/checksum': { severity: 'error', title: 'MCAP with a wrong checksum', help: 'Bytes have changed since they were recorded: a broken disk or copy. Fetch it again; mcap recover saves the chunks that are whole.' },
  'sensor/topic-gap': { severity: 'warning', title: 'Topic stops for a while', help: 'A sensor that comes regularly was not recorded for some time: a dropped connection, a full queue or a slow disk. Cut the recording there, or leave the stretch out.' },
  'mcap/compression': { severity: 'error', title: 'Unknown compression', help: 'Chunks are compressed with lz4 or zstd, or not at all.' },
  'mcap/encoding': { severity: 'warning', title: 'Schema and messages are encoded for different worlds', help: 'Messages of this channel cannot be decoded by its schema.' },
  'mcap/order': { severity: 'info', title: 'Messages are not in order of time', help: 'A chunk begins long before the end of the one before it: readers that rely on order show jumps.' },
} as const satisfies Rules;

type Code = keyof typeof ROBOT_RULES;

const TOLERANCE = 1e-4;

/** Seconds of the frames of an episode, as far as the first step that is off. */
export class TimestampSteps {
  private before: number | undefined;
  private told = false;

  constructor(private readonly fps: number) {}

  take(timestamp: unknown, frame: number): Finding<Code>[] {
    if (typeof timestamp !== 'number' || this.told) {
      return [];
    }
    const { before } = this;
    this.before = timestamp;
    if (before === undefined || Math.abs(timestamp - before - 1 / this.fps) <= TOLERANCE) {
      return [];
    }
    this.told = true;
    return [{ code: 'lerobot/timestamps', key: 'timestamp', message: `From frame ${frame - 1} to ${frame} the timestamp goes from ${before} to ${timestamp}, at ${this.fps} fps that is ${(1 / this.fps).toFixed(4)} s.` }];
  }
}

/** Length of a video against that of the frames it shows. */
export function checkDrift(video: number, frames: number, fps: number, camera: string): Finding<Code>[] {
  const wanted = frames / fps;
  return Math.abs(video - wanted) > Math.max(0.02 * wanted, 1.5 / fps) ? [{ code: 'lerobot/drift', key: camera, message: `The video of ${camera} is ${seconds(video)} long, ${frames} frames at ${fps} fps are ${seconds(wanted)}.` }] : [];
}

/** A value of a column against the shape of its feature. */
export function checkFeature(name: string, shape: unknown, value: unknown): Finding<Code>[] {
  const wanted = Array.isArray(shape) ? shape.reduce((product: number, size) => product * (typeof size === 'number' ? size : 1), 1) : undefined;
  const length = Array.isArray(value) ? (value.flat(8) as unknown[]).length : 1;
  return wanted !== undefined && value !== null && value !== undefined && length !== wanted
    ? [{ code: 'lerobot/feature', key: name, message: `${name} has the shape ${quoted(shape)}, its values ${length} ${length === 1 ? 'number' : 'numbers'}.` }]
    : [];
}

/** Of the median between two messages of a topic: a shorter pause is jitter. */
const GAP_TIMES = 5;
/** Nanoseconds: a shorter pause is no loss that anyone would cut a recording for. */
const GAP_LEAST = 100e6;
/** Messages from which a topic is said to come regularly. */
const REGULAR_FROM = 20;

/** Pauses of a topic that comes regularly: one in which they are rare. */
export function checkGaps(topic: string, { count, median, gaps }: Pick<Timeline, 'count' | 'median' | 'gaps'>): Finding<Code>[] {
  if (count < REGULAR_FROM || median === undefined) {
    return [];
  }
  const long = gaps.filter(({ from, to }) => to - from > Math.max(GAP_LEAST, median * GAP_TIMES));
  const [longest] = [...long].sort((a, b) => lengthOf(b) - lengthOf(a));
  if (longest === undefined || long.length * REGULAR_FROM > count) {
    return [];
  }
  const rate = (1e9 / median).toPrecision(3);
  return [{ code: 'sensor/topic-gap', key: topic, message: `${topic} comes at ${Number(rate)} Hz and has ${long.length === 1 ? 'a gap' : `${long.length} gaps, the longest`} of ${seconds(lengthOf(longest) / 1e9)} from ${seconds(longest.from / 1e9)} on.` }];
}

function lengthOf({ from, to }: Gap): number {
  return to - from;
}
