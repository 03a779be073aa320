import type { ByteSource } from '../byteSource.ts';
import type { Container } from '../media.ts';
import type { HeaderFacts } from './facts.ts';
import { readFlac } from './flac.ts';
import { readJpeg } from './jpeg.ts';
import { readPng } from './png.ts';
import { readTiff } from './tiff.ts';
import { readWav } from './wav.ts';

/** Reads a header; never throws over what it finds in one. */
export type HeaderReader = (source: ByteSource) => HeaderFacts;

/** The containers whose headers are read here, exactly and at once. */
export const headerReaders: Readonly<Partial<Record<Container, HeaderReader>>> = {
  wav: readWav,
  flac: readFlac,
  png: readPng,
  jpeg: readJpeg,
  tiff: readTiff,
};
