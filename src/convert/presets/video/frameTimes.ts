import { closeSync, openSync, readSync } from 'node:fs';
import { Unmet } from '../../preset.ts';

/** One picture of a video, and which of its frames it is. */
export interface FrameTime {
  readonly file: string;
  /** Presentation time stamp as stored, in units of the time base. */
  readonly pts: number;
  /** Seconds of one unit, as a fraction: `1/90000`. */
  readonly timeBase: string;
  /** Of the file's own clock, which need not begin at 0. */
  readonly seconds: number;
  /** Index among the frames that the decoder shows, from 0. */
  readonly frame: number;
}

/**
 * The presentation times in a list by ffmpeg's `framecrc` muxer, in order: `#tb 0: 1/15360`, then `stream, dts, pts, duration, size, crc`
 * a frame. Read piece by piece: a day of video is hundreds of megabytes of it.
 */
export function* readFrameTimes(path: string): Generator<{ readonly pts: number; readonly timeBase: string }> {
  let timeBase = '';
  for (const line of linesOf(path)) {
    const [, base] = /^#tb 0: (\d+\/\d+)/.exec(line) ?? [];
    if (base !== undefined) {
      timeBase = base;
    } else if (!line.startsWith('#') && line !== '') {
      yield { pts: Number(line.split(',')[2]), timeBase };
    }
  }
}

function* linesOf(path: string): Generator<string> {
  const buffer = Buffer.allocUnsafe(65_536);
  const fd = openSync(path, 'r');
  try {
    let rest = '';
    for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer)) {
      const lines = (rest + buffer.toString('latin1', 0, length)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    yield rest;
  } finally {
    closeSync(fd);
  }
}

/**
 * Pairs the pictures with the frames they are, by the lists of what was kept and of all there were. Throws `Unmet` where a kept time
 * is not among all.
 */
export function pairFrames(keptList: string, allList: string, fileOf: (index: number) => string): readonly FrameTime[] {
  const all = readFrameTimes(allList);
  const pairs: FrameTime[] = [];
  let frame = -1;
  for (const { pts, timeBase } of readFrameTimes(keptList)) {
    let source = all.next();
    frame++;
    while (!source.done && source.value.pts !== pts) {
      source = all.next();
      frame++;
    }
    if (source.done) {
      throw new Unmet(`picture ${pairs.length + 1} has the time ${pts}, which no frame has`);
    }
    const [over = NaN, under = NaN] = timeBase.split('/').map(Number);
    pairs.push({ file: fileOf(pairs.length), pts, timeBase, seconds: (pts * over) / under, frame });
  }
  return pairs;
}

export function frameTimesText(times: readonly FrameTime[], form: 'jsonl' | 'csv'): string {
  const lines =
    form === 'jsonl'
      ? times.map((time) => JSON.stringify(time))
      : [
          'file,pts,timeBase,seconds,frame',
          ...times.map(({ file, pts, timeBase, seconds, frame }) => [file, pts, timeBase, seconds, frame].join(',')),
        ];
  return lines.map((line) => `${line}\n`).join('');
}
