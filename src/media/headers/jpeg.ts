import type { ByteSource } from '../byteSource.ts';
import { has } from '../sniff/bytes.ts';
import type { HeaderFacts } from './facts.ts';
import { imageFacts, positive, unreadable } from './facts.ts';
import { exifOrientation } from './tiff.ts';

/** Markers of ITU-T T.81, table B.1. */
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
const APP2 = 0xe2;
const NOT_FRAMES = new Set([0xc4, 0xc8, 0xcc]);
const MAX_SEGMENTS = 2000;
const TAIL = 4096;

interface Frame {
  readonly precision: number;
  readonly height: number;
  readonly width: number;
  readonly components: number;
}

interface Segments {
  frame?: Frame;
  orientation: number;
  profile: boolean;
  /** Where the compressed data begin. */
  scan?: number;
}

/** Size and components of the frame header, orientation of the first EXIF segment, whether the picture is all there. */
export function readJpeg(source: ByteSource): HeaderFacts {
  const { frame, orientation, profile, scan } = readSegments(source);
  if (frame === undefined) {
    return { image: imageFacts({}), ...unreadable('no frame header: the picture has no size') };
  }
  return {
    image: imageFacts({
      width: positive(frame.width),
      height: positive(frame.height),
      orientation,
      bitDepth: positive(frame.precision),
      colour: { 1: 'gray', 3: 'rgb', 4: 'cmyk' }[frame.components] ?? { absent: `${frame.components} components have no usual meaning` },
      profile,
    }),
    problems: scan === undefined || isCutShort(source, scan) ? ['cut short: the picture has no end'] : [],
  };
}

function readSegments(source: ByteSource): Segments {
  const segments: Segments = { orientation: 1, profile: false };
  let hasExif = false;
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS; count++) {
    const head = source.read(at, 20);
    if (head.length < 4 || head[0] !== 0xff) {
      break;
    }
    const marker = head.readUInt8(1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === SOI || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
      continue;
    }
    if (marker === EOI) {
      break;
    }
    const length = head.readUInt16BE(2);
    if (marker === SOS) {
      segments.scan = at + 2 + length;
      break;
    }
    if (marker >= 0xc0 && marker <= 0xcf && !NOT_FRAMES.has(marker) && head.length >= 10) {
      segments.frame ??= {
        precision: head.readUInt8(4),
        height: head.readUInt16BE(5),
        width: head.readUInt16BE(7),
        components: head.readUInt8(9),
      };
    } else if (marker === APP2 && has(head, 'ICC_PROFILE\0', 4)) {
      segments.profile = true;
    } else if (marker === APP1 && !hasExif && has(head, 'Exif\0', 4)) {
      hasExif = true;
      segments.orientation = exifOrientation(source, at + 10);
    }
    at += 2 + length;
  }
  return segments;
}

/**
 * Whether the file ends within compressed data. Bytes after the end marker are common (padding, previews, the video
 * of a motion photo), so a missing marker is no sign by itself: only a tail that is nothing but entropy-coded data
 * (T.81, F.1.2.3: each 0xFF is stuffed or a restart marker) is.
 */
function isCutShort(source: ByteSource, scan: number): boolean {
  const from = Math.max(scan, source.size - TAIL);
  const tail = source.read(from, source.size - from);
  if (tail.length === 0) {
    return true;
  }
  let stuffed = 0;
  for (let i = tail.indexOf(0xff); i >= 0 && i + 1 < tail.length; i = tail.indexOf(0xff, i + 1)) {
    const next = tail.readUInt8(i + 1);
    if (next === 0x00 || (next >= 0xd0 && next <= 0xd7)) {
      stuffed++;
    } else if (next !== 0xff) {
      return false;
    }
  }
  return stuffed > 0 || tail.length < TAIL;
}
