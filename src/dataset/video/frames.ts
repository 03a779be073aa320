import { demuxerArgs, MEDIA_DEMUXERS } from '../../media/demuxers.ts';
import { complaintOf } from '../../media/ffprobe.ts';
import type { FilePart } from '../../media/filePart.ts';
import { inputUrl, protocolsOf } from '../../media/filePart.ts';
import type { Container } from '../../media/media.ts';
import { ToolError } from '../../process/toolError.ts';
import type { ToolPlan } from '../../process/toolPlan.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import { DatasetError } from '../datasetError.ts';

export interface FilmFile {
  readonly part: FilePart;
  readonly container: Container;
}

export type Wanted = { readonly count: number } | { readonly seconds: number; readonly rate: number };

/** Bytes of the pictures of one run. */
const MOST = 2 ** 20;
const LIMITS = { wallSeconds: 30, cpuSeconds: 60, memory: 4 * 2 ** 30, fileSize: 0 };

/** Seconds before a time from which is decoded where the container leads to no key frame before it, as transport streams may. */
const EARLY = 12;

/** Pictures from a time on, in seconds after the beginning, at most so wide, upright. Of too many bytes the last ones are left out. */
export async function decodeFrames(...[runner, film, from, width, what, signal]: Parameters<typeof decodeOnce>): Promise<readonly Uint8Array[]> {
  const pictures = await decodeOnce(runner, film, from, width, what, signal).catch((error: unknown) => {
    if (from <= 0 || !(error instanceof DatasetError)) {
      throw error;
    }
    return [];
  });
  return pictures.length > 0 || from <= 0 ? pictures : decodeOnce(runner, film, from, width, what, signal, EARLY);
}

async function decodeOnce(runner: ToolRunner, film: FilmFile, from: number, width: number, what: Wanted, signal: AbortSignal, early = 0): Promise<readonly Uint8Array[]> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    await runner.run(plan(film, from, width, what, Math.min(from, early)), {
      signal,
      onStdout(chunk) {
        size += chunk.length;
        if (size <= 16 * MOST) {
          chunks.push(chunk);
        }
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (ToolError.is(error, 'cancelled') || size === 0) {
      throw ToolError.is(error, 'cancelled') ? error : new DatasetError('malformed', `ffmpeg cannot decode it: ${complaintOf(error, film.part.file)}`, { cause: error });
    }
  }
  return withinBytes(splitJpegs(Buffer.concat(chunks)));
}

function plan({ part, container }: FilmFile, from: number, width: number, what: Wanted, early: number): ToolPlan<undefined> {
  const demuxer = MEDIA_DEMUXERS[container];
  const isOne = 'count' in what;
  const scale = `scale='trunc(min(${width},iw*if(gt(sar,0),sar,1))/2)*2':-2,setsar=1,format=yuvj420p`;
  return {
    tool: 'ffmpeg',
    args: [
      '-hide_banner', '-nostdin', '-v', 'error', '-threads', '2', '-protocol_whitelist', `${protocolsOf(part)},pipe`, ...(demuxer ? demuxerArgs(demuxer) : []),
      ...(from > early ? ['-ss', (from - early).toFixed(6)] : []), ...(isOne ? [] : ['-t', (what.seconds + early).toFixed(3)]), '-i', inputUrl(part), ...(early > 0 ? ['-ss', early.toFixed(6)] : []),
      '-map', '0:V:0', '-an', '-sn', '-dn', ...(isOne ? ['-frames:v', String(what.count)] : []), '-vf', isOne ? scale : `fps=${what.rate},${scale}`,
      '-c:v', 'mjpeg', '-q:v', isOne ? '3' : '6', '-f', 'image2pipe', 'pipe:1',
    ],
    keep: 65_536,
    limits: LIMITS,
    parse: () => undefined,
  };
}

/** JPEG pictures that were written one behind the other: within one, the byte FF is never followed by D8. (ITU-T T.81, B.1.1.5) */
export function splitJpegs(bytes: Uint8Array): readonly Uint8Array[] {
  const starts: number[] = [];
  for (let at = bytes.indexOf(0xff); at >= 0 && at + 2 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === 0xd8 && bytes[at + 2] === 0xff) {
      starts.push(at);
    }
  }
  return starts.map((start, index) => bytes.slice(start, starts[index + 1]));
}

function withinBytes(pictures: readonly Uint8Array[]): readonly Uint8Array[] {
  let size = 0;
  return pictures.filter((picture) => (size += picture.length) <= MOST);
}
