import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OptionValues } from '../../../../src/recipe/option.ts';
import { SkipItem, Unmet, type Preset } from '../../../../src/convert/preset.ts';
import { audioChunks } from '../../../../src/convert/presets/audio/chunks.ts';
import { audioFlac } from '../../../../src/convert/presets/audio/flac.ts';
import { audioLoudness } from '../../../../src/convert/presets/audio/loudness.ts';
import { audioOpus } from '../../../../src/convert/presets/audio/opus.ts';
import { audioPeak } from '../../../../src/convert/presets/audio/peak.ts';
import { audioResample } from '../../../../src/convert/presets/audio/resample.ts';
import { audioSpectrogram } from '../../../../src/convert/presets/audio/spectrogram.ts';
import { audioTrimSilence } from '../../../../src/convert/presets/audio/trimSilence.ts';
import { audioWav16kMono } from '../../../../src/convert/presets/audio/wav16kMono.ts';
import { PRESETS } from '../../../../src/convert/presets/index.ts';
import type { Container, Media } from '../../../../src/media/media.ts';
import { choose, cleanUp, convert, ffmpeg, newFolder, probe, sox, writeWav } from '../audioBench.ts';
import { makeSamples, READERS } from './audioSamples.ts';

const AUDIO: readonly (readonly [Preset, OptionValues])[] = [
  [audioWav16kMono, {}],
  [audioResample, { rate: 32_000, bitDepth: '24', format: 'flac' }],
  [audioFlac, {}],
  [audioOpus, {}],
  [audioLoudness, {}],
  [audioPeak, {}],
  [audioTrimSilence, {}],
  [audioChunks, { seconds: 0.3 }],
  [audioSpectrogram, { width: 200, height: 129 }],
];
/** Without a method for sox. */
const BY_FFMPEG = [audioOpus, audioLoudness];
/** sox would make other samples of floats, or clip them. */
const EXACT = [audioPeak, audioTrimSilence, audioChunks];

const samples = newFolder();
const kept: string[] = [samples];

beforeAll(() => {
  makeSamples(samples);
});
afterEach(() => cleanUp(kept));
afterAll(() => cleanUp());

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe.each(AUDIO)('$id', (preset, options) => {
  it.each(Object.keys(READERS))('keeps its promise of %s, and the original as it is', async (name) => {
    const path = join(samples, name);
    const before = hashOf(path);
    const { engine, faults } = await convert(preset, path, { options });
    const reader = BY_FFMPEG.includes(preset) || (EXACT.includes(preset) && name === 'f32.wav') ? 'ffmpeg' : READERS[name];
    expect([faults, engine, hashOf(path)]).toEqual([[], reader, before]);
  });

  it('gives the same bytes on a rerun', async () => {
    for (const name of ['s24.wav', 'a.m4a']) {
      const one = await convert(preset, join(samples, name), { options });
      const other = await convert(preset, join(samples, name), { options });
      const bytesOf = (output: string): readonly string[] =>
        preset === audioChunks ? readdirSync(output).sort().map((file) => `${file} ${hashOf(join(output, file))}`) : [hashOf(output)];
      expect(bytesOf(one.output)).toEqual(bytesOf(other.output));
    }
  });

  it('reads a file of any name, and writes nothing beside its output', async () => {
    for (const name of ['a.wav', 'a.mp3']) {
      const folder = newFolder();
      const root = join(folder, '|touch x %d %6n.m3u?\n\'"$(id)é');
      mkdirSync(root);
      const path = join(root, `*;-i\\ [0]\n${name}`);
      writeFileSync(path, readFileSync(join(samples, name === 'a.wav' ? 's16.wav' : name)));
      const { faults } = await convert(preset, path, { options, output: join(root, '.trainyard-1-1.part') });
      expect(faults).toEqual([]);
      expect([readdirSync(root).sort(), readdirSync(folder)]).toEqual([['.trainyard-1-1.part', basename(path)].sort(), [basename(root)]]);
    }
  });

  it('refuses what holds no samples, or a rate that no recorder has', async () => {
    const folder = newFolder();
    writeWav(join(folder, 'none.wav'), []);
    writeWav(join(folder, 'slow.wav'), [1, 2, 3], 1);
    writeWav(join(folder, 'fast.wav'), [1, 2, 3], 4_000_000);
    for (const [name, reason] of [['none.wav', /it holds no samples/], ['slow.wav', /rate of 1 Hz/], ['fast.wav', /4000000 Hz/]] as const) {
      expect(await choose(preset, await probe(join(folder, name)), options)).toEqual({ refused: expect.stringMatching(reason) });
    }
  });

  it.each<Container>(['m3u', 'pls', 'ffconcat', 'plaintext', 'svg'])('refuses %s', async (container) => {
    const media: Media = { ...(await probe(join(samples, 's16.wav'))), container };
    expect(await choose(preset, media, options)).toEqual({ refused: expect.stringContaining(container) });
  });

  it('takes a single sample for a sound, or says why not', async () => {
    const path = join(newFolder(), 'one.wav');
    writeWav(path, [8000]);
    const outcome = await convert(preset, path, { options }).then(({ faults }) => faults, (error: unknown) => error);
    const isTold = outcome instanceof SkipItem || outcome instanceof Unmet || (Array.isArray(outcome) && outcome.length === 0);
    expect(isTold, String(outcome)).toBe(true);
  });

  it('fails a file that is cut short, whatever its format lets the tools notice', async () => {
    for (const name of ['s16.wav', 'a.aiff', 'a.au', 'a.flac']) {
      const path = join(newFolder(), name);
      const bytes = readFileSync(join(samples, name));
      writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
      const outcome = await convert(preset, path, { options }).then(({ faults }) => faults, (error: unknown) => String(error));
      expect(outcome, name).not.toEqual([]);
    }
  });
});

