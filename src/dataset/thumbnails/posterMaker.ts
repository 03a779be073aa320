import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demuxerArgs, MEDIA_DEMUXERS, PICTURE_DEMUXERS } from '../../media/demuxers.ts';
import { complaintOf } from '../../media/ffprobe.ts';
import type { FilePart } from '../../media/filePart.ts';
import { inputUrl, protocolsOf } from '../../media/filePart.ts';
import type { Container } from '../../media/media.ts';
import { PrivateFolders } from '../../process/privateFolder.ts';
import { ToolError } from '../../process/toolError.ts';
import type { ToolOutput, ToolPlan } from '../../process/toolPlan.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import type { NoThumbnail, PictureThumbnail } from '../webview/gallery/thumbnail.ts';
import { nothing } from './nothing.ts';

/** Of the whole, where the poster is taken: the first frames are often black. */
const AT = 0.1;
const LIMITS = { wallSeconds: 20, cpuSeconds: 20, memory: 4_000_000_000, fileSize: 8_000_000 };

export interface PosterSource {
  readonly part: FilePart;
  readonly container: Container;
  /** Seconds; undefined where it is not known. */
  readonly duration: number | undefined;
}

/** One frame of a film, or a picture that sharp does not read, made small by ffmpeg. Rejects when the signal is aborted. */
export async function makePoster(runner: ToolRunner, source: PosterSource, px: number, signal: AbortSignal): Promise<PictureThumbnail | NoThumbnail> {
  const folder = new PrivateFolders(tmpdir()).make();
  const output = join(folder.path, 'poster.jpg');
  try {
    const times = source.duration === undefined ? [0] : [source.duration * AT, 0];
    let said = 'there is no picture in it';
    for (const time of times) {
      try {
        await runner.run(posterPlan(source, time, px, output), { signal });
        return pictureOf(readFileSync(output));
      } catch (error) {
        signal.throwIfAborted();
        if (ToolError.is(error, 'notFound')) {
          return nothing('missing', error.message);
        }
        // Without a frame at that time there is no file, and the beginning is tried.
        said = (error as NodeJS.ErrnoException).code === 'ENOENT' ? said : complaintOf(error, source.part.file);
      }
    }
    return nothing('broken', said.slice(0, 120));
  } finally {
    await folder.remove();
  }
}

/** The frame at or before a time, in seconds: what follows a key frame is not decoded. The demuxer is forced, as for ffprobe. */
export function posterPlan({ part, container }: PosterSource, time: number, px: number, output: string): ToolPlan<ToolOutput> {
  const demuxer = MEDIA_DEMUXERS[container] ?? PICTURE_DEMUXERS[container];
  const side = (name: string) => `'min(${px},${name})'`;
  return {
    tool: 'ffmpeg',
    args: [
      '-hide_banner', '-nostdin', '-v', 'error', '-threads', '1', '-protocol_whitelist', protocolsOf(part), ...(demuxer ? demuxerArgs(demuxer) : []),
      ...(time > 0 ? ['-noaccurate_seek', '-ss', time.toFixed(3)] : []), '-i', inputUrl(part),
      '-map', '0:V:0', '-frames:v', '1', '-vf', `scale=w=${side('iw')}:h=${side('ih')}:force_original_aspect_ratio=decrease,format=yuvj420p`,
      '-c:v', 'mjpeg', '-q:v', '4', '-f', 'mjpeg', `file:${output}`,
    ],
    limits: LIMITS,
    parse: (said) => said,
  };
}

export function canBePoster(container: Container): boolean {
  return MEDIA_DEMUXERS[container] !== undefined || PICTURE_DEMUXERS[container] !== undefined;
}

/** The size stands in the frame header that ffmpeg writes. (ITU-T T.81, B.2.2) */
function pictureOf(bytes: Buffer): PictureThumbnail {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at + 1] !== 0xc0) {
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return { drawn: 'picture', bytes: new Uint8Array(bytes), type: 'image/jpeg', width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5), hasAlpha: false };
}
