import type { Media } from '../../../media/media.ts';
import { definePreset } from '../../preset.ts';
import { colour, metadata, quality } from './options.ts';
import { expectPixels, outputOf, pixelMethods, type PixelWish } from './pixels.ts';
import { refuseImage, uprightSize } from './source.ts';

interface WebpOptions {
  readonly quality: number;
  readonly lossless: boolean;
  readonly colour: 'srgb' | 'keep';
  readonly metadata: 'strip' | 'keep';
}

/** Pixels of a side: 14 bits, WebP container specification, "Extended File Format". */
const LONGEST_SIDE = 16_383;

function wish(_media: unknown, options: WebpOptions): PixelWish {
  return { ...options, format: 'webp', background: 'white' };
}

function refuse(media: Media): string | undefined {
  const refused = refuseImage(media);
  if (refused !== undefined) {
    return refused;
  }
  const { width, height } = uprightSize(media);
  return Math.max(width, height) > LONGEST_SIDE ? `WebP holds at most ${LONGEST_SIDE} pixels a side` : undefined;
}

export const imageWebp = definePreset({
  id: 'image.webp',
  title: 'Convert to WebP',
  summary: 'Upright WebP of the same size, lossy or lossless; transparency stays.',
  kinds: ['image'],
  options: {
    quality,
    lossless: {
      type: 'switch',
      title: 'Lossless',
      description: 'Keep every sample as it is; Quality is not used.',
      default: false,
    },
    colour,
    metadata,
  },
  revision: 1,
  refuse,
  methods: pixelMethods(wish),
  output: () => outputOf('webp'),
  expect: expectPixels(wish),
});
