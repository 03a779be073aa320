import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import type { PixelSize } from '../../imageWork.ts';
import type { FfmpegCall } from '../../mediaWork.ts';
import { definePreset, type Task } from '../../preset.ts';
import { BITEXACT, hdrNeeds, refuseHdr } from './filters.ts';
import { hdr, pictureFormat, pictureQuality } from './options.ts';
import { EXTENSIONS, expectPicture, pictureCodec, pictureFilters, type PictureWish } from './pictures.ts';
import { FIRST_VIDEO, isEmptyFile, knownSize, refuseVideo, sourceOf, videoSeconds } from './source.ts';

interface SheetOptions extends PictureWish {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly gap: number;
  readonly decode: 'all' | 'keyFrames';
}

/** Pixels that a JPEG can be wide or high. */
const LONGEST_SIDE = 65_500;

/** Even sides, so that frames in 4:2:0 can be laid side by side. */
function cellSize(media: Media, options: SheetOptions): PixelSize {
  const size = knownSize(media);
  const even = (length: number): number => Math.max(2, 2 * Math.round(length / 2));
  return { width: even(options.width), height: even((size.height * options.width) / size.width) };
}

function sheetSize(media: Media, options: SheetOptions): PixelSize {
  const { columns, rows, gap } = options;
  const cell = cellSize(media, options);
  return { width: columns * (cell.width + gap) - gap, height: rows * (cell.height + gap) - gap };
}

function refuse(media: Media, options: SheetOptions): string | undefined {
  const refusal = refuseVideo(media) ?? refuseHdr(media, options.hdr);
  if (refusal !== undefined) {
    return refusal;
  }
  if (known(media.duration) === undefined) {
    return 'its length is not known, by which the frames are spread';
  }
  const { width, height } = sheetSize(media, options);
  return Math.max(width, height) > LONGEST_SIDE ? `the sheet would be ${width} x ${height} pixels` : undefined;
}

/**
 * For each cell the frame shown in the middle of its share of the length. The mean frame rate tells when a frame is followed by the
 * next; where it is not known, and of key frames, the first of each share is taken.
 */
function selection(media: Media, { columns, rows }: SheetOptions, place: 'middle' | 'begin'): string {
  const share = (videoSeconds(media) ?? known(media.duration) ?? 0) / (columns * rows);
  const rate = known(media.video?.frameRate);
  const from = place === 'begin' || rate === undefined ? `selected_n*${share}` : `(selected_n+0.5)*${share}-${1 / rate}`;
  return `select='gte(t-start_t+0.000001,${from})'`;
}

function call({ media, options, output, threads }: Task<SheetOptions>, place: 'middle' | 'begin'): FfmpegCall {
  const seconds = known(media.duration);
  const filters = [
    selection(media, options, place),
    ...pictureFilters(media, options, cellSize(media, options)),
    `tile=${options.columns}x${options.rows}:padding=${options.gap}:color=black`,
  ];
  return {
    engine: 'ffmpeg',
    groupable: false,
    ...(seconds !== undefined && { seconds }),
    source: sourceOf(media),
    inputOptions: options.decode === 'keyFrames' ? ['-skip_frame', 'nokey'] : [],
    map: [FIRST_VIDEO],
    outputOptions: [
      '-vf', filters.join(','),
      '-frames:v', '1', ...pictureCodec(options), ...BITEXACT, '-f', 'image2pipe',
    ],
    output,
    threads,
  };
}

export const videoContactSheet = definePreset({
  id: 'video.contact-sheet',
  title: 'Contact sheet',
  summary: 'One picture of frames in a grid, spread evenly over the length: what is in the video at a glance.',
  kinds: ['video'],
  options: {
    columns: { type: 'integer', title: 'Columns', description: 'Frames side by side.', default: 4, min: 1, max: 40 },
    rows: { type: 'integer', title: 'Rows', description: 'Frames one below the other.', default: 4, min: 1, max: 40 },
    width: { type: 'integer', title: 'Width of a frame', description: 'The height follows.', default: 320, min: 16, max: 3840, unit: 'px' },
    gap: { type: 'integer', title: 'Gap', description: 'Between frames, black.', default: 4, min: 0, max: 64, unit: 'px' },
    decode: {
      type: 'choice',
      title: 'Decode',
      description: 'Key frames alone are much quicker, less evenly spread, and may be too few to fill the sheet.',
      default: 'all',
      choices: [
        { value: 'all', title: 'Every frame' },
        { value: 'keyFrames', title: 'Key frames alone' },
      ],
    },
    format: pictureFormat,
    quality: pictureQuality,
    hdr,
  },
  revision: 1,
  refuse,
  methods: [
    {
      engine: 'ffmpeg',
      needs: (options) => hdrNeeds(options.hdr),
      *convert(task) {
        yield call(task, task.options.decode === 'all' ? 'middle' : 'begin');
        // A video may stand still from early on, and have no frame as late as the first middle.
        if (isEmptyFile(task.output)) {
          yield call(task, 'begin');
        }
        return {};
      },
    },
  ],
  output: (_, options) => ({ kind: 'file', extension: EXTENSIONS[options.format] }),
  expect: (media, options) => expectPicture(options.format, sheetSize(media, options)),
});
