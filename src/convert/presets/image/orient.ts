import type { Media } from '../../../media/media.ts';
import { definePreset, SkipItem } from '../../preset.ts';
import { colour, metadata, quality } from './options.ts';
import { chosenFormat, expectPixels, outputOf, pixelMethods, type PixelWish } from './pixels.ts';
import { orientationOf, refuseImage } from './source.ts';

interface OrientOptions {
  readonly quality: number;
  readonly colour: 'srgb' | 'keep';
  readonly metadata: 'strip' | 'keep';
}

function wish(media: Media, options: OrientOptions): PixelWish {
  const format = chosenFormat(media, 'keep');
  return {
    ...options,
    format,
    background: 'white',
    ...(format !== 'png' && {
      notes: [
        `pixels were encoded again at quality ${options.quality}: neither engine can turn ${format === 'jpeg' ? 'JPEG' : 'WebP'} without it`,
      ],
    }),
  };
}

export const imageOrient = definePreset({
  id: 'image.orient',
  title: 'Auto-orient',
  summary: 'Turns pictures as their EXIF orientation says, so that programs which ignore it see them upright.',
  kinds: ['image'],
  options: {
    quality: { ...quality, default: 95 },
    colour: { ...colour, default: 'keep' },
    metadata: { ...metadata, default: 'keep' },
  },
  revision: 1,
  refuse: refuseImage,
  methods: pixelMethods(wish, ({ media }) => {
    if (orientationOf(media) === 1) {
      throw new SkipItem('it is upright as stored');
    }
  }),
  output: (media) => outputOf(chosenFormat(media, 'keep')),
  expect: expectPixels(wish),
});
