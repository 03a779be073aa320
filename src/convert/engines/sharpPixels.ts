import { readFile, writeFile } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { loadSharp } from '../../media/sharpLibrary.ts';
import { LOADERS } from '../../media/sharpLoaders.ts';
import { FULL_COLOUR, MOST_PIXELS, type PixelWork } from '../imageWork.ts';
import type { SharpBanner } from './sharpProtocol.ts';

export interface SharpPixels {
  readonly banner: SharpBanner;
  /** Writes the output and gives the decoder's complaints: none unless `salvage`, without which a complaint is thrown. */
  convert(work: PixelWork, salvage: boolean): Promise<{ readonly complaints: readonly string[] }>;
}

/** Loads sharp, native library and all. Rejects where it is not there or does not fit this machine. */
export async function openSharpPixels(): Promise<SharpPixels> {
  const sharp = await loadSharp();

  function encode(bytes: Buffer, work: PixelWork, failOn: 'warning' | 'none'): Promise<Buffer> {
    const image = sharp(bytes, { failOn, limitInputPixels: MOST_PIXELS, sequentialRead: true, pages: 1 });
    return draw(image, work).toBuffer();
  }

  return {
    banner: {
      sharp: sharp.versions.sharp ?? '',
      vips: sharp.versions.vips,
      formats: Object.entries(sharp.format as unknown as Readonly<Record<string, { readonly input: { readonly buffer: boolean } }>>)
        .filter(([, format]) => format.input.buffer)
        .map(([name]) => name)
        .sort(),
    },

    async convert(work, salvage) {
      // Read here rather than by libvips, which takes a trailing `[…]` in a name for options.
      const bytes = await readFile(work.source.path);
      const { format } = await sharp(bytes, { failOn: 'none', limitInputPixels: MOST_PIXELS }).metadata();
      if (format !== LOADERS[work.source.container]?.format) {
        throw new Error(`libvips sees ${format}, not ${work.source.container}`);
      }
      const complaints: string[] = [];
      let encoded: Buffer;
      try {
        encoded = await encode(bytes, work, 'warning');
      } catch (error) {
        if (!salvage) {
          throw error;
        }
        complaints.push(...(error as Error).message.split('\n').slice(0, 5));
        encoded = await encode(bytes, work, 'none');
      }
      await writeFile(work.output, encoded);
      return { complaints };
    },
  };
}

function draw(image: Sharp, work: PixelWork): Sharp {
  const { source, resize, crop } = work;
  const keepProfile = work.colour === 'keep' && source.profile && source.colour !== 'cmyk';
  image.autoOrient();
  if (resize) {
    image.resize({ ...resize, fit: 'fill', kernel: 'lanczos3' });
  }
  if (crop) {
    const whole = resize ?? upright(source);
    image.extract({
      ...crop,
      left: Math.floor((whole.width - crop.width) / 2),
      top: Math.floor((whole.height - crop.height) / 2),
    });
  }
  if (work.background !== undefined) {
    image.flatten({ background: work.background });
  }
  image.toColourspace(outputSpace(work));
  if (keepProfile) {
    image.keepIccProfile();
  }
  if (work.metadata === 'keep') {
    image.keepExif().keepXmp();
  }
  return write(image, work);
}

function upright({ width, height, orientation }: PixelWork['source']): { readonly width: number; readonly height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** sharp makes 8-bit sRGB of everything unless told otherwise. */
function outputSpace({ source, format }: PixelWork): 'srgb' | 'b-w' | 'rgb16' | 'grey16' {
  const deep = source.sixteenBit && format === 'png';
  if (source.colour === 'gray') {
    return deep ? 'grey16' : 'b-w';
  }
  return deep ? 'rgb16' : 'srgb';
}

function write(image: Sharp, work: PixelWork): Sharp {
  switch (work.format) {
    case 'jpeg':
      return image.jpeg({ quality: work.quality, chromaSubsampling: work.quality < FULL_COLOUR ? '4:2:0' : '4:4:4' });
    case 'webp':
      return image.webp(work.lossless ? { lossless: true, exact: true } : { quality: work.quality });
    case 'png':
      // A photo comes out a third smaller, for half as much time again.
      return image.png({ palette: false, adaptiveFiltering: true });
  }
}
