import type { ByteSource } from './byteSource.ts';
import { asBuffer } from './byteSource.ts';
import type { Container, MediaKind } from './media.ts';
import { has } from './sniff/bytes.ts';
import { hasOggVideo, isAnnexB, isAudioBrand, isBmp, isIcon, isSafetensors, sniffEbml, sniffIsoMedia, sniffZip } from './sniff/containers.ts';
import { id3Length, isAdts, isMpegAudio, isTransportStream } from './sniff/mpeg.ts';
import { decodeText, isLegacyText, sniffScript, sniffText } from './sniff/text.ts';

export interface Sniffed {
  readonly kind: MediaKind;
  readonly container: Container;
}

/** Bytes of a head that tell every container. */
export const HEAD = 4096;
/** Files put together from others have one ID3 tag behind another. */
const MAX_TAGS = 4;

/**
 * Tells what a file is by its first bytes (4 to 64 KiB of them) and its size, never by its name. What could be text
 * is called text: no tool is to be handed a script as a picture or a sound. Audio alone in MP4, MOV or Matroska is
 * still called video where no brand says otherwise; `probe` looks at the tracks.
 */
export function sniff(head: Uint8Array, size: number): Sniffed {
  const bytes = asBuffer(head);
  const container = containerOf(bytes, size);
  return { kind: kindOf(container, bytes), container };
}

/** As `sniff`, but looks behind ID3 tags that are longer than the head. */
export function sniffSource(source: ByteSource): Sniffed {
  let at = 0;
  let head = source.read(0, HEAD);
  for (let tag = id3Length(head), tags = 0; tag > 0 && at + tag < source.size && tags < MAX_TAGS; tags++) {
    at += tag;
    head = source.read(at, HEAD);
    tag = id3Length(head);
  }
  if (at > 0) {
    const container = taggedContainer(head, 0, source.size - at);
    return { kind: KINDS[container], container };
  }
  return sniff(head, source.size);
}

function containerOf(bytes: Buffer, size: number): Container {
  if (size === 0 || bytes.length === 0) {
    return 'empty';
  }
  const script = sniffScript(bytes);
  if (script !== undefined) {
    return script;
  }
  const text = decodeText(bytes, size);
  if (text !== undefined) {
    return sniffText(text, bytes.length >= size);
  }
  return sniffBinary(bytes, size) ?? (isLegacyText(bytes) ? 'plaintext' : 'unknown');
}

function sniffBinary(bytes: Buffer, size: number): Container | undefined {
  const magic = MAGIC.find((entry) => has(bytes, entry[0]) && (entry[2] === undefined || has(bytes, entry[2], entry[3])));
  if (magic !== undefined) {
    return magic[1];
  }
  const tag = id3Length(bytes);
  if (tag > 0) {
    return tag < bytes.length ? taggedContainer(bytes, tag, size) : 'mp3';
  }
  return (
    sniffIsoMedia(bytes) ??
    sniffEbml(bytes) ??
    sniffZip(bytes) ??
    (has(bytes, 'ustar', 257) ? 'tar' : undefined) ??
    PREDICATES.find(([holds]) => holds(bytes, size))?.[1]
  );
}

/** What follows an ID3 tag: MPEG audio, unless it is one of the formats that some writers tag as well. */
function taggedContainer(bytes: Buffer, tag: number, size: number): Container {
  if (has(bytes, 'fLaC', tag)) {
    return 'flac';
  }
  let at = tag;
  while (bytes[at] === 0 && at < tag + 2048) {
    at++;
  }
  return isAdts(bytes, at, size) ? 'adts' : isMpegAudio(bytes, at, size) ? 'mp3' : 'unknown';
}

type Magic = readonly [begin: string, container: Container, then?: string, at?: number];

