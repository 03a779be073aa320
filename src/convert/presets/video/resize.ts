import type { Media } from '../../../media/media.ts';
import type { PixelSize } from '../../imageWork.ts';
import { definePreset } from '../../preset.ts';
import { expectMovie, movieCall, movieNeeds, movieSize, refuseMovie } from './movie.ts';
import { audio, audioBitrate, crf, enlarge, hdr, metadata, speed } from './options.ts';
import { evenFit, knownSize, type Side } from './source.ts';

interface ResizeOptions {
  readonly side: Side;
  readonly size: number;
  readonly enlarge: boolean;
}

function scaledSize(media: Media, { side, size, enlarge: mayEnlarge }: ResizeOptions): PixelSize | undefined {
  return evenFit(knownSize(media), side, size, mayEnlarge);
}

export const videoResize = definePreset({
  id: 'video.resize',
  title: 'Resize video',
  summary: 'H.264 at the height or long edge asked for, proportions kept, audio as it is where MP4 can hold it.',
  kinds: ['video'],
  options: {
    side: {
      type: 'choice',
      title: 'Side',
      description: 'Which side is given; the other follows. Sides come out even.',
      default: 'height',
      choices: [
        { value: 'height', title: 'Height' },
        { value: 'width', title: 'Width' },
        { value: 'long', title: 'Longer side' },
      ],
    },
    size: {
      type: 'integer',
      title: 'Pixels',
      description: 'Of that side, of the upright picture.',
      default: 480,
      min: 16,
      max: 8192,
      unit: 'px',
    },
    enlarge,
    crf,
    speed,
    audio: { ...audio, default: 'auto' },
    audioBitrate,
    hdr,
    metadata,
  },
  revision: 1,
  refuse: refuseMovie,
  methods: [
    {
      engine: 'ffmpeg',
      needs: movieNeeds,
      *convert(task) {
        yield movieCall(task, scaledSize(task.media, task.options));
        return {};
      },
    },
  ],
  output: () => ({ kind: 'file', extension: 'mp4' }),
  expect: (media, options) => expectMovie(media, options, movieSize(media, scaledSize(media, options))),
});
