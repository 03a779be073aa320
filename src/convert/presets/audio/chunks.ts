import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createProber } from '../../../media/probe.ts';
import type { Media } from '../../../media/media.ts';
import type { ToolOutput } from '../../../process/toolPlan.ts';
import type { Call } from '../../engine.ts';
import { definePreset, exactly, SkipItem, Unmet, type FolderExpectation, type Outcome, type Range, type Task } from '../../preset.ts';
import { ffmpegCall, soundMethod, soxCall } from './calls.ts';
import { chunkListText, chunkName, type Chunk, type ChunkListFormat } from './chunkList.ts';
import { expectEncoding, isFloat } from './encodings.ts';
import { filterChain } from './filters.ts';
import { chosenContainer, keptEncoding, keptNotes, refuseFormat, soundFormat, type FormatChoice } from './options.ts';
import { samplesIn } from './samplesIn.ts';
import { refuseSound, soundOf, wholeLength } from './sound.ts';

interface ChunksOptions {
  readonly seconds: number;
  readonly last: 'keep' | 'drop';
  readonly format: FormatChoice;
  readonly list: ChunkListFormat;
}

const MOST_FILES = 100_000;
/** Samples of all channels in a piece that ffmpeg, which holds it whole, is asked for. */
const MOST_HELD = 2 ** 27;

/** Samples of each channel in a whole piece. */
function lengthOf(media: Media, { seconds }: ChunksOptions): number {
  return Math.max(1, Math.round(seconds * soundOf(media).rate));
}

/** How many samples the input holds, as far as its header tells; never nothing. */
function samplesOf(media: Media): Range {
  const { rate } = soundOf(media);
  const { min, max } = wholeLength(media, rate);
  return { min: Math.max(1, Math.ceil(min * rate - 1e-6)), max: Math.floor(max * rate + 1e-6) };
}

function filesOf(media: Media, options: ChunksOptions): Range {
  const length = lengthOf(media, options);
  const { min, max } = samplesOf(media);
  const count = (samples: number): number => (options.last === 'drop' ? Math.floor(samples / length) : Math.ceil(samples / length));
  return { min: Math.max(1, count(min)), max: Math.max(1, count(max)) };
}

function refuse(media: Media, options: ChunksOptions): string | undefined {
  const refused = refuseSound(media) ?? refuseFormat(media, options.format);
  if (refused !== undefined) {
    return refused;
  }
  const { seconds } = soundOf(media);
  if (seconds === undefined) {
    return 'its length is not known';
  }
  const files = Math.ceil(seconds / options.seconds);
  return files > MOST_FILES ? `it would become ${files} files, more than ${MOST_FILES}` : undefined;
}

function* bySox(task: Task<ChunksOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, output: folder } = task;
  const encoding = keptEncoding(media, options.format);
  yield soxCall(task, {
    format: encoding.sox,
    effects: ['trim', '0', `${lengthOf(media, options)}s`, ':', 'newfile', ':', 'restart'],
    output: { folder, pattern: `%6n.${encoding.container}` },
    groupable: false,
  });
  return finish(task);
}

/** Packets as long as a piece: ffmpeg splits between packets. It does so at the first one after half a piece, so at each. */
function* byFfmpeg(task: Task<ChunksOptions>): Generator<Call, Outcome, ToolOutput> {
  const { media, options, tool, output: folder } = task;
  const { rate } = soundOf(media);
  const encoding = keptEncoding(media, options.format);
  const length = lengthOf(media, options);
  const chain = filterChain(media, tool, { channels: 'keep', rate, encoding, then: [`asetnsamples=n=${length}:p=0`] });
  yield ffmpegCall(task, {
    outputOptions: [
      '-af', chain, ...encoding.ffmpeg,
      '-f', 'segment', '-segment_format', 'wav', '-segment_time', (length / 2 / rate).toFixed(6),
      '-segment_start_number', '1', '-reset_timestamps', '1',
    ],
    output: { folder, pattern: '%06d.wav' },
    groupable: false,
  });
  return finish(task);
}

