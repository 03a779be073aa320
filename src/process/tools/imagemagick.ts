import type { ToolDescriptor } from '../toolDescriptor.ts';

/**
 * Version 7 is `magick`, version 6 `convert`. The delegates (libraries) that it is built with are the features, and those of
 * its `Features:` line (`hdri`, `openmp`).
 */
export const imagemagick: ToolDescriptor = {
  id: 'imagemagick',
  title: 'ImageMagick',
  purpose: 'media',
  executables: [{ name: 'magick' }, { name: 'convert', ambiguous: true }],
  bannerArgs: ['-version'],
  identify(said) {
    const version = /^Version: ImageMagick (\d+\.\S+)/m.exec(said)?.[1];
    if (version === undefined) {
      return undefined;
    }
    const lists = [...said.matchAll(/^(?:Delegates|Features)\b[^:]*:(.*)$/gm)].map(([, list = '']) => list);
    const features = lists
      .flatMap((list) =>
        list
          .toLowerCase()
          .replace(/\([^)]*\)/g, '')
          .split(/\s+/),
      )
      .filter((word) => word !== '');
    return { version, banner: said.trim(), features: new Set(features) };
  },
  wanted: ['jpeg', 'png', 'webp', 'tiff', 'heic', 'lcms'],
  packages: {
    debian: 'imagemagick',
    fedora: 'ImageMagick',
    rhel: 'ImageMagick',
    arch: 'imagemagick',
    suse: 'ImageMagick',
    alpine: 'imagemagick',
    conda: 'imagemagick',
  },
};
