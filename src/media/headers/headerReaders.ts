import type { ByteSource } from '../byteSource.ts';
import type { Container } from '../media.ts';
import type { HeaderFacts } from './facts.ts';
import { readAiff } from './aiff.ts';
import { readAu } from './au.ts';
import { readBmp } from './bmp.ts';
import { readFlac } from './flac.ts';
import { readGif } from './gif.ts';
import { readJpeg } from './jpeg.ts';
import { readMp4 } from './mp4.ts';
import { readPng } from './png.ts';
import { readPnm } from './pnm.ts';
import { readSph } from './sph.ts';
import { readTiff } from './tiff.ts';
import { readWav } from './wav.ts';
import { readWebp } from './webp.ts';

/** Reads a header; never throws over what it finds in one. */
export type HeaderReader = (source: ByteSource) => HeaderFacts;

/** The containers whose headers are read here, exactly and at once. */
export const headerReaders: Readonly<Partial<Record<Container, HeaderReader>>> = {
  wav: readWav,
  flac: readFlac,
  aiff: readAiff,
  mp4: readMp4,
  mov: readMp4,
  au: readAu,
  sph: readSph,
  png: readPng,
  jpeg: readJpeg,
  gif: readGif,
  webp: readWebp,
  bmp: readBmp,
  tiff: readTiff,
  pnm: readPnm,
};
