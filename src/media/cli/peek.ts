import { resolve } from 'node:path';
import type { Measured } from '../../base/absent.ts';
import { isAbsent, known } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { Media } from '../media.ts';
import { MediaError } from '../mediaError.ts';
import type { ProbeOptions } from '../probe.ts';
import { createProber } from '../probe.ts';

export interface PeekIo {
  out(text: string): void;
  err(text: string): void;
  readonly env: NodeJS.ProcessEnv;
}

/** Gives the runner of ffprobe's plans; undefined where there is no ffprobe. */
export type FfprobeMaker = (env: NodeJS.ProcessEnv) => Promise<ProbeOptions['ffprobe']>;

const USAGE = `trainyard peek FILE… [--json]

Says what each file is by its content: kind, container, length, format.
  --json   one JSON document a line, a line a file
`;

/** Exit codes of the command line. */
const DONE = 0;
const BAD_REQUEST = 1;
const SOME_FAILED = 17;

/**
 * `trainyard peek FILE… [--json]`. Resolves to the exit code: 0, 17 where a file could not be read, 1 for a bad
 * request. `ffprobe` makes the runner of ffprobe's plans when the first file needs it; without, or where it gives
 * none, what only ffprobe knows is absent.
 */
export async function peek(args: readonly string[], io: PeekIo, ffprobe?: FfprobeMaker): Promise<number> {
  const request = parseArgs(args);
  if (request === undefined || request.files.length === 0) {
    io.err(USAGE);
    return BAD_REQUEST;
  }
  if (request.help) {
    io.out(USAGE);
    return DONE;
  }
  const prober = createProber();
  let options: ProbeOptions | undefined;
  let code = DONE;
  for (const file of request.files) {
    const path = resolve(file);
    try {
      const quick = prober.probeFast(path);
      if (quick === undefined) {
        options ??= await probeOptions(ffprobe, io.env);
      }
      const media = quick ?? (await prober.probe(path, options));
      io.out(request.json ? `${JSON.stringify(documentOf(media))}\n` : lineOf(file, media));
    } catch (error) {
      const failure = MediaError.from(error, path);
      code = SOME_FAILED;
      io.err(`${printable(failure.message)}\n`);
      if (request.json) {
        io.out(`${JSON.stringify(documentOfFailure(failure))}\n`);
      }
    }
  }
  return code;
}

async function probeOptions(make: FfprobeMaker | undefined, env: NodeJS.ProcessEnv): Promise<ProbeOptions> {
  const ffprobe = await make?.(env);
  return ffprobe === undefined ? {} : { ffprobe };
}

interface Request {
  readonly files: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
}

/** undefined where an option is not known. What follows `--` is files, dashes or not. */
function parseArgs(args: readonly string[]): Request | undefined {
  const end = args.indexOf('--');
  const before = end < 0 ? args : args.slice(0, end);
  const options = before.filter((arg) => arg.startsWith('-'));
  if (options.some((option) => !['--json', '--help', '-h'].includes(option))) {
    return undefined;
  }
  const help = options.includes('--help') || options.includes('-h');
  const files = [...before.filter((arg) => !arg.startsWith('-')), ...(end < 0 ? [] : args.slice(end + 1))];
  return { files: help ? [''] : files, json: options.includes('--json'), help };
}

/** The facts under their public names; parts that do not apply are left out. */
function documentOf(media: Media): object {
  const { path, kind, container, size, duration, audio, video, image, problems } = media;
  return { path, kind, container, size, duration, audio, video, image, problems };
}

function documentOfFailure({ path, reason, message }: MediaError): object {
  const missing = { absent: message };
  return { path, kind: missing, container: missing, size: missing, problems: [message], reason };
}

/** `name  kind  container  length or size  format  problems`, in columns. */
function lineOf(name: string, media: Media): string {
  const { audio, video, image } = media;
  const parts = [
    image && `${show(image.width)}x${show(image.height)}`,
    image && known(image.frames) !== 1 && `${show(image.frames)} frames`,
    image && known(image.orientation) !== 1 && `orientation ${show(image.orientation)}`,
    video && `${show(video.codec)} ${show(video.width)}x${show(video.height)} ${show(video.frameRate, 3)} fps`,
    audio && `${show(audio.codec)} ${show(audio.sampleRate)} Hz ${show(audio.channels)} ch`,
    audio && known(audio.bitDepth) !== undefined && `${show(audio.bitDepth)} bit`,
  ].filter((part) => typeof part === 'string');
  const length = media.duration === undefined ? `${media.size} B` : isAbsent(media.duration) ? '?' : `${media.duration.toFixed(3)} s`;
  const columns = [media.kind.padEnd(6), media.container.padEnd(9), length.padStart(14), parts.join(', ').padEnd(36), printable(name)];
  return `${[...columns, ...media.problems.map((problem) => `! ${printable(problem)}`)].join('  ')}\n`;
}

function show(value: Measured<string | number>, digits?: number): string {
  const text = known(value);
  return typeof text === 'number' && digits !== undefined ? String(Number(text.toFixed(digits))) : String(text ?? '?');
}
