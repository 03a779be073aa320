import type { HeaderFacts } from './headers/facts.ts';
import { imageFacts, NOT_STATED, positive } from './headers/facts.ts';
import type { ByteSource } from './byteSource.ts';
import type { Container } from './media.ts';

/** Containers whose size image-size reads. */
const PICTURES = new Set<Container>(['avif', 'heic', 'jxl', 'jp2', 'psd', 'ico']);

export function isPictureContainer(container: Container): boolean {
  return PICTURES.has(container);
}

/** The boxes and headers that tell a size come first; the compressed data are of no interest. */
const HEAD = 512 * 1024;

/** Size of a picture, by image-size. Throws where it is not told by the first 512 KiB. */
export async function readPicture(source: ByteSource, container: Container): Promise<HeaderFacts> {
  const { imageSize } = await import('image-size');
  const head = Buffer.from(source.read(0, HEAD));
  const isIsoMedia = container === 'avif' || container === 'heic';
  if (isIsoMedia && head.toString('latin1', 8, 12) === 'avis') {
    // A sequence has its first picture as any AVIF has it; image-size does not know the brand.
    head.write('avif', 8, 'latin1');
  }
  const { width, height } = imageSize(head);
  return {
    image: imageFacts({
      width: positive(width),
      height: positive(height),
      orientation: isIsoMedia ? turnOf(head) : 1,
      frames: isIsoMedia ? NOT_STATED : 1,
      alpha: NOT_STATED,
      profile: NOT_STATED,
    }),
    problems: [],
  };
}

/** EXIF orientation by the quarter turns anticlockwise in an `irot` box. (ISO 23008-12, 6.5.10) */
const TURNS = [1, 8, 3, 6];

function turnOf(head: Buffer): number {
  const at = head.indexOf('\x00\x00\x00\x09irot', 0, 'latin1');
  return at < 0 ? 1 : (TURNS[(head[at + 8] ?? 0) & 3] ?? 1);
}
