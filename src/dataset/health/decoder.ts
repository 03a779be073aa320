import { known } from '../../base/absent.ts';
import { lazyAsync } from '../../base/lazy.ts';
import type { Media } from '../../media/media.ts';
import type { Brightness, SoundLevels } from '../../media/rules/media.ts';
import { checkBrightness, checkLevels, undecodable } from '../../media/rules/media.ts';
import type { Finding } from '../../media/rules/rule.ts';
import type { RuleCode } from '../../media/rules/index.ts';
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

/** Seconds of sound. */
const MISSING_FROM = 0.01;
const LEVELS = 'astats=measure_perchannel=none:measure_overall=Peak_level+Peak_count+Flat_factor+Number_of_samples';
/** Seconds and bytes that decoding one file may take. */
const LIMITS = { wallSeconds: 1800, memory: 4 * 2 ** 30 };

type Findings = readonly Finding<RuleCode>[];

export interface Decoder {
  /** What is wrong with a file by its content: that it cannot be decoded to its end, or what is heard and seen then; nothing where nothing here decodes it. */
  look(media: Media, signal: AbortSignal | undefined): Promise<Findings>;
  /** Why some files were not decoded. */
  notes(): readonly string[];
}

/** Decodes every byte: pictures with sharp, sound and films with ffmpeg, where tools may be run and it is there. */
export function createDecoder(search: ToolSearch | undefined): Decoder {
  const sharp = lazyAsync(async () => loadSharp().catch(() => undefined));
  const ffmpeg = lazyAsync(async () => (search === undefined ? undefined : ffmpegRunner(search)));
  const notes = new Set<string>();

  async function decodePicture(path: string): Promise<Findings> {
    const library = await sharp();
    if (library === undefined) {
      notes.add('Pictures were not decoded: sharp does not load on this machine.');
      return [];
    }
    try {
      const picture = library(path, { failOn: 'warning', limitInputPixels: false, sequentialRead: true });
      const { channels } = await picture.stats();
      const { depth, hasAlpha, isPalette } = await picture.metadata();
      const full = FULL[depth ?? ''];
      return full === undefined || isPalette === true || LABELS.test(path) ? [] : checkBrightness(brightnessOf(hasAlpha === true ? channels.slice(0, -1) : channels, full));
    } catch (error) {
      return [undecodable((error as Error).message)];
    }
  }

  async function decodeStream(media: Media, signal: AbortSignal | undefined): Promise<Findings> {
    const runner = await ffmpeg();
    const plan = decodePlan(media);
    if (runner === undefined || plan === undefined) {
      notes.add(search === undefined ? 'Sound and films were not decoded: no tools are run here.' : runner === undefined ? 'Sound and films were not decoded: ffmpeg was not found.' : `${media.container} is not decoded.`);
      return [];
    }
    try {
      return await runner.run(plan, { ...(signal && { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      if (ToolError.is(error, 'notFound')) {
        notes.add(error.message);
        return [];
      }
      return [undecodable((ToolError.is(error, 'exit') ? complaintIn(error.stderrTail, media.path) : undefined) ?? (error as Error).message)];
    }
  }

  return {
    look: async (media, signal) => (media.kind === 'image' ? (readableBySharp(media.container) ? decodePicture(media.path) : []) : decodeStream(media, signal)),
    notes: () => [...notes],
  };
}

/** Of a value as sharp counts it, by the depth that it names. */
const FULL: Readonly<Record<string, number>> = { uchar: 255, ushort: 65_535 };
/** Pictures whose values are numbers of classes, or distances: dark by nature. */
const LABELS = /(?:^|[^a-z])(?:mask|masks|label|labels|labelid|seg|segmentation|segmentationclass|annotation|annotations|depth|disparity|instance|semantic|gt)(?![a-z])/i;

function brightnessOf(channels: readonly { readonly mean: number; readonly stdev: number; readonly min: number; readonly max: number }[], full: number): Brightness[] {
  return channels.map(({ mean, stdev, min, max }) => ({ mean: mean / full, deviation: stdev / full, range: (max - min) / full }));
}

/** A line that ffmpeg marks as an error. Lines of metadata never begin so: they are indented. */
const ERROR = /^(?:\[[^[\]]+ @ 0x[0-9a-f]+\] )?\[(?:error|fatal|panic)\] (.*)$/m;

function complaintIn(said: string, path: string): string | undefined {
  return ERROR.exec(said)?.[1]?.replace(`file:${path}: `, '').trim();
}

/** What astats says of a stream, the loudest where there are several. */
function levelsIn(said: string): SoundLevels | undefined {
  const values = (name: string): number[] => [...said.matchAll(new RegExp(`\\[info\\] ${name}: (\\S+)$`, 'gm'))].map(([, value]) => (value === '-inf' ? -Infinity : Number(value)));
  const [peaks, flat, counts, samples] = [values('Peak level dB'), values('Flat factor'), values('Peak count'), values('Number of samples')];
  const loudest = peaks.indexOf(Math.max(...peaks));
  return loudest < 0 ? undefined : { peak: peaks[loudest] ?? NaN, run: 10 ** ((flat[loudest] ?? 0) / 20), atPeak: counts[loudest] ?? 0, samples: samples[loudest] ?? 0 };
}

/** Of lossless sounds, whose headers state their length: ffmpeg passes over damaged frames of FLAC without a word. */
function missingSamples({ container, audio, duration }: Media, decoded: number): Findings {
  const [rate, seconds] = [known(audio?.sampleRate), known(duration)];
  const stated = rate === undefined || seconds === undefined || (container !== 'flac' && container !== 'wav') ? 0 : Math.round(rate * seconds);
  return decoded < stated - MISSING_FROM * (rate ?? 0) ? [undecodable(`only ${decoded} of ${stated} samples can be decoded`)] : [];
}

/** Decodes all streams to nothing; the first error ends it. */
function decodePlan(media: Media): ToolPlan<Findings> | undefined {
  const { path, container, audio } = media;
  const demuxer = MEDIA_DEMUXERS[container];
  return (
    demuxer && {
      tool: 'ffmpeg',
      args: ['-hide_banner', '-nostdin', '-v', 'level+info', '-nostats', '-xerror', '-err_detect', 'explode', '-threads', '1', '-protocol_whitelist', 'file', ...demuxerArgs(demuxer), '-i', `file:${path}`, '-map', '0:v?', '-map', '0:a?', ...(audio === undefined ? [] : ['-af', LEVELS]), '-f', 'null', '-'],
      limits: LIMITS,
      keep: 65_536,
      parse: ({ stderr }) => {
        const levels = levelsIn(stderr);
        const missing = levels === undefined ? [] : missingSamples(media, levels.samples);
        const said = missing.length > 0 ? undefined : complaintIn(stderr, path);
        return [...missing, ...(said === undefined ? [] : [undecodable(said)]), ...(levels === undefined ? [] : checkLevels(levels))];
      },
    }
  );
}

async function ffmpegRunner(search: ToolSearch): Promise<ToolRunner | undefined> {
  const wrappers = await findWrappers();
  const tools = toolboxOf(await createToolFinder({ wrappers }).find(search, ['ffmpeg']));
  return tools.has('ffmpeg') ? createToolRunner({ tools, wrappers, env: search.env }) : undefined;
}