/** Reads back what was written, holds it to what there was, and lists it. */
function finish({ media, options, output: folder, salvage }: Task<ChunksOptions>): Outcome {
  const { container } = keptEncoding(media, options.format);
  const length = lengthOf(media, options);
  const chunks = readChunks(folder, container);
  const odd = chunks.find(({ from, to }, index) => (index < chunks.length - 1 ? to - from !== length : to - from > length || to === from));
  if (odd !== undefined) {
    throw new Unmet(`${odd.file}: expected ${length} samples, found ${odd.to - odd.from}`);
  }
  const all = chunks.at(-1)?.to ?? 0;
  const { min, max } = samplesOf(media);
  if (all > max || (all < min && !salvage)) {
    throw new Unmet(`samples in all pieces: expected ${min === max ? min : `${min} to ${max}`}, found ${all}`);
  }
  const last = chunks.at(-1);
  if (options.last === 'drop' && last !== undefined && last.to - last.from < length) {
    rmSync(join(folder, last.file));
    chunks.pop();
  }
  if (chunks.length === 0) {
    throw new SkipItem(`shorter than ${options.seconds} s`);
  }
  const text = chunkListText(chunks, soundOf(media).rate, options.list);
  return { sidecars: [{ name: `chunks.${options.list}`, text }], notes: keptNotes(media, options.format) };
}

function readChunks(folder: string, extension: string): Chunk[] {
  const prober = createProber();
  const chunks: Chunk[] = [];
  const count = readdirSync(folder).length;
  for (let index = 0, from = 0; index < count; index++) {
    const file = chunkName(index, extension);
    const to = from + (samplesIn(join(folder, file), prober) ?? 0);
    chunks.push({ file, from, to });
    from = to;
  }
  return chunks;
}

function expect(media: Media, options: ChunksOptions): FolderExpectation {
  const { rate, channels } = soundOf(media);
  const encoding = keptEncoding(media, options.format);
  const whole = lengthOf(media, options) / rate;
  const each = expectEncoding(encoding, exactly(whole), rate, channels);
  return {
    files: filesOf(media, options),
    each,
    ...(options.last === 'keep' && { last: { ...each, duration: { min: 0.5 / rate, max: whole } } }),
  };
}

export const audioChunks = definePreset({
  id: 'audio.chunks',
  title: 'Split into chunks',
  summary: 'A folder of pieces of exactly the same length, to the sample, the last one shorter, with a list of where each begins and ends.',
  kinds: ['audio'],
  options: {
    seconds: {
      type: 'number',
      title: 'Length',
      description: 'Of each piece, to the nearest sample.',
      default: 30,
      min: 0.01,
      max: 86_400,
      unit: 's',
    },
    last: {
      type: 'choice',
      title: 'Last piece',
      description: 'What becomes of the rest that is shorter than the others.',
      default: 'keep',
      choices: [
        { value: 'keep', title: 'Keep it' },
        { value: 'drop', title: 'Leave it out' },
      ],
    },
    format: soundFormat,
    list: {
      type: 'choice',
      title: 'List of offsets',
      description: 'A file beside the pieces: file, start and end in seconds, samples.',
      default: 'jsonl',
      choices: [
        { value: 'jsonl', title: 'chunks.jsonl' },
        { value: 'csv', title: 'chunks.csv' },
      ],
    },
  },
  revision: 1,
  refuse,
  methods: [
    soundMethod('sox', bySox, {
      refuse: (media) => (isFloat(media) ? 'sox would make other samples of floats' : undefined),
    }),
    soundMethod('ffmpeg', byFfmpeg, {
      refuse: (media, options) => {
        if (chosenContainer(media, options.format) === 'flac') {
          return 'ffmpeg cuts FLAC between its own blocks only: choose WAV';
        }
        const held = lengthOf(media, options) * soundOf(media).channels;
        return held > MOST_HELD ? 'so long a piece is too large for ffmpeg to hold in memory' : undefined;
      },
    }),
  ],
  output: () => ({ kind: 'folder' }),
  expect,
});
