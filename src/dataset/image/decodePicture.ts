import type { Sharp, SharpOptions } from 'sharp';
import type { SharpLibrary } from '../../media/sharpLibrary.ts';
import type { Raster } from './raster.ts';

/** Bytes of pixels that one picture may hold in memory; what is larger is decoded in parts. */
const MOST_BYTES = 160 * 2 ** 20;
/** Pixels of the longer side of what is kept of a picture that is larger. */
const OVERVIEW = 4096;

/** A picture's pixels: as stored, and as 8-bit sRGB to be looked at. */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: readonly string[];
  /** How many of the channels are colours. */
  readonly colours: number;
  readonly ceiling: number;
  /** Whole, or undefined where the picture is too large for it. */
  readonly stored: Raster | undefined;
  /** Of the whole picture, halved `level` times. */
  readonly display: { readonly level: number; readonly raster: Raster<Uint8Array> };
  readonly bytes: number;
  /** A part in 8-bit sRGB as stored, not turned, made `width` by `height` pixels large. */
  part(region: Region, width: number, height: number): Promise<Raster<Uint8Array>>;
  /** Values of a small part as stored. */
  storedPart(region: Region): Promise<Raster>;
}

export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Space {
  /** libvips' name of the colours as stored. */
  readonly name: 'srgb' | 'b-w' | 'rgb16' | 'grey16' | 'cmyk';
  readonly channels: readonly string[];
  readonly deep: boolean;
}

type Metadata = Awaited<ReturnType<Sharp['metadata']>>;

/** Decodes a page of a picture that sharp reads. Rejects with sharp's own words. */
export async function decodePicture(sharp: SharpLibrary, input: string | Buffer, page: number, metadata: Metadata): Promise<DecodedPicture> {
  const options: SharpOptions = { failOn: 'none', limitInputPixels: false, sequentialRead: true, page };
  const { width, height } = metadata;
  const space = spaceOf(metadata);
  const hasAlpha = metadata.hasAlpha === true;
  const channels = hasAlpha ? [...space.channels, 'A'] : space.channels;
  const storedBytes = width * height * channels.length * (space.deep ? 2 : 1);
  const isPlain = !space.deep && space.name !== 'cmyk' && metadata.hasProfile !== true;
  const displayBytes = isPlain ? 0 : width * height * (space.channels.length === 1 ? 1 : 3);
  const fits = storedBytes + displayBytes <= MOST_BYTES;

  const asStored = (image: Sharp) => rasterOf(image.toColourspace(space.name).raw({ depth: space.deep ? 'ushort' : 'uchar' }), space.deep);
  const read = () => (space.name === 'cmyk' ? sharp(input, { ...options, ignoreIcc: true }).pipelineColourspace('cmyk') : sharp(input, { ...options, ignoreIcc: true }));
  const forDisplay = (image: Sharp) => rasterOf(image.toColourspace(space.channels.length === 1 ? 'b-w' : 'srgb').raw(), false) as Promise<Raster<Uint8Array>>;

  const stored = fits ? await asStored(read()) : undefined;
  const level = fits ? 0 : Math.ceil(Math.log2(Math.max(width, height) / OVERVIEW));
  const raster =
    stored !== undefined && isPlain
      ? (stored as Raster<Uint8Array>)
      : await forDisplay(fits ? sharp(input, options) : sharp(input, options).resize({ ...halved(width, height, level), fit: 'fill', kernel: 'nearest', fastShrinkOnLoad: true }));
  return {
    width,
    height,
    channels,
    colours: space.channels.length,
    ceiling: space.deep ? 65_535 : 255,
    stored,
    display: { level, raster },
    bytes: (stored === undefined || raster === stored ? 0 : raster.pixels.byteLength) + (stored ?? raster).pixels.byteLength,
    part: (region, wide, high) => forDisplay(sharp(input, options).extract(region).resize({ width: wide, height: high, fit: 'fill', kernel: 'linear' })),
    storedPart: (region) => asStored(read().extract(region)),
  };
}

/** Width and height after some halvings, each rounded up. */
export function halved(width: number, height: number, level: number): { readonly width: number; readonly height: number } {
  return { width: Math.max(1, Math.ceil(width / 2 ** level)), height: Math.max(1, Math.ceil(height / 2 ** level)) };
}

function spaceOf({ space, depth, channels, hasAlpha }: Metadata): Space {
  const deep = depth === 'ushort' || depth === 'short' || depth === 'uint' || depth === 'int' || depth === 'float' || depth === 'double';
  if (space === 'cmyk') {
    return { name: 'cmyk', channels: ['C', 'M', 'Y', 'K'], deep: false };
  }
  const colours = (channels ?? 3) - (hasAlpha === true ? 1 : 0);
  return colours === 1 ? { name: deep ? 'grey16' : 'b-w', channels: ['Gray'], deep } : { name: deep ? 'rgb16' : 'srgb', channels: ['R', 'G', 'B'], deep };
}

async function rasterOf(image: Sharp, deep: boolean): Promise<Raster> {
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const pixels = deep ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { width, height, channels, pixels };
}
