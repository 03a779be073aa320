import { known } from '../../../base/absent.ts';
import type { Container, Media } from '../../../media/media.ts';
import type { FfmpegCall } from '../../mediaWork.ts';
import { definePreset, near, type Expectation, type OutputShape, type Task } from '../../preset.ts';
import { BITEXACT, metadataArgs } from './filters.ts';
import { audioWay, expectMovie, movieCall, movieNeeds, movieSize, refuseMovie, type MovieOptions } from './movie.ts';
import { audio, audioBitrate, crf, hdr, metadata, speed } from './options.ts';
import { seekTo } from './seek.ts';
import { FIRST_AUDIO, FIRST_VIDEO, refuseVideo, slack, sourceOf } from './source.ts';

interface CutOptions extends MovieOptions {
  readonly start: number;
  readonly duration: number;
  readonly end: number;
  readonly mode: 'exact' | 'keyFrames';
}

/** Seconds between key frames that are not uncommon: by so much more a cut at key frames may hold. */
const LONGEST_GROUP = 30;

interface Target {
  readonly extension: string;
  readonly muxer: readonly string[];
}

const mp4 = (extension: string, muxer: string): Target => ({
  extension,
  muxer: ['-movflags', '+faststart', '-f', muxer],
});

/** What a cut without re-encoding is written as: the input's own container. */
const COPIES: Readonly<Partial<Record<Container, Target>>> = {
  mp4: mp4('mp4', 'mp4'),
  mov: mp4('mov', 'mov'),
  matroska: { extension: 'mkv', muxer: ['-f', 'matroska'] },
  webm: { extension: 'webm', muxer: ['-f', 'webm'] },
};

/** Seconds to stop after; undefined for an open end. An end counts before a duration. */
function limit({ start, duration, end }: CutOptions): number | undefined {
  return end > 0 ? end - start : duration > 0 ? duration : undefined;
}

/** Seconds that are asked for, as far as the input has them; undefined for an open end that is not known. */
function span(media: Media, options: CutOptions): number | undefined {
  const seconds = Math.min((known(media.duration) ?? Infinity) - options.start, limit(options) ?? Infinity);
  return Number.isFinite(seconds) ? seconds : undefined;
}

function refuse(media: Media, options: CutOptions): string | undefined {
  const { start, end, mode } = options;
  const refusal = mode === 'exact' ? refuseMovie(media, options) : refuseVideo(media);
  const length = known(media.duration);
  if (refusal !== undefined) {
    return refusal;
  }
  if (mode === 'keyFrames' && COPIES[media.container] === undefined) {
    return `${media.container} files are not cut at key frames: choose the exact mode`;
  }
  if (end > 0 && end <= start) {
    return 'the end lies before the start';
  }
  return length !== undefined && start >= length ? `it is only ${Number(length.toFixed(3))} s long` : undefined;
}

function exactCall(task: Task<CutOptions>): FfmpegCall {
  const { media, options } = task;
  const seconds = span(media, options);
  const seek = seekTo(media.container, options.start, limit(options));
  const { frames: _, seconds: __, ...whole } = movieCall(task);
  return {
    ...whole,
    ...(seconds !== undefined && { seconds }),
    inputOptions: seek.inputOptions,
    outputOptions: [...seek.outputOptions, ...whole.outputOptions],
  };
}

function copyCall({ media, options, output, threads }: Task<CutOptions>): FfmpegCall {
  const seconds = span(media, options);
  const seek = seekTo(media.container, options.start, limit(options));
  return {
    engine: 'ffmpeg',
    groupable: true,
    ...(seconds !== undefined && { seconds }),
    source: sourceOf(media),
    inputOptions: seek.inputOptions,
    map: [FIRST_VIDEO, ...(copiesAudio(media, options) ? [FIRST_AUDIO] : [])],
    outputOptions: [
      // Frames before the place asked for are not hidden by an edit list, which some readers heed and others do not.
      '-c', 'copy', '-avoid_negative_ts', 'make_zero',
      ...metadataArgs(options.metadata), ...BITEXACT, ...(COPIES[media.container]?.muxer ?? []),
    ],
    output,
    threads,
  };
}

function copiesAudio(media: Media, options: CutOptions): boolean {
  return media.audio !== undefined && options.audio !== 'none';
}

function shape({ container }: Media, { mode }: CutOptions): OutputShape {
  return { kind: 'file', extension: mode === 'exact' ? 'mp4' : (COPIES[container]?.extension ?? 'mkv') };
}

function expect(media: Media, options: CutOptions): Expectation {
  const seconds = span(media, options);
  if (options.mode === 'exact') {
    const sound = audioWay(media, options.audio) === 'none' ? 0 : 0.1;
    const off = slack(media) + sound;
    return expectMovie(media, options, movieSize(media, undefined), {
      duration: seconds === undefined ? { min: 0.001, max: Infinity } : near(seconds, off),
    });
  }
  const codec = known(media.video?.codec);
  const min = seconds === undefined ? 0.001 : Math.max(0.001, seconds - slack(media));
  return {
    container: [media.container],
    duration: { min, max: seconds === undefined ? Infinity : seconds + slack(media) + LONGEST_GROUP },
    video: codec === undefined ? {} : { codec },
    ...(copiesAudio(media, options) && { audio: {} }),
  };
}

export const videoCut = definePreset({
  id: 'video.cut',
  title: 'Cut by time',
  summary: 'A part of each video: exact to the frame and re-encoded, or copied at key frames in no time.',
  kinds: ['video'],
  options: {
    start: { type: 'number', title: 'Start', description: 'From the beginning.', default: 0, min: 0, max: 1_000_000, unit: 's' },
    duration: { type: 'number', title: 'Duration', description: '0: to the end.', default: 10, min: 0, max: 1_000_000, unit: 's' },
    end: {
      type: 'number',
      title: 'End',
      description: 'Where it is not 0, it counts instead of the duration.',
      default: 0,
      min: 0,
      max: 1_000_000,
      unit: 's',
    },
    mode: {
      type: 'choice',
      title: 'Cut',
      description: 'At key frames nothing is decoded and the quality stays, but the cut begins at the key frame before the start.',
      default: 'exact',
      choices: [
        { value: 'exact', title: 'To the frame, re-encoded to H.264' },
        { value: 'keyFrames', title: 'At key frames, copied as it is' },
      ],
    },
    crf: { ...crf, default: 18 },
    speed,
    audio,
    audioBitrate,
    hdr,
    metadata,
  },
  revision: 1,
  refuse,
  methods: [
    {
      engine: 'ffmpeg',
      needs: (options) => (options.mode === 'exact' ? movieNeeds(options) : []),
      *convert(task) {
        const { options } = task;
        yield options.mode === 'exact' ? exactCall(task) : copyCall(task);
        const isElsewhere = options.mode === 'keyFrames' && options.start > 0;
        return isElsewhere ? { notes: [`begins at the key frame at or before ${options.start} s`] } : {};
      },
    },
  ],
  output: shape,
  expect,
});
