import type { Container } from '../../media/media.ts';

/** What a file of this extension is, and how each tool is told to write it. */
export interface Target {
  readonly containers: readonly Container[];
  /** ffmpeg's output options. */
  readonly ffmpeg?: readonly string[];
  /** sox's `-t`. */
  readonly sox?: string;
  /** ImageMagick's format prefix. */
  readonly imagemagick?: string;
}

const muxer = (name: string): readonly string[] => ['-f', name];
/** `image2pipe` takes names literally, `image2` patterns. */
const onePicture = (codec: string): readonly string[] => ['-frames:v', '1', '-c:v', codec, '-f', 'image2pipe'];

/**
 * Temporary names have no extension that a tool could go by, so that each format is named outright. Muxers as in
 * `ffmpeg -muxers`, types as in `sox --help-format all`.
 */
export const TARGETS: Readonly<Record<string, Target>> = {
  wav: { containers: ['wav'], ffmpeg: muxer('wav'), sox: 'wav' },
  aiff: { containers: ['aiff'], ffmpeg: muxer('aiff'), sox: 'aiff' },
  au: { containers: ['au'], ffmpeg: muxer('au'), sox: 'au' },
  flac: { containers: ['flac'], ffmpeg: muxer('flac'), sox: 'flac' },
  mp3: { containers: ['mp3'], ffmpeg: muxer('mp3'), sox: 'mp3' },
  ogg: { containers: ['ogg'], ffmpeg: muxer('ogg'), sox: 'ogg' },
  opus: { containers: ['ogg'], ffmpeg: muxer('ogg') },
  aac: { containers: ['adts'], ffmpeg: muxer('adts') },
  m4a: { containers: ['mp4'], ffmpeg: muxer('ipod') },
  mp4: { containers: ['mp4'], ffmpeg: muxer('mp4') },
  mov: { containers: ['mov'], ffmpeg: muxer('mov') },
  mkv: { containers: ['matroska'], ffmpeg: muxer('matroska') },
  webm: { containers: ['webm'], ffmpeg: muxer('webm') },
  gif: { containers: ['gif'], ffmpeg: muxer('gif'), imagemagick: 'gif' },
  jpg: { containers: ['jpeg'], ffmpeg: onePicture('mjpeg'), imagemagick: 'jpeg' },
  jpeg: { containers: ['jpeg'], ffmpeg: onePicture('mjpeg'), imagemagick: 'jpeg' },
  png: { containers: ['png'], ffmpeg: onePicture('png'), imagemagick: 'png' },
  webp: { containers: ['webp'], ffmpeg: onePicture('libwebp'), imagemagick: 'webp' },
  tiff: { containers: ['tiff'], ffmpeg: onePicture('tiff'), imagemagick: 'tiff' },
  bmp: { containers: ['bmp'], ffmpeg: onePicture('bmp'), imagemagick: 'bmp' },
};

/** sox's input type by what the bytes are; a file of another container is not given to sox. */
export const SOX_INPUTS: Readonly<Partial<Record<Container, string>>> = {
  wav: 'wav',
  aiff: 'aiff',
  au: 'au',
  flac: 'flac',
  mp3: 'mp3',
  ogg: 'ogg',
};
