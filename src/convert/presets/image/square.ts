import type { Media } from '../../../media/media.ts';
import type { PixelSize } from '../../imageWork.ts';
import { definePreset } from '../../preset.ts';
import { background, colour, enlarge, format, metadata, quality, type Background, type FormatChoice } from './options.ts';
import { chosenFormat, expectPixels, outputOf, pixelMethods, type PixelWish } from './pixels.ts';
import { refuseImage, uprightSize } from './source.ts';

interface SquareOptions {
  readonly size: number;
  readonly enlarge: boolean;
  readonly format: FormatChoice;
  readonly quality: number;
  readonly colour: 'srgb' | 'keep';
  readonly background: Background;
  readonly metadata: 'strip' | 'keep';
}

/**
 * The size to resample to, so that the short edge is the square's, and the square's edge itself: `size`, or the short edge of
 * a picture that is smaller and must not be enlarged.
 */
export function squareSize(whole: PixelSize, size: number, mayEnlarge: boolean): { readonly resize?: PixelSize; readonly edge: number } {
  const short = Math.min(whole.width, whole.height);
  if (short === size || (short < size && !mayEnlarge)) {
    return { edge: short };
  }
  const scaled = (side: number): number => Math.max(size, Math.round((side * size) / short));
  return { resize: { width: scaled(whole.width), height: scaled(whole.height) }, edge: size };
}

function wish(media: Media, options: SquareOptions): PixelWish {
  const whole = uprightSize(media);
  const { resize, edge } = squareSize(whole, options.size, options.enlarge);
  const smaller = edge < options.size;
  return {
    ...options,
    format: chosenFormat(media, options.format),
    ...(resize && { resize }),
    crop: { width: edge, height: edge },
    ...(smaller && { notes: [`the square is ${edge} pixels: the picture has no more`] }),
  };
}

export const imageSquare = definePreset({
  id: 'image.square',
  title: 'Crop to a square',
  summary: 'The middle of each picture as a square of a given size, upright.',
  kinds: ['image'],
  options: {
    size: {
      type: 'integer',
      title: 'Size',
      description: 'Pixels of each side.',
      default: 512,
      min: 1,
      max: 16_383,
      unit: 'px',
    },
    enlarge,
    format,
    quality,
    colour,
    background,
    metadata,
  },
  revision: 1,
  refuse: refuseImage,
  methods: pixelMethods(wish),
  output: (media, options) => outputOf(chosenFormat(media, options.format)),
  expect: expectPixels(wish),
});