const MAGIC: readonly Magic[] = [
  ['RIFF', 'wav', 'WAVE', 8],
  ['RF64', 'wav', 'WAVE', 8],
  ['BW64', 'wav', 'WAVE', 8],
  ['RIFX', 'wav', 'WAVE', 8],
  ['\xff\xd8\xff', 'jpeg'],
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['fLaC', 'flac'],
  ['OggS\x00', 'ogg'],
  ['RIFF', 'avi', 'AVI ', 8],
  ['RIFF', 'webp', 'WEBP', 8],
  ['FORM', 'aiff', 'AIFF', 8],
  ['FORM', 'aiff', 'AIFC', 8],
  ['GIF87a', 'gif'],
  ['GIF89a', 'gif'],
  ['II*\x00', 'tiff'],
  ['MM\x00*', 'tiff'],
  ['II+\x00\x08\x00\x00\x00', 'tiff'],
  ['MM\x00+\x00\x08\x00\x00', 'tiff'],
  ['.snd\x00\x00', 'au'],
  ['NIST_1A\n', 'sph'],
  ['caff\x00\x01', 'caf'],
  ['#!AMR\n', 'amr'],
  ['#!AMR-WB\n', 'amr'],
  ['MAC ', 'ape'],
  ['wvpk', 'wavpack'],
  ['\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c', 'asf'],
  ['FLV\x01', 'flv'],
  ['\x00\x00\x01\xba', 'mpegps'],
  ['YUV4MPEG2 ', 'y4m'],
  ['\xff\x0a', 'jxl'],
  ['\x00\x00\x00\x0cJXL \r\n\x87\n', 'jxl'],
  ['\x00\x00\x00\x0cjP  \r\n\x87\n', 'jp2'],
  ['\xff\x4f\xff\x51', 'jp2'],
  ['8BPS\x00\x01', 'psd'],
  ['8BPS\x00\x02', 'psd'],
  ['\x76\x2f\x31\x01', 'exr'],
  ['#?RADIANCE\n', 'hdr'],
  ['#?RGBE\n', 'hdr'],
  ['P4\n', 'pnm'],
  ['P5\n', 'pnm'],
  ['P6\n', 'pnm'],
  ['P7\n', 'pnm'],
  ['P5 ', 'pnm'],
  ['P6 ', 'pnm'],
  ['\xc5\xd0\xd3\xc6', 'postscript'],
  ['\x93NUMPY', 'npy'],
  ['PAR1', 'parquet'],
  ['ARROW1\x00\x00', 'arrow'],
  ['FEA1', 'arrow'],
  ['\x89HDF\r\n\x1a\n', 'hdf5'],
  ['\x89MCAP0\r\n', 'mcap'],
  ['#ROSBAG V', 'rosbag'],
  ['SQLite format 3\x00', 'sqlite'],
  ['\x1f\x8b\x08', 'gzip'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
];

const PREDICATES: readonly (readonly [(bytes: Buffer, size: number) => boolean, Container])[] = [
  [isBmp, 'bmp'],
  [isIcon, 'ico'],
  [isAnnexB, 'h264'],
  [isTransportStream, 'mpegts'],
  [(bytes, size) => isAdts(bytes, 0, size), 'adts'],
  [(bytes, size) => isMpegAudio(bytes, 0, size), 'mp3'],
  [isSafetensors, 'safetensors'],
];

function kindOf(container: Container, bytes: Buffer): MediaKind {
  if (container === 'ogg') {
    return hasOggVideo(bytes) ? 'video' : 'audio';
  }
  return container === 'mp4' && isAudioBrand(bytes) ? 'audio' : KINDS[container];
}

const KINDS: Readonly<Record<Container, MediaKind>> = {
  wav: 'audio', aiff: 'audio', flac: 'audio', ogg: 'audio', mp3: 'audio', adts: 'audio', au: 'audio', sph: 'audio',
  caf: 'audio', amr: 'audio', ape: 'audio', wavpack: 'audio',
  asf: 'video', mp4: 'video', mov: 'video', matroska: 'video', webm: 'video', avi: 'video', flv: 'video',
  mpegts: 'video', mpegps: 'video', y4m: 'video', h264: 'video',
  jpeg: 'image', png: 'image', gif: 'image', webp: 'image', tiff: 'image', bmp: 'image', avif: 'image', heic: 'image',
  jxl: 'image', jp2: 'image', psd: 'image', exr: 'image', hdr: 'image', pnm: 'image', ico: 'image',
  svg: 'text', mvg: 'text', msl: 'text', postscript: 'text', m3u: 'text', pls: 'text', ffconcat: 'text', pdf: 'other',
  json: 'text', jsonl: 'text', csv: 'text', tsv: 'text', yaml: 'text', plaintext: 'text',
  mcap: 'sensor', rosbag: 'sensor',
  npy: 'other', npz: 'other', safetensors: 'other', parquet: 'other', arrow: 'other', hdf5: 'other', sqlite: 'other',
  tar: 'other', zip: 'other', gzip: 'other', zstd: 'other', gitLfsPointer: 'other', empty: 'other', unknown: 'other',
};
