import { definePreset } from '../../preset.ts';
import { colour, metadata } from './options.ts';
import { expectPixels, outputOf, pixelMethods, type PixelWish } from './pixels.ts';
import { refuseImage } from './source.ts';

interface PngOptions {
  readonly colour: 'srgb' | 'keep';
  readonly metadata: 'strip' | 'keep';
}

function wish(_media: unknown, options: PngOptions): PixelWish {
  return { ...options, format: 'png', background: 'white', quality: 100 };
}

export const imagePng = definePreset({
  id: 'image.png',
  title: 'Convert to PNG',
  summary: 'Upright PNG of the same size, without loss: 16-bit samples and transparency stay.',
  kinds: ['image'],
  options: { colour, metadata },
  revision: 1,
  refuse: refuseImage,
  methods: pixelMethods(wish),
  output: () => outputOf('png'),
  expect: expectPixels(wish),
});
