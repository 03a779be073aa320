import type { Container } from '../media/media.ts';
import type { Call } from './engine.ts';

/** Formats that an image engine may be asked to write. */
export type ImageFormat = 'jpeg' | 'png' | 'webp';

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** A picture as it lies in its file, before orientation. */
export interface ImageSource extends PixelSize {
  /** Absolute path. */
  readonly path: string;
  /** Told by content; the engine reads the file as this and as nothing else. */
  readonly container: Container;
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number;
  readonly colour: 'rgb' | 'gray' | 'cmyk' | 'other';
  readonly alpha: boolean;
  /** Whether an ICC profile is embedded. */
  readonly profile: boolean;
  readonly sixteenBit: boolean;
  /** Whether there may be more pictures after the first. */
  readonly several: boolean;
}

/** What becomes of the pixels. All sizes are those of the upright picture. */
export interface PixelWork {
  readonly kind: 'pixels';
  readonly source: ImageSource;
  /** Absolute path of the file to write. */
  readonly output: string;
  readonly format: ImageFormat;
  /** Exact size to resample to; no resampling where left out. */
  readonly resize?: PixelSize;
  /** Size of the part around the centre that is cut out after resampling. */
  readonly crop?: PixelSize;
  /** Colour to lay transparent pixels on, `#rrggbb`; transparency is kept where left out. */
  readonly background?: string;
  /** Convert to sRGB and drop the profile, or keep samples and profile as they are. CMYK is always converted. */
  readonly colour: 'srgb' | 'keep';
  /** EXIF, XMP, IPTC and comments. The ICC profile goes by `colour`. */
  readonly metadata: 'strip' | 'keep';
  /** 1 to 100, for lossy formats. */
  readonly quality: number;
  /** For WebP. */
  readonly lossless: boolean;
}

/** Metadata taken out of a file whose coded pixels stay as they are, byte for byte. */
export interface StripWork {
  readonly kind: 'strip';
  readonly input: string;
  readonly container: Container;
  readonly output: string;
  /** Keep the ICC profile, without which colours may shift. */
  readonly keepProfile: boolean;
  /** Keep a minimal EXIF block with the orientation, where it is not 1. */
  readonly keepOrientation: boolean;
}

export interface ImagemagickCall extends Call {
  readonly engine: 'imagemagick';
  readonly work: PixelWork;
}

export interface SharpCall extends Call {
  readonly engine: 'sharp';
  readonly work: PixelWork | StripWork;
}

/** The most pixels of a picture that is decoded: 16,383 squared, what WebP can hold and libvips takes by default. */
export const MOST_PIXELS = 16_383 * 16_383;

/** JPEG quality from which on colours are kept at full resolution (4:4:4), as libvips and ImageMagick have it for themselves. */
export const FULL_COLOUR = 90;
