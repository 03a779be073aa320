import type { Container } from './media.ts';

/** libvips loaders by the containers that they are let at. Everything else (SVG, PDF, ImageMagick's …) is blocked. */
export const LOADERS: Readonly<Partial<Record<Container, { readonly operation: string; readonly format: string }>>> = {
  jpeg: { operation: 'VipsForeignLoadJpeg', format: 'jpeg' },
  png: { operation: 'VipsForeignLoadPng', format: 'png' },
  webp: { operation: 'VipsForeignLoadWebp', format: 'webp' },
  gif: { operation: 'VipsForeignLoadNsgif', format: 'gif' },
  tiff: { operation: 'VipsForeignLoadTiff', format: 'tiff' },
  avif: { operation: 'VipsForeignLoadHeif', format: 'heif' },
};

export function readableBySharp(container: Container): boolean {
  return LOADERS[container] !== undefined;
}
