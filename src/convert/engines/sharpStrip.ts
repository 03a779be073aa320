import type { StripWork } from '../imageWork.ts';
import { stripJpeg } from './sharpStripJpeg.ts';
import { stripPng } from './sharpStripPng.ts';
import type { Stripped } from './sharpStripParts.ts';
import { stripWebp } from './sharpStripWebp.ts';

/** Takes metadata out of JPEG, PNG or WebP without decoding: what holds pixels is passed on byte for byte. */
export function stripMetadata(bytes: Uint8Array, work: StripWork): Stripped {
  switch (work.container) {
    case 'jpeg':
      return stripJpeg(bytes, work);
    case 'png':
      return stripPng(bytes, work);
    case 'webp':
      return stripWebp(bytes, work);
    default:
      throw new Error(`${work.container} cannot be stripped without touching pixels`);
  }
}
