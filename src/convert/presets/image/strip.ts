import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import type { Call } from '../../engine.ts';
import type { SharpCall } from '../../imageWork.ts';
import { definePreset, exactly, type Expectation } from '../../preset.ts';
import { orientationOf } from './source.ts';

interface StripOptions {
  readonly profile: boolean;
  readonly orientation: boolean;
}

const EXTENSIONS = { jpeg: 'jpg', png: 'png', webp: 'webp' } as const;

function extensionOf(media: Media): string | undefined {
  return (EXTENSIONS as Readonly<Record<string, string>>)[media.container];
}

function expect(media: Media, options: StripOptions): Expectation {
  const width = known(media.image?.width);
  const height = known(media.image?.height);
  const frames = known(media.image?.frames);
  return {
    container: [media.container],
    image: {
      ...(width !== undefined && { width: exactly(width) }),
      ...(height !== undefined && { height: exactly(height) }),
      orientation: options.orientation ? orientationOf(media) : 1,
      ...(frames !== undefined && { frames: exactly(frames) }),
    },
  };
}

/**
 * Only the worker of the sharp engine does this, in code of ours: ImageMagick and libvips would decode and encode again. The
 * pixels are not turned, so an orientation other than 1 is kept in a minimal EXIF block unless the person drops it, told so.
 */
export const imageStrip = definePreset({
  id: 'image.strip',
  title: 'Strip metadata',
  summary: 'Takes EXIF, XMP, comments and thumbnails out of JPEG, PNG and WebP; the coded pixels stay as they are, byte for byte.',
  kinds: ['image'],
  options: {
    profile: {
      type: 'switch',
      title: 'Keep the ICC profile',
      description: 'Without it the colours of pictures that are not sRGB shift.',
      default: true,
    },
    orientation: {
      type: 'switch',
      title: 'Keep the orientation',
      description: 'In an EXIF block that holds nothing else. Without it pictures that were taken sideways lie sideways.',
      default: true,
    },
  },
  revision: 1,
  refuse: (media) => (extensionOf(media) === undefined ? `${media.container} cannot be stripped without touching pixels` : undefined),
  methods: [
    {
      engine: 'sharp',
      *convert({ input, media, options, output }) {
        const call: SharpCall = {
          engine: 'sharp',
          groupable: true,
          work: {
            kind: 'strip',
            input,
            container: media.container,
            output,
            keepProfile: options.profile,
            keepOrientation: options.orientation,
          },
        };
        yield call satisfies Call;
        const orientation = orientationOf(media);
        if (orientation === 1) {
          return {};
        }
        return {
          notes: [
            options.orientation
              ? `orientation ${orientation} was kept: the pixels are not upright as stored`
              : `orientation ${orientation} was dropped: the picture is no longer shown upright`,
          ],
        };
      },
    },
  ],
  output: (media) => ({ kind: 'file', extension: extensionOf(media) ?? media.container }),
  expect,
});
