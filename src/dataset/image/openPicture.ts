import { basename } from 'node:path';
import { absent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { orientationOf, shownExtent } from '../../base/orientation.ts';
import type { Media } from '../../media/media.ts';
import { bytesInMemory } from '../../media/byteSource.ts';
import { probe, probeSource } from '../../media/probe.ts';
import { loadSharp } from '../../media/sharpLibrary.ts';
import type { SharpLibrary } from '../../media/sharpLibrary.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import { DatasetError } from '../datasetError.ts';
import { decodePicture } from './decodePicture.ts';
import type { DecodedPicture } from './decodePicture.ts';
import { decodeByFfmpeg } from './ffmpegPicture.ts';
import type { PictureFacts } from '../webview/image/protocol.ts';
import type { PictureRef } from './imageApi.ts';
import { pictureSource } from './pictureSource.ts';
import type { PictureSource } from './pictureSource.ts';
import { levelsOf, Pyramid } from './pyramid.ts';

export interface OpenPicture {
  readonly facts: PictureFacts;
  readonly decoded: DecodedPicture;
  readonly stored: Pyramid;
  readonly upright: Pyramid;
}

export interface PictureTools {
  /** Undefined where no tools may be run. */
  readonly runner: (() => Promise<ToolRunner | undefined>) | undefined;
  readonly signal: AbortSignal;
}

const DEPTHS: Readonly<Record<string, number>> = { uchar: 8, char: 8, ushort: 16, short: 16, uint: 32, int: 32, float: 32, double: 64 };

/** Decodes a page of a picture. Rejects with words that say what cannot be read and why. */
export async function openPicture({ place, page }: PictureRef, tools: PictureTools): Promise<OpenPicture> {
  const source = await pictureSource(place);
  const media = typeof source.input === 'string' ? await probe(place.file, { signal: tools.signal }) : probeSource(bytesInMemory(source.input), basename(place.member ?? place.file));
  const sharp = await loadSharp();
  const { input, decoder } = await readable(sharp, source, place.member === undefined ? place.file : undefined, media, tools);
  const metadata = await sharp(input, { failOn: 'none', limitInputPixels: false, page }).metadata();
  const decoded = await decodePicture(sharp, input, page, metadata);
  const extent = { width: decoded.width, height: decoded.height };
  const orientation = orientationOf(metadata.orientation ?? known(media.image?.orientation));
  const upright = shownExtent(extent, orientation);
  const facts: PictureFacts = {
    name: basename(place.member ?? place.file),
    size: source.size,
    modified: source.modified,
    container: media.container,
    ...extent,
    orientation,
    pages: metadata.pages ?? 1,
    channels: decoded.channels,
    bits: bitsOf(metadata.bitsPerSample, metadata.depth),
    ceiling: decoded.ceiling,
    profile: profileOf(metadata.icc),
    levels: levelsOf(upright),
    quickFrom: decoded.display.level,
    decoder,
    notes: notesOf(metadata, decoded, decoder),
    problems: media.problems,
  };
  return {
    facts,
    decoded,
    stored: new Pyramid(sharp, decoded, 1, extent),
    upright: new Pyramid(sharp, decoded, orientation, upright),
  };
}

/** What sharp reads: the file itself, or what ffmpeg makes of it. */
async function readable(sharp: SharpLibrary, source: PictureSource, file: string | undefined, media: Media, tools: PictureTools) {
  try {
    // Reading a pixel tells what the header alone does not: that the codec inside is there.
    await sharp(source.input, { failOn: 'none', limitInputPixels: false, sequentialRead: true }).extract({ left: 0, top: 0, width: 1, height: 1 }).raw().toBuffer();
    return { input: source.input, decoder: 'sharp' };
  } catch (error) {
    const reason = firstLine(error);
    const runner = file !== undefined && media.kind === 'image' && media.container !== 'svg' ? await tools.runner?.() : undefined;
    if (file === undefined || runner === undefined) {
      const known = media.problems[0] === undefined ? ` (${media.container})` : `: ${media.problems[0]}`;
      throw new DatasetError('malformed', `The picture cannot be decoded${known}. libvips says: ${reason}`, { cause: error });
    }
    try {
      return { input: await decodeByFfmpeg(runner, file, tools.signal), decoder: 'ffmpeg' };
    } catch (second) {
      tools.signal.throwIfAborted();
      throw new DatasetError('malformed', `The picture cannot be decoded. libvips says: ${reason}. ffmpeg says: ${firstLine(second)}`, { cause: second });
    }
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function bitsOf(stated: number | undefined, depth: string | undefined): Measured<number> {
  return stated ?? DEPTHS[depth ?? ''] ?? absent('not stated in file');
}

/** The description inside an ICC profile: a `desc` element, as text or as UTF-16. (ICC.1:2022, 9.2.41 and 10.15) */
function profileOf(icc: Buffer | undefined): Measured<string> {
  if (icc === undefined) {
    return absent('none embedded');
  }
  const count = Math.min(icc.length >= 132 ? icc.readUInt32BE(128) : 0, 100);
  for (let at = 132; at + 12 <= Math.min(icc.length, 132 + count * 12); at += 12) {
    if (icc.toString('latin1', at, at + 4) === 'desc') {
      const tag = icc.subarray(icc.readUInt32BE(at + 4), icc.readUInt32BE(at + 4) + icc.readUInt32BE(at + 8));
      const text = descriptionOf(tag);
      return text === '' ? absent('it has no name') : text;
    }
  }
  return absent('it has no name');
}

function descriptionOf(tag: Buffer): string {
  const type = tag.toString('latin1', 0, 4);
  if (type === 'desc' && tag.length > 12) {
    return tag.toString('latin1', 12, 12 + Math.max(0, tag.readUInt32BE(8) - 1)).trim();
  }
  if (type === 'mluc' && tag.length >= 28) {
    const [length, offset] = [tag.readUInt32BE(20), tag.readUInt32BE(24)];
    return new TextDecoder('utf-16be').decode(tag.subarray(offset, offset + length)).trim();
  }
  return '';
}

function notesOf(metadata: { readonly space?: string; readonly hasProfile?: boolean; readonly depth?: string }, { stored, ceiling }: DecodedPicture, decoder: string): readonly string[] {
  const notes: string[] = [];
  if (decoder === 'ffmpeg') {
    notes.push('Decoded by ffmpeg, since libvips here cannot: values are those of its output.');
  }
  if (metadata.space === 'cmyk') {
    notes.push(metadata.hasProfile === true ? 'CMYK, shown through its profile as sRGB; values are CMYK as stored.' : 'CMYK without a profile, shown by a general one; values are CMYK as stored.');
  } else if (metadata.hasProfile === true) {
    notes.push('Shown through its colour profile as sRGB; values are those stored.');
  }
  if (metadata.depth === 'float' || metadata.depth === 'double' || metadata.depth === 'uint' || metadata.depth === 'int') {
    notes.push(`Samples are ${metadata.depth}; they are shown and read as 16-bit whole numbers.`);
  } else if (ceiling > 255) {
    notes.push('16 bits a channel, shown by the upper 8; values are the 16 bits.');
  }
  if (stored === undefined) {
    notes.push('Larger than what is kept in memory: full size is decoded where you look, which takes a while.');
  }
  return notes;
}

