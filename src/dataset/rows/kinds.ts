import type { ShownKind } from '../webview/rows/protocol.ts';

/** What a path is taken for by its extension, before anybody looks into it. */
export const KINDS: Readonly<Record<string, ShownKind>> = Object.fromEntries(
  (
    [
      ['image', 'jpg jpeg png gif webp tif tiff bmp avif heic heif jxl ppm pgm pbm pnm'],
      ['audio', 'wav mp3 flac ogg opus m4a aac aiff aif au sph wma amr'],
      ['video', 'mp4 mkv webm mov avi m4v mpg mpeg ts'],
      ['other', 'npy npz pt safetensors h5 hdf5 mcap bag bin pcd ply'],
    ] as const
  ).flatMap(([kind, extensions]) => extensions.split(' ').map((extension) => [`.${extension}`, kind])),
);
