import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import type { FfmpegCall } from '../../mediaWork.ts';
import { definePreset, Unmet, type Range, type Task } from '../../preset.ts';
import { BITEXACT, frameTiming, hdrNeeds, refuseHdr } from './filters.ts';
import { frameTimesText, pairFrames } from './frameTimes.ts';
import { hdr, pictureEdge, pictureFormat, pictureQuality, type HdrChoice } from './options.ts';
import { EXTENSIONS, expectPicture, fittedSize, pictureCodec, pictureFilters } from './pictures.ts';
import { FIRST_VIDEO, refuseVideo, sourceOf } from './source.ts';

interface FramesOptions {
  readonly pick: 'rate' | 'every';
  readonly rate: number;
  readonly every: number;
  readonly format: 'jpeg' | 'png';
  readonly quality: number;
  readonly edge: number | 'keep';
  readonly hdr: HdrChoice;
  readonly sidecar: 'jsonl' | 'csv';
}

/** Lists that ffmpeg writes beside the pictures, read and removed before anybody sees the folder. */
const KEPT = '.kept.framecrc';
const ALL = '.all.framecrc';

/**
 * By rate: the first frame of each slot of 1/rate seconds, counted from the first frame. Slots are not measured from the frame kept
 * before, so that 25 a second of 30 are 25 and not 15; no frame is written twice where the video has fewer.
 */
function selection({ pick, rate, every }: FramesOptions): string {
  const slot = (time: string): string => `floor((${time}-start_t)*${rate}+0.000001)`;
  return pick === 'every' ? `select='not(mod(n,${every}))'` : `select='isnan(prev_selected_t)+gt(${slot('t')},${slot('prev_selected_t')})'`;
}

function call({ media, options, output: folder, threads, tool }: Task<FramesOptions>): FfmpegCall {
  const select = selection(options);
  const timed = [...frameTiming(tool, 'passthrough'), '-c:v', 'wrapped_avframe', '-f', 'framecrc'];
  const seconds = known(media.duration);
  return {
    engine: 'ffmpeg',
    groupable: false,
    ...(seconds !== undefined && { seconds }),
    source: sourceOf(media),
    // Times as stored: ffmpeg would move the first to 0.
    inputOptions: ['-copyts'],
    map: [FIRST_VIDEO],
    outputOptions: [
      '-vf', [select, ...pictureFilters(media, options, fittedSize(media, options.edge))].join(','),
      ...frameTiming(tool, 'passthrough'), ...pictureCodec(options), ...BITEXACT, '-f', 'image2',
    ],
    output: { folder, pattern: `%06d.${EXTENSIONS[options.format]}` },
    also: [
      { map: [FIRST_VIDEO], outputOptions: ['-vf', select, ...timed], output: join(folder, KEPT) },
      { map: [FIRST_VIDEO], outputOptions: timed, output: join(folder, ALL) },
    ],
    threads,
  };
}

/** At least one; at most what the counted packets and the seconds allow. */
function fileRange(media: Media, { pick, rate, every }: FramesOptions): Range {
  const frames = known(media.video?.frames) ?? Infinity;
  const seconds = known(media.duration) ?? Infinity;
  return { min: 1, max: pick === 'every' ? Math.ceil((frames + 2) / every) : Math.min(frames, Math.ceil(seconds * rate)) + 2 };
}

export const videoFrames = definePreset({
  id: 'video.frames',
  title: 'Extract frames',
  summary: 'A folder of pictures, so many a second or every Nth frame, with a list of the true time of each.',
  kinds: ['video'],
  options: {
    pick: {
      type: 'choice',
      title: 'Pick',
      description: 'Which frames are written.',
      default: 'rate',
      choices: [
        { value: 'rate', title: 'So many a second' },
        { value: 'every', title: 'Every Nth frame' },
      ],
    },
    rate: {
      type: 'number',
      title: 'Frames a second',
      description: 'The first frame of each slot of that length; none is written twice where the video has fewer.',
      default: 2,
      min: 0.001,
      max: 1000,
      unit: 'fps',
    },
    every: {
      type: 'integer',
      title: 'Every Nth frame',
      description: 'From the first on: 1 is all of them.',
      default: 10,
      min: 1,
      max: 1_000_000,
    },
    format: pictureFormat,
    quality: pictureQuality,
    edge: pictureEdge,
    hdr,
    sidecar: {
      type: 'choice',
      title: 'List of times',
      description: 'A file beside the pictures: file, pts, time base, seconds and the index of the frame.',
      default: 'jsonl',
      choices: [
        { value: 'jsonl', title: 'frames.jsonl' },
        { value: 'csv', title: 'frames.csv' },
      ],
    },
  },
  revision: 1,
  refuse: (media, options) => refuseVideo(media) ?? refuseHdr(media, options.hdr),
  methods: [
    {
      engine: 'ffmpeg',
      needs: (options) => hdrNeeds(options.hdr),
      *convert(task) {
        const { options, output: folder } = task;
        yield call(task);
        const extension = EXTENSIONS[options.format];
        const times = pairFrames(join(folder, KEPT), join(folder, ALL), (index) => `${String(index + 1).padStart(6, '0')}.${extension}`);
        rmSync(join(folder, KEPT));
        rmSync(join(folder, ALL));
        const files = new Set(readdirSync(folder));
        const missing = times.find(({ file }) => !files.has(file));
        if (missing !== undefined || files.size !== times.length) {
          throw new Unmet(`${files.size} pictures were written where ${times.length} frames were picked`);
        }
        return { sidecars: [{ name: `frames.${options.sidecar}`, text: frameTimesText(times, options.sidecar) }] };
      },
    },
  ],
  output: () => ({ kind: 'folder' }),
  expect: (media, options) => ({
    files: fileRange(media, options),
    each: expectPicture(options.format, fittedSize(media, options.edge)),
  }),
});
