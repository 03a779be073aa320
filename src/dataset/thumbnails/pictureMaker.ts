import type { Metadata, Sharp } from 'sharp';
import { formatCount } from '../../base/format.ts';
import type { Container } from '../../media/media.ts';
import type { SharpLibrary } from '../../media/sharpLibrary.ts';
import { readableBySharp } from '../../media/sharpLoaders.ts';
import type { NoThumbnail, PictureThumbnail } from '../webview/gallery/thumbnail.ts';
import { nothing } from './nothing.ts';

/** Pixels up to which a picture is decoded that comes line by line. */
const MOST_LINES = 268_000_000;
/** Bytes that a picture may take which is decoded as a whole: progressive, interlaced, WebP, GIF, AVIF. */
const MOST_WHOLE = 200_000_000;
const JPEG_QUALITY = 80;
const WEBP_QUALITY = 75;

/** A small picture of a large one, as it is shown: turned by its orientation, in sRGB, of 8 bits; transparency stays. */
export async function makePicture(sharp: SharpLibrary, input: string | Buffer, container: Container, px: number): Promise<PictureThumbnail | NoThumbnail> {
  if (!readableBySharp(container)) {
    return nothing('missing', container === 'heic' ? 'HEIC is not decoded here: its codec is not free' : `nothing here decodes ${container.toUpperCase()}`);
  }
  const open = (limitInputPixels: number | false) => sharp(input, { failOn: 'truncated', sequentialRead: true, limitInputPixels, autoOrient: false });
  try {
    const facts = await open(false).metadata();
    const refusal = refuse(facts);
    if (refusal !== undefined) {
      return nothing('refused', refusal);
    }
    return await small(sharp, open(MOST_LINES), facts, px);
  } catch (error) {
    return nothing('broken', complaint(error));
  }
}

function refuse({ width, height, compression, isProgressive, format, depth }: Metadata): string | undefined {
  if (compression === 'hevc') {
    return 'HEIC is not decoded here: its codec is not free';
  }
  const pixels = width * height;
  const byLines = !isProgressive && ['jpeg', 'png', 'tiff'].includes(format);
  const bytes = pixels * (depth === 'uchar' ? 4 : 8);
  if (byLines ? pixels <= MOST_LINES : bytes <= MOST_WHOLE) {
    return undefined;
  }
  return `${formatCount(width)} × ${formatCount(height)} px is too large to be drawn small`;
}

async function small(sharp: SharpLibrary, picture: Sharp, { orientation = 1, hasAlpha }: Metadata, px: number): Promise<PictureThumbnail> {
  const resized = picture.resize({ width: px, height: px, fit: 'inside', withoutEnlargement: true }).toColourspace('srgb');
  if (orientation <= 1 && !hasAlpha) {
    return encoded(resized, false);
  }
  // The small one is turned: the large one would have to be in memory as a whole.
  const { data, info } = await resized.raw().toBuffer({ resolveWithObject: true });
  const again = turned(sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } }), orientation);
  const opaque = !hasAlpha || isOpaque(data, info.channels);
  return encoded(opaque ? again.removeAlpha() : again, !opaque);
}

async function encoded(picture: Sharp, hasAlpha: boolean): Promise<PictureThumbnail> {
  const output = hasAlpha ? picture.webp({ quality: WEBP_QUALITY }) : picture.jpeg({ quality: JPEG_QUALITY });
  const { data, info } = await output.toBuffer({ resolveWithObject: true });
  return { drawn: 'picture', bytes: data, type: hasAlpha ? 'image/webp' : 'image/jpeg', width: info.width, height: info.height, hasAlpha };
}

/** By EXIF's orientation: mirrored first, then turned clockwise. */
function turned(picture: Sharp, orientation: number): Sharp {
  const [mirrored, degrees] = ([[false, 0], [true, 0], [false, 180], [true, 180], [true, 270], [false, 90], [true, 90], [false, 270]] as const)[orientation - 1] ?? [false, 0];
  // sharp mirrors before it turns, whatever the order of the calls.
  return mirrored ? picture.flop().rotate(degrees) : picture.rotate(degrees);
}

function isOpaque(data: Buffer, channels: number): boolean {
  for (let at = channels - 1; at < data.length; at += channels) {
    if (data[at] !== 255) {
      return false;
    }
  }
  return true;
}

/** What libvips said first, without its own names. */
function complaint(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const line = said.split('\n').find((words) => words.trim() !== '') ?? said;
  return line.replace(/^(?:Input (?:file|buffer) )?(?:has corrupt header: )?(?:Vips\w+|\w+load(?:_buffer)?|heifload_source): /, '').slice(0, 120);
}
