import type { Media } from '../../../media/media.ts';
import type { PixelSize } from '../../imageWork.ts';
import { definePreset } from '../../preset.ts';
import { background, colour, enlarge, format, metadata, quality, type Background, type FormatChoice } from './options.ts';
import { chosenFormat, expectPixels, outputOf, pixelMethods, type PixelWish } from './pixels.ts';
import { refuseImage, uprightSize } from './source.ts';

interface FitOptions {
  readonly edge: number;
  readonly enlarge: boolean;
  readonly format: FormatChoice;
  readonly quality: number;
  readonly colour: 'srgb' | 'keep';
  readonly background: Background;
  readonly metadata: 'strip' | 'keep';
}

/** Width and height with the long edge at `edge` pixels; undefined where the picture stays as large as it is. */
export function fitSize({ width, height }: PixelSize, edge: number, mayEnlarge: boolean): PixelSize | undefined {
  const long = Math.max(width, height);
  if (long === edge || (long < edge && !mayEnlarge)) {
    return undefined;
  }
  const scaled = (side: number): number => Math.max(1, Math.round((side * edge) / long));
  return { width: scaled(width), height: scaled(height) };
}

function wish(media: Media, options: FitOptions): PixelWish {
  const resize = fitSize(uprightSize(media), options.edge, options.enlarge);
  return { ...options, format: chosenFormat(media, options.format), ...(resize && { resize }) };
}

export const imageFit = definePreset({
  id: 'image.fit',
  title: 'Fit the long edge',
  summary: 'Upright pictures whose longer side has at most the pixels asked for, proportions kept.',
  kinds: ['image'],
  options: {
    edge: {
      type: 'integer',
      title: 'Long edge',
      description: 'Pixels of the longer side.',
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
