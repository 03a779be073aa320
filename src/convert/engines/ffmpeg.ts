import { demuxerArgs, MEDIA_DEMUXERS, PICTURE_DEMUXERS } from '../../media/demuxers.ts';
import type { ToolOutput, ToolPlan } from '../../process/toolPlan.ts';
import type { Engine, EngineRun, RawCall, Verdict } from '../engine.ts';
import type { FfmpegCall, FfmpegOutput, MediaSource } from '../mediaWork.ts';
import { MOST_PIXELS } from '../imageWork.ts';
import { createFfmpegProgress } from './ffmpegProgress.ts';

type AnyCall = FfmpegCall | RawCall;

/**
 * Address space: for the libraries and an encoder's frames (4K at one thread: 1 GiB; 8K in 10 bits: some 6), and for what each thread and
 * each further input adds (20 inputs: 1.5 GiB).
 */
const BASE_MEMORY = 8 * 2 ** 30;
const MEMORY_PER_PART = 2 ** 29;

/**
 * Input options for files that somebody else made: local files only, no decompression bombs, neither subtitles nor data. Strict runs
 * stop at the first sign of damage: without `explode` a truncated JPEG gives exit 0, without `crccheck` a FLAC frame with a wrong bit.
 */
function guard(threads: number, { salvage }: EngineRun): readonly string[] {
  return [
    '-protocol_whitelist', 'file,pipe', '-max_pixels', String(MOST_PIXELS), '-max_streams', '64',
    ...(salvage ? [] : ['-err_detect', 'crccheck+explode']),
    '-threads', String(threads), '-sn', '-dn',
  ];
}

/**
 * The input options and `-i` that make ffmpeg read a file as what its bytes are and as nothing else. Throws for containers that it is
 * not to be shown, playlists and scripts above all: they name other files.
 */
export function ffmpegInput({ path, container }: MediaSource): readonly string[] {
  const demuxer = MEDIA_DEMUXERS[container] ?? PICTURE_DEMUXERS[container];
  if (demuxer === undefined) {
    throw new Error(`ffmpeg is not asked to read ${container}`);
  }
  return [...demuxerArgs(demuxer), '-i', `file:${path}`];
}

/**
 * ffmpeg starts in a tenth of a second, so that many short files go through one process, each an input and an output. A process that
 * fails or complains does not say for which of them.
 *
 * `-y`: temporary names are ours, and a group that failed is run again in parts. Nothing is overwritten at the rename that follows.
 */
export const ffmpegEngine: Engine<AnyCall> = {
  id: 'ffmpeg',
  // 200 files of 3 s: 2.4 s in fives, 1.5 s in tens, 1.4 s in twenties, 1.3 s in fifties.
  group: { calls: 20, cost: 120 },
  plan,
  judge: judgeFfmpeg,
};

function plan(calls: readonly AnyCall[], run: EngineRun): ToolPlan {
  const works = calls.filter((call): call is FfmpegCall => !('raw' in call));
  const threads = Math.max(1, ...works.map((call) => call.threads));
  const level = works.some((call) => call.filtersSpeak) ? 'level+info' : 'error';
  const args = [
    '-hide_banner', '-nostdin', '-y', '-v', level, ...(run.salvage ? [] : ['-xerror']), '-progress', 'pipe:1', '-nostats',
    '-filter_threads', String(threads), '-filter_complex_threads', String(threads),
  ];
  for (const call of calls) {
    if ('raw' in call) {
      args.push(...guard(1, run), ...call.raw);
    } else {
      args.push(...guard(call.threads, run), ...(call.inputOptions ?? []), ...ffmpegInput(call.source));
    }
  }
  for (const [index, call] of works.entries()) {
    for (const output of [call, ...(call.also ?? [])]) {
      args.push(...outputArgs(index, output, call.threads));
    }
  }
  return {
    tool: 'ffmpeg',
    args,
    limits: { ...run.limits, memory: BASE_MEMORY + (threads + calls.length) * MEMORY_PER_PART },
    parse: (output) => output,
    progress: () =>
      createFfmpegProgress(calls.map((call) => ({ seconds: call.seconds, frames: 'frames' in call ? call.frames : undefined }))),
  };
}

function outputArgs(input: number, { map, outputOptions, output }: FfmpegOutput, threads: number): readonly string[] {
  return [
    ...map.flatMap((stream) => ['-map', `${input}:${stream}`]),
    ...outputOptions,
    '-threads', String(threads),
    ...(output === undefined ? ['-f', 'null', '-'] : [pathOf(output)]),
  ];
}

/** image2 reads a pattern into the whole path: what is not ours to number is doubled. */
function pathOf(output: NonNullable<FfmpegOutput['output']>): string {
  return typeof output === 'string' ? `file:${output}` : `file:${output.folder.replaceAll('%', '%%')}/${output.pattern}`;
}

/** At `level+info` every message of ours to count bears its level; the filters' own words do not matter here. */
const ERROR_LEVEL = /^(?:\[[^[\]]*\] )?\[(?:panic|fatal|error)\] /;

/**
 * Exit 0 is not enough: of a corrupt Matroska file, a cut transport stream or a truncated picture it is given with a complaint on
 * stderr. In a strict run a complaint is a failure, which `-xerror` has mostly made one already; in salvage it is the damage.
 */
function judgeFfmpeg({ exitCode, stderr }: ToolOutput, calls: readonly AnyCall[]): readonly Verdict[] {
  const speaks = calls.some((call) => 'filtersSpeak' in call && call.filtersSpeak);
  const lines = stderr.split('\n').filter((line) => (speaks ? ERROR_LEVEL.test(line) : line.trim() !== ''));
  if (exitCode === 0 && lines.length === 0) {
    return calls.map(() => ({ state: 'clean' }));
  }
  if (calls.length > 1) {
    return calls.map(() => ({ state: 'unknown' }));
  }
  return [{ state: exitCode === 0 ? 'complained' : 'failed', lines: lines.length > 0 ? inFewWords(lines) : [`exit code ${exitCode}`] }];
}

/** Without addresses in memory and levels, so that two runs over the same damage say the same; each message once, and how often it came. */
function inFewWords(lines: readonly string[]): readonly string[] {
  const times = new Map<string, number>();
  for (const line of lines) {
    const words = line.replace(/^(\[[^[\]]+) @ 0x[0-9a-f]+\]/, '$1]').replace(/^(\[[^[\]]*\] )?\[(?:panic|fatal|error)\] /, '$1');
    times.set(words, (times.get(words) ?? 0) + 1);
  }
  return Array.from(times, ([words, count]) => (count === 1 ? words : `${words} (${count} times)`));
}
