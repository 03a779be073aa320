import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import type { FfmpegCall } from '../../mediaWork.ts';
import { definePreset, type Task } from '../../preset.ts';
import { BITEXACT, hdrNeeds, refuseHdr } from './filters.ts';
import { hdr, pictureEdge, pictureFormat, pictureQuality } from './options.ts';
import { EXTENSIONS, expectPicture, fittedSize, pictureCodec, pictureFilters, pictureNeeds, type PictureWish } from './pictures.ts';
import { seekTo } from './seek.ts';
import { FIRST_VIDEO, isEmptyFile, refuseVideo, sourceOf, videoSeconds } from './source.ts';

interface PosterOptions extends PictureWish {
  readonly unit: 'percent' | 'seconds';
  readonly at: number;
  readonly edge: number | 'keep';
}

function refusePlace(media: Media, { unit, at }: PosterOptions): string | undefined {
  const duration = known(media.duration);
  if (unit === 'percent') {
    if (at > 100) {
      return 'there is no place after 100 %';
    }
    return duration === undefined && at > 0 ? 'its length is not known: give the place in seconds' : undefined;
  }
  return duration !== undefined && at > duration ? `it is only ${Number(duration.toFixed(3))} s long` : undefined;
}

/** Seconds from the beginning, early enough for a last frame to follow where that can be told. */
function placeOf(media: Media, { unit, at }: PosterOptions): number {
  const place = unit === 'seconds' ? at : (at / 100) * (known(media.duration) ?? 0);
  const end = videoSeconds(media);
  const rate = known(media.video?.frameRate);
  return end === undefined || rate === undefined ? place : Math.max(0, Math.min(place, end - 1.5 / rate));
}

function call({ media, options, output, threads }: Task<PosterOptions>, way: 'seek' | 'last'): FfmpegCall {
  const seek = seekTo(media.container, way === 'seek' ? placeOf(media, options) : 0);
  return {
    engine: 'ffmpeg',
    groupable: way === 'seek',
    source: sourceOf(media),
    inputOptions: seek.inputOptions,
    map: [FIRST_VIDEO],
    outputOptions: [
      ...seek.outputOptions,
      '-vf', pictureFilters(media, options, fittedSize(media, options.edge)).join(','),
      ...pictureCodec(options), ...BITEXACT,
      // With -update each frame replaces the one before, and the name is literal as well.
      ...(way === 'seek' ? ['-frames:v', '1', '-f', 'image2pipe'] : ['-update', '1', '-f', 'image2']),
    ],
    output,
    threads,
  };
}

export const videoPoster = definePreset({
  id: 'video.poster',
  title: 'Poster frame',
  summary: 'One frame of each video as a picture, upright.',
  kinds: ['video'],
  options: {
    at: {
      type: 'number',
      title: 'Place',
      description: 'Where in the video: the first frame from there on, or the last one where none follows.',
      default: 10,
      min: 0,
      max: 1_000_000,
    },
    unit: {
      type: 'choice',
      title: 'Unit of the place',
      description: 'Whether the place is a share of the length or a time.',
      default: 'percent',
      choices: [
        { value: 'percent', title: 'Percent of the length' },
        { value: 'seconds', title: 'Seconds' },
      ],
    },
    format: { ...pictureFormat, choices: [...pictureFormat.choices, { value: 'webp', title: 'WebP' }] },
    quality: pictureQuality,
    edge: pictureEdge,
    hdr,
  },
  revision: 1,
  refuse: (media, options) => refuseVideo(media) ?? refuseHdr(media, options.hdr) ?? refusePlace(media, options),
  methods: [
    {
      engine: 'ffmpeg',
      needs: (options) => [...pictureNeeds(options.format), ...hdrNeeds(options.hdr)],
      *convert(task) {
        yield call(task, 'seek');
        // Past the last frame ffmpeg ends with exit 0 and nothing written.
        if (isEmptyFile(task.output)) {
          yield call(task, 'last');
          return { notes: ['no frame follows the place: the last one was taken'] };
        }
        return {};
      },
    },
  ],
  output: (_, options) => ({ kind: 'file', extension: EXTENSIONS[options.format] }),
  expect: (media, options) => expectPicture(options.format, fittedSize(media, options.edge)),
});
