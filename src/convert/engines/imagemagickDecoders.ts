import type { Container } from '../../media/media.ts';

/** The decoder that a container is given to. What is not here ImageMagick is never asked to read. */
export const DECODERS: Readonly<Partial<Record<Container, string>>> = {
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  tiff: 'tiff',
  bmp: 'bmp',
  pnm: 'pnm',
  heic: 'heic',
  avif: 'avif',
};

export function readableByImagemagick(container: Container): boolean {
  return DECODERS[container] !== undefined;
}
