import type { Media } from '../../../media/media.ts';
import type { PixelSize } from '../../imageWork.ts';
import { exactly, type Expectation } from '../../preset.ts';
import { scaleTo, toneMap } from './filters.ts';
import type { HdrChoice } from './options.ts';
import { fitSide, knownSize } from './source.ts';

export type PictureFormat = 'jpeg' | 'png' | 'webp';

export interface PictureWish {
  readonly format: PictureFormat;
  readonly quality: number;
  readonly hdr: HdrChoice;
}

export const EXTENSIONS: Readonly<Record<PictureFormat, string>> = { jpeg: 'jpg', png: 'png', webp: 'webp' };

export function fittedSize(media: Media, edge: number | 'keep'): PixelSize {
  const size = knownSize(media);
  return edge === 'keep' ? size : (fitSide(size, 'long', edge, false) ?? size);
}

/**
 * The filters that make a picture of this size out of a frame. JPEG and WebP are read as BT.601 whatever the video was in, so that
 * its matrix is converted: without it, red of HD video comes out as rgb(231, 0, 1).
 */
export function pictureFilters(media: Media, { format, hdr }: PictureWish, size: PixelSize): readonly string[] {
  const scale = {
    jpeg: [scaleTo(size, ':out_color_matrix=bt601:out_range=full'), 'format=yuvj420p'],
    png: [scaleTo(size), 'format=rgb24'],
    webp: [scaleTo(size, ':out_color_matrix=bt601:out_range=limited'), 'format=yuv420p'],
  }[format];
  return [...toneMap(media, hdr), ...scale];
}

export function pictureCodec({ format, quality }: PictureWish): readonly string[] {
  switch (format) {
    case 'jpeg':
      return ['-c:v', 'mjpeg', '-qmin', '1', '-q:v', String(jpegScale(quality))];
    case 'png':
      return ['-c:v', 'png', '-pred', 'mixed'];
    case 'webp':
      return ['-c:v', 'libwebp', '-quality', String(quality)];
  }
}

/** ffmpeg's scale of quantisation, 1 to 31, where 8 is the plain table, for libjpeg's quality of 1 to 100, where 50 is. */
function jpegScale(quality: number): number {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return Math.min(31, Math.max(1, Math.round(percent / 12.5)));
}

export function pictureNeeds(format: PictureFormat): readonly string[] {
  return format === 'webp' ? ['libwebp'] : [];
}

export function expectPicture(format: PictureFormat, { width, height }: PixelSize): Expectation {
  return { container: [format], image: { width: exactly(width), height: exactly(height), orientation: 1, frames: exactly(1) } };
}
