import type { ByteSource } from '../byteSource.ts';
import { has, latin1 } from '../sniff/bytes.ts';
import type { HeaderFacts } from './facts.ts';
import { imageFacts, positive, unreadable } from './facts.ts';
import { exifOrientation } from './tiff.ts';

const MAX_CHUNKS = 256;
/** The IEND chunk: length, type, checksum. */
const END = '\x00\x00\x00\x00IEND\xae\x42\x60\x82';
const TAIL = 1024;

/** Colour by colour type. (PNG 3rd edition, section 11.2.1) */
const COLOURS: Readonly<Record<number, string>> = { 0: 'gray', 2: 'rgb', 3: 'palette', 4: 'gray', 6: 'rgb' };

interface Ancillary {
  frames: number;
  orientation: number;
  profile: boolean;
  transparency: boolean;
}

/** IHDR and what stands before the pixels: frames of an APNG, EXIF orientation, profile, transparency. */
export function readPng(source: ByteSource): HeaderFacts {
  const head = source.read(0, 33);
  if (head.length < 33 || !has(head, 'IHDR', 12)) {
    return { image: imageFacts({}), ...unreadable('cut short: there is no IHDR chunk') };
  }
  const width = head.readUInt32BE(16);
  const height = head.readUInt32BE(20);
  const bitDepth = head.readUInt8(24);
  const colourType = head.readUInt8(25);
  const { transparency, ...ancillary } = readAncillary(source);
  return {
    image: imageFacts({
      width: positive(width),
      height: positive(height),
      bitDepth: positive(bitDepth),
      colour: COLOURS[colourType] ?? { absent: `colour type ${colourType} is not known` },
      alpha: transparency || (colourType & 4) !== 0,
      ...ancillary,
    }),
    problems: hasEnd(source) ? [] : ['cut short: the picture has no end'],
  };
}

function readAncillary(source: ByteSource): Ancillary {
  const found: Ancillary = { frames: 1, orientation: 1, profile: false, transparency: false };
  let at = 33;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const chunk = source.read(at, 12);
    if (chunk.length < 12) {
      break;
    }
    const length = chunk.readUInt32BE(0);
    const type = latin1(chunk, 4, 4);
    if (type === 'IDAT' || type === 'IEND') {
      break;
    } else if (type === 'acTL') {
      found.frames = Math.max(1, chunk.readUInt32BE(8));
    } else if (type === 'iCCP') {
      found.profile = true;
    } else if (type === 'tRNS') {
      found.transparency = true;
    } else if (type === 'eXIf') {
      found.orientation = exifOrientation(source, at + 8);
    }
    at += 12 + length;
  }
  return found;
}

function hasEnd(source: ByteSource): boolean {
  const from = Math.max(8, source.size - TAIL);
  return source.read(from, TAIL).includes(END, 0, 'latin1');
}
