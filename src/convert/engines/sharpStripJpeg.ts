import { orientationOnly, readOrientation } from './sharpStripExif.ts';
import { concatenate, type Stripped, type StripOptions } from './sharpStripParts.ts';

/** Markers by ITU-T T.81, table B.1. */
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;
const COMMENT = 0xfe;

const EXIF = 'Exif\0\0';
const ICC_PROFILE = 'ICC_PROFILE\0';
/** Says how the samples are to be read (YCCK, RGB): dropping it changes colours. */
const ADOBE = 'Adobe';
const JFIF = 'JFIF\0';

/**
 * JFIF, the Adobe transform and, by option, the ICC profile stay of the application segments; tables and scans always stay.
 * What follows the end of the image (previews, gain maps, a phone's clip) is no part of the picture and goes.
 */
export function stripJpeg(bytes: Uint8Array, options: StripOptions): Stripped {
  if (bytes[0] !== 0xff || bytes[1] !== START_OF_IMAGE) {
    throw new Error('not a JPEG: it does not begin with a start-of-image marker');
  }
  const kept: Uint8Array[] = [];
  let orientation = 1;
  let offset = 2;
  let ended = false;
  while (offset < bytes.length && !ended) {
    if (bytes[offset] !== 0xff) {
      return finish(bytes, kept, orientation, options, [`byte ${offset}: a marker was expected`], offset);
    }
    const marker = bytes[offset + 1];
    if (marker === 0xff) {
      offset++; // A fill byte may come before any marker.
    } else if (marker === END_OF_IMAGE) {
      kept.push(bytes.subarray(offset, offset + 2));
      ended = true;
    } else if (marker === 0x01 || (marker !== undefined && marker >= 0xd0 && marker <= 0xd7)) {
      kept.push(bytes.subarray(offset, offset + 2));
      offset += 2;
    } else {
      const end = offset + 2 + ((bytes[offset + 2] ?? 0) << 8) + (bytes[offset + 3] ?? 0);
      if (marker === undefined || end < offset + 4 || end > bytes.length) {
        return finish(bytes, kept, orientation, options, [`byte ${offset}: the file ends within a segment`], offset);
      }
      const segment = bytes.subarray(offset, end);
      if (marker === APP1 && startsWith(segment, EXIF) && orientation === 1) {
        orientation = readOrientation(segment.subarray(4 + EXIF.length));
      }
      if (isKept(marker, segment, options)) {
        kept.push(segment);
      }
      offset = end;
      if (marker === START_OF_SCAN) {
        offset = endOfScan(bytes, end);
        kept.push(bytes.subarray(end, offset));
      }
    }
  }
  return finish(bytes, kept, orientation, options, ended ? [] : ['the file ends without an end-of-image marker'], bytes.length);
}

function isKept(marker: number, segment: Uint8Array, options: StripOptions): boolean {
  if (marker === COMMENT) {
    return false;
  }
  if (marker < APP0 || marker > APP15) {
    return true;
  }
  switch (marker) {
    case APP0:
      return startsWith(segment, JFIF);
    case APP2:
      return options.keepProfile && startsWith(segment, ICC_PROFILE);
    case APP14:
      return startsWith(segment, ADOBE);
    default:
      return false;
  }
}

/** Offset of the first marker after entropy-coded data: not a stuffed zero, nor a restart marker. */
function endOfScan(bytes: Uint8Array, start: number): number {
  let offset = bytes.indexOf(0xff, start);
  while (offset !== -1) {
    const next = bytes[offset + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) {
      return offset;
    }
    offset = bytes.indexOf(0xff, offset + 1);
  }
  return bytes.length;
}

/** What comes after damage is passed on as it is: whatever can still be decoded of it shall be. */
function finish(
  bytes: Uint8Array,
  kept: readonly Uint8Array[],
  orientation: number,
  options: StripOptions,
  problems: readonly string[],
  rest: number,
): Stripped {
  const exif = options.keepOrientation && orientation !== 1 ? [exifSegment(orientation)] : [];
  const jfif = kept[0]?.[1] === APP0 ? 1 : 0; // JFIF must stay first.
  return {
    bytes: concatenate([
      bytes.subarray(0, 2),
      ...kept.slice(0, jfif),
      ...exif,
      ...kept.slice(jfif),
      ...(problems.length > 0 ? [bytes.subarray(rest)] : []),
    ]),
    problems,
  };
}

function exifSegment(orientation: number): Uint8Array {
  const tiff = orientationOnly(orientation);
  const length = 2 + EXIF.length + tiff.length;
  return concatenate([Uint8Array.of(0xff, APP1, length >> 8, length & 0xff), new TextEncoder().encode(EXIF), tiff]);
}

/** Whether the segment's data, after marker and length, begins with this text. */
function startsWith(segment: Uint8Array, text: string): boolean {
  return [...text].every((character, index) => segment[4 + index] === character.charCodeAt(0));
}
