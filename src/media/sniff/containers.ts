import type { Container } from '../media.ts';
import { has, latin1 } from './bytes.ts';

/** ISO base media by the brands of its `ftyp` box, or QuickTime from before there was one. (ISO 14496-12, 4.3) */
export function sniffIsoMedia(bytes: Buffer): Container | undefined {
  if (bytes.length < 12) {
    return undefined;
  }
  const length = bytes.readUInt32BE(0);
  const type = latin1(bytes, 4, 4);
  if (type !== 'ftyp') {
    const plausible = length === 1 || (length >= 8 && length < 0x2000_0000);
    return plausible && ['moov', 'mdat', 'wide', 'pnot'].includes(type) ? 'mov' : undefined;
  }
  // A real box is a few brands long; text that happens to hold `ftyp` claims hundreds of megabytes.
  if (length < 12 || length > 4096) {
    return undefined;
  }
  const brands = [latin1(bytes, 8, 4)];
  for (let at = 16; at + 4 <= Math.min(length, bytes.length); at += 4) {
    brands.push(latin1(bytes, at, 4));
  }
  const [major = ''] = brands;
  if (major === 'qt  ') {
    return 'mov';
  }
  if (/^(?:avif|avis)$/.test(major) || (/^(?:mif1|msf1|miaf)$/.test(major) && brands.some((brand) => /^avi[fs]$/.test(brand)))) {
    return 'avif';
  }
  if (/^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/.test(major)) {
    return 'heic';
  }
  return /^(?:jp2 |jpx |jxl |crx |mjp2)$/.test(major) ? undefined : 'mp4';
}

/** Whether the brand says that an ISO base media file holds audio alone. */
export function isAudioBrand(bytes: Buffer): boolean {
  return has(bytes, 'ftyp', 4) && /^(?:M4A |M4B |M4P |F4A |F4B )$/.test(latin1(bytes, 8, 4));
}

/** Matroska or WebM by the DocType in the EBML header. (RFC 8794, section 11.2.5) */
export function sniffEbml(bytes: Buffer): Container | undefined {
  if (!has(bytes, '\x1a\x45\xdf\xa3')) {
    return undefined;
  }
  const at = bytes.subarray(0, 4096).indexOf('\x42\x82', 4, 'latin1');
  if (at < 0) {
    return undefined;
  }
  const docType = latin1(bytes, at + 3, (bytes[at + 2] ?? 0x80) & 0x7f).replace(/\0+$/, '');
  return docType === 'webm' || docType === 'matroska' ? docType : undefined;
}

const OGG_VIDEO = ['\x80theora', 'OVP80', '\x01video', 'BBCD'];

/** Whether one of the streams that an Ogg file announces on its first pages is video. (RFC 3533, section 6) */
export function hasOggVideo(bytes: Buffer): boolean {
  let at = 0;
  while (has(bytes, 'OggS', at) && at + 27 < bytes.length) {
    const segments = bytes.readUInt8(at + 26);
    const body = at + 27 + segments;
    const isFirst = (bytes.readUInt8(at + 5) & 2) !== 0;
    if (!isFirst) {
      return false;
    }
    if (OGG_VIDEO.some((magic) => has(bytes, magic, body))) {
      return true;
    }
    at = body + bytes.subarray(at + 27, body).reduce((sum, length) => sum + length, 0);
  }
  return false;
}

/** A zip of arrays is NumPy's; any other is a zip. */
export function sniffZip(bytes: Buffer): Container | undefined {
  if (has(bytes, 'PK\x05\x06')) {
    return 'zip';
  }
  if (!has(bytes, 'PK\x03\x04') || bytes.length < 30) {
    return undefined;
  }
  return latin1(bytes, 30, bytes.readUInt16LE(26)).endsWith('.npy') ? 'npz' : 'zip';
}

/** A header length, then a JSON object of about that length, all within the file. */
export function isSafetensors(bytes: Buffer, size: number): boolean {
  if (bytes.length < 10 || bytes[8] !== 0x7b) {
    return false;
  }
  const length = bytes.readBigUInt64LE(0);
  return length >= 2n && length <= 100_000_000n && Number(length) + 8 <= size && /^\{\s*["}]/.test(latin1(bytes, 8, 64));
}

/** `BM`, then a header size that exists and the fields that must be 0 or 1: two letters alone would be text. */
export function isBmp(bytes: Buffer): boolean {
  if (!has(bytes, 'BM') || bytes.length < 26) {
    return false;
  }
  const headerSize = bytes.readUInt32LE(14);
  const planes = headerSize === 12 ? bytes.readUInt16LE(22) : bytes.length < 30 ? 0 : bytes.readUInt16LE(26);
  return [12, 16, 40, 52, 56, 64, 108, 124].includes(headerSize) && planes === 1;
}

export function isIcon(bytes: Buffer, size: number): boolean {
  if (!has(bytes, '\x00\x00\x01\x00') || bytes.length < 22) {
    return false;
  }
  const pictures = bytes.readUInt16LE(4);
  const length = bytes.readUInt32LE(14);
  const offset = bytes.readUInt32LE(18);
  return pictures > 0 && pictures < 256 && bytes[9] === 0 && offset >= 6 + 16 * pictures && length > 0 && offset + length <= size;
}

/** H.264 as an Annex B byte stream: a sequence parameter set first, maybe after an access unit delimiter. */
export function isAnnexB(bytes: Buffer): boolean {
  const start = has(bytes, '\x00\x00\x00\x01') ? 4 : has(bytes, '\x00\x00\x01') ? 3 : -1;
  if (start < 0 || bytes.length < start + 8) {
    return false;
  }
  const type = bytes.readUInt8(start) & 0x9f;
  if (type === 7) {
    return true;
  }
  return type === 9 && (has(bytes, '\x00\x00\x00\x01\x67', start + 2) || has(bytes, '\x00\x00\x01\x67', start + 2));
}
