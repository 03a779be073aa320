import { definePreset } from '../../preset.ts';
import { background, colour, metadata, quality, type Background } from './options.ts';
import { expectPixels, outputOf, pixelMethods, type PixelWish } from './pixels.ts';
import { refuseImage } from './source.ts';

interface JpegOptions {
  readonly quality: number;
  readonly background: Background;
  readonly colour: 'srgb' | 'keep';
  readonly metadata: 'strip' | 'keep';
}

function wish(_media: unknown, options: JpegOptions): PixelWish {
  return { ...options, format: 'jpeg' };
}

export const imageJpeg = definePreset({
  id: 'image.jpeg',
  title: 'Convert to JPEG',
  summary: 'Upright JPEG of the same size; transparency is laid on a background.',
  kinds: ['image'],
  options: { quality, background, colour, metadata },
  revision: 1,
  refuse: refuseImage,
  methods: pixelMethods(wish),
  output: () => outputOf('jpeg'),
  expect: expectPixels(wish),
});