it('sox is not used in a build without FLAC and Vorbis, of which it cannot be asked file by file', async () => {
  const media = await probe(join(samples, 's16.wav'));
  const tool = { prefix: [], path: '/x', version: '', banner: '', buildId: '' };
  const tools = new Map([
    ['sox', { ...tool, id: 'sox' as const, features: new Set(['wav']) }],
    ['ffmpeg', { ...tool, id: 'ffmpeg' as const, features: new Set<string>() }],
  ] as const);
  expect(await choose(audioWav16kMono, media, {}, tools)).toBe('ffmpeg');
  expect(await choose(audioOpus, media, {}, tools)).toEqual({ refused: expect.stringMatching(/without libopus/) });
});

describe('what only one engine reads rightly', () => {
  it('is given to it: big-endian WAVE to sox, Vorbis in surround, MP3 in WAVE and AAC to ffmpeg', async () => {
    const folder = newFolder();
    sox(join(samples, 's16.wav'), '--endian', 'big', join(folder, 'rifx.wav'));
    ffmpeg('-i', join(samples, 'surround.wav'), '-c:a', 'libvorbis', join(folder, 'surround.ogg'));
    ffmpeg('-i', join(samples, 's16.wav'), '-c:a', 'mp3', '-f', 'wav', join(folder, 'mp3.wav'));
    ffmpeg('-i', join(samples, 's16.wav'), '-c:a', 'adpcm_ima_wav', join(folder, 'adpcm.wav'));
    const engines = await Promise.all(
      ['rifx.wav', 'surround.ogg', 'mp3.wav', 'adpcm.wav'].map(async (name) => choose(audioWav16kMono, await probe(join(folder, name)))),
    );
    expect(engines).toEqual(['sox', 'ffmpeg', 'ffmpeg', 'ffmpeg']);
    expect(await choose(audioLoudness, await probe(join(folder, 'rifx.wav')))).toEqual({ refused: expect.stringMatching(/big-endian/) });
  });
});

it('every audio preset is registered, says what it does and takes audio alone', () => {
  const registered = PRESETS.filter(({ id }) => id.startsWith('audio.'));
  expect(registered.map(({ id }) => id).sort()).toEqual(AUDIO.map(([{ id }]) => id).sort());
  expect(registered.map(({ kinds }) => kinds)).toEqual(registered.map(() => ['audio']));
});
