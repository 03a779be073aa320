import { lazyAsync } from '../../base/lazy.ts';
import { complaintOf } from '../../media/ffprobe.ts';
import type { Media } from '../../media/media.ts';
import { demuxerArgs, MEDIA_DEMUXERS } from '../../media/demuxers.ts';
import { loadSharp } from '../../media/sharpLibrary.ts';
import { readableBySharp } from '../../media/sharpLoaders.ts';
import { createToolRunner } from '../../process/createToolRunner.ts';
import { ToolError } from '../../process/toolError.ts';
import { createToolFinder, toolboxOf } from '../../process/toolFinder.ts';
import type { ToolPlan } from '../../process/toolPlan.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import type { ToolSearch } from '../../process/toolSearch.ts';
import { findWrappers } from '../../process/wrappers.ts';

/** Seconds and bytes that decoding one file may take. */
const LIMITS = { wallSeconds: 1800, memory: 4 * 2 ** 30 };

export interface Decoder {
  /** What was said of a file that cannot be decoded to its end; undefined where it can, or where nothing here decodes it. */
  complaint(media: Media, signal: AbortSignal | undefined): Promise<string | undefined>;
  /** Why some files were not decoded. */
  notes(): readonly string[];
}

/** Decodes every byte: pictures with sharp, sound and films with ffmpeg, where tools may be run and it is there. */
export function createDecoder(search: ToolSearch | undefined): Decoder {
  const sharp = lazyAsync(async () => loadSharp().catch(() => undefined));
  const ffmpeg = lazyAsync(async () => (search === undefined ? undefined : ffmpegRunner(search)));
  const notes = new Set<string>();

  async function decodePicture(path: string): Promise<string | undefined> {
    const library = await sharp();
    if (library === undefined) {
      notes.add('Pictures were not decoded: sharp does not load on this machine.');
      return undefined;
    }
    try {
      await library(path, { failOn: 'warning', limitInputPixels: false, sequentialRead: true }).stats();
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  async function decodeStream(media: Media, signal: AbortSignal | undefined): Promise<string | undefined> {
    const runner = await ffmpeg();
    const plan = decodePlan(media);
    if (runner === undefined || plan === undefined) {
      notes.add(search === undefined ? 'Sound and films were not decoded: no tools are run here.' : runner === undefined ? 'Sound and films were not decoded: ffmpeg was not found.' : `${media.container} is not decoded.`);
      return undefined;
    }
    try {
      return await runner.run(plan, { ...(signal && { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      if (ToolError.is(error, 'notFound')) {
        notes.add(error.message);
        return undefined;
      }
      return complaintOf(error, media.path);
    }
  }

  return {
    complaint: async (media, signal) => (media.kind === 'image' ? (readableBySharp(media.container) ? decodePicture(media.path) : undefined) : decodeStream(media, signal)),
    notes: () => [...notes],
  };
}

/** Decodes all streams to nothing; the first error ends it. */
function decodePlan({ path, container }: Media): ToolPlan<string | undefined> | undefined {
  const demuxer = MEDIA_DEMUXERS[container];
  return (
    demuxer && {
      tool: 'ffmpeg',
      args: ['-hide_banner', '-nostdin', '-v', 'error', '-xerror', '-err_detect', 'explode', '-threads', '1', '-protocol_whitelist', 'file', ...demuxerArgs(demuxer), '-i', `file:${path}`, '-map', '0:v?', '-map', '0:a?', '-f', 'null', '-'],
      limits: LIMITS,
      keep: 16_384,
      parse: ({ stderr }) => (stderr.trim() === '' ? undefined : stderr.trim().split('\n')[0]),
    }
  );
}

async function ffmpegRunner(search: ToolSearch): Promise<ToolRunner | undefined> {
  const wrappers = await findWrappers();
  const tools = toolboxOf(await createToolFinder({ wrappers }).find(search, ['ffmpeg']));
  return tools.has('ffmpeg') ? createToolRunner({ tools, wrappers, env: search.env }) : undefined;
}
