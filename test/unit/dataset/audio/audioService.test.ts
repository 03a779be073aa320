import { copyFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AudioApi } from '../../../../src/dataset/audio/audioApi.ts';
import { createAudioService } from '../../../../src/dataset/audio/audioService.ts';
import type { AudioProgress } from '../../../../src/dataset/webview/audio/protocol.ts';
import { NEVER, scratch, SEARCH, sox } from './made.ts';

const folder = scratch();
const make = (trusted = true) => createAudioService({ storage: join(folder, 'storage'), root: folder, cacheBytes: 2 ** 24, ...(trusted && { search: SEARCH }) }, () => undefined);
const service = make();

async function ask<K extends keyof AudioApi>(method: K, params: Parameters<AudioApi[K]>[0], of = service): Promise<ReturnType<AudioApi[K]>> {
  return (await of.handlers[method](params, NEVER)) as ReturnType<AudioApi[K]>;
}

async function walked(file: string, of = service): Promise<AudioProgress> {
  for (;;) {
    const progress = await ask('progress', { place: { file } }, of);
    if (progress.done === 1 || progress.problem !== undefined) {
      return progress;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** 0.5 in the first half, 0.1 in the second, one sample of full scale at 3 s. */
let file: string;

beforeAll(() => {
  file = join(folder, 'steps.wav');
  sox('-n', '-r', '48000', '-c', '1', '-b', '16', join(folder, 'a.wav'), 'synth', '20', 'sine', '1000', 'vol', '0.5');
  sox('-n', '-r', '48000', '-c', '1', '-b', '16', join(folder, 'b.wav'), 'synth', '20', 'sine', '7100', 'vol', '0.1');
  sox(join(folder, 'a.wav'), join(folder, 'b.wav'), file);
});
afterAll(() => {
  service.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe('the service of recordings', () => {
  it('shows peaks of the whole before it was read, and then those of every sample', async () => {
    await ask('open', { place: { file } });
    const request = { place: { file }, channels: [0], from: 0, to: 40 * 48_000, columns: 400 };
    const first = await ask('peaks', request);
    expect(first.quality).toBe('sampled');
    expect(first.channels[0]!.max[100]).toBeCloseTo(0.5, 1);
    expect(first.channels[0]!.max[300]).toBeCloseTo(0.1, 1);
    await walked(file);
    const then = await ask('peaks', request);
    expect(then.quality).toBe('whole');
    expect(then.channels[0]!.max[100]).toBeCloseTo(0.5, 3);
    expect(then.channels[0]!.rms[100]).toBeCloseTo(0.5 / Math.SQRT2, 2);
    expect(then.channels[0]!.min[300]).toBeCloseTo(-0.1, 3);
  });

  it('keeps what it found for the next time', async () => {
    const wanted = await walked(file);
    const other = make();
    await ask('open', { place: { file } }, other);
    expect(await ask('progress', { place: { file } }, other)).toMatchObject({ done: 0 });
    const found = await walked(file, other);
    expect(found.analysis?.integrated).toBe(wanted.analysis?.integrated);
    expect((await ask('peaks', { place: { file }, channels: [0], from: 0, to: 40 * 48_000, columns: 40 }, other)).channels[0]!.max[10]).toBeCloseTo(0.5, 3);
    other.dispose();
  });

  it('draws a tone at its frequency, in one range for the whole file', async () => {
    const scale = await ask('scale', { place: { file } });
    const loudest = async (level: number, index: number) => {
      const { levels, bins, columns } = await ask('tile', { place: { file }, channel: 0, level, index });
      const column = levels.slice(bins * Math.floor(columns / 2), bins * (Math.floor(columns / 2) + 1));
      const value = Math.max(...column);
      return { hertz: (column.indexOf(value) * 48_000) / scale.size, value };
    };
    const [fine, coarse, second] = [await loudest(0, 10), await loudest(5, 0), await loudest(5, Math.floor((30 * 48_000) / (scale.hop * 32 * scale.tileColumns)))];
    expect(Math.abs(fine.hertz - 1000)).toBeLessThan(30);
    expect(Math.abs(coarse.hertz - 1000)).toBeLessThan(30);
    expect(Math.abs(second.hertz - 7100)).toBeLessThan(30);
    // −6 and −20 dB of full scale: 14 dB apart of 80.
    expect(coarse.value - second.value).toBeCloseTo((14 / 80) * 255, -1);
  });

  it('draws compressed sound as coarsely once it was walked through', async () => {
    const flac = join(folder, 'steps.flac');
    sox(file, flac);
    await ask('open', { place: { file: flac } });
    const analysis = (await walked(flac)).analysis;
    expect(analysis?.frames).toBe(40 * 48_000);
    const scale = await ask('scale', { place: { file: flac } });
    const tile = await ask('tile', { place: { file: flac }, channel: 0, level: 5, index: 0 });
    const column = tile.levels.slice(tile.bins * 20, tile.bins * 21);
    expect(Math.abs((column.indexOf(Math.max(...column)) * 48_000) / scale.size - 1000)).toBeLessThan(30);
  });

  it('draws compressed sound at once when it is opened again, by the coarse spectrogram that was kept', async () => {
    const flac = join(folder, 'steps.flac');
    const request = { place: { file: flac }, channel: 0, level: 5, index: 1 };
    const wanted = await ask('tile', request);
    const other = make();
    await ask('open', { place: { file: flac } }, other);
    expect((await walked(flac, other)).analysis).toBeDefined();
    const kept = await ask('tile', request, other);
    expect([kept.columns, kept.columns > 100]).toEqual([wanted.columns, true]);
    expect(Buffer.compare(kept.levels, wanted.levels)).toBe(0);
    // Finer than what was kept: decoded where it is looked at.
    const fine = await ask('tile', { ...request, level: 0, index: 20 }, other);
    expect(fine.columns).toBe(128);
    other.dispose();
  });

  it('decodes only what is asked for, at most a megabyte at once', async () => {
    const flac = join(folder, 'steps.flac');
    const { frames, data } = await ask('samples', { place: { file: flac }, from: 48_000, count: 480 });
    const wanted = await ask('samples', { place: { file }, from: 48_000, count: 480 });
    expect(frames).toBe(480);
    expect(data).toEqual(wanted.data);
    expect((await ask('samples', { place: { file }, from: 0, count: 10 ** 7 })).data.byteLength).toBeLessThanOrEqual(2 ** 20);
    expect((await ask('bytes', { place: { file }, start: 0, length: 4 })).toString()).toBe([...'RIFF'].map((letter) => letter.charCodeAt(0)).join());
  });

  it('says what is wrong with a file that became shorter, is gone, is empty or is a pointer', async () => {
    const cut = join(folder, 'cut.wav');
    copyFileSync(file, cut);
    await ask('open', { place: { file: cut } });
    truncateSync(cut, 1_000_000);
    expect((await walked(cut)).problem).toMatch(/has become shorter: it ends at 10\.4\d s/);
    rmSync(cut);
    await expect(ask('samples', { place: { file: cut }, from: 0, count: 10 })).rejects.toThrow('is not there');
    writeFileSync(cut, '');
    await expect(ask('open', { place: { file: cut } })).rejects.toThrow('the file is empty');
    writeFileSync(cut, 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n');
    await expect(ask('open', { place: { file: cut } })).rejects.toThrow('a Git LFS pointer');
  });

  it('says in its place that nothing decodes a file where no tool may be run', async () => {
    const untrusted = make(false);
    const flac = join(folder, 'steps.flac');
    const facts = await ask('open', { place: { file: flac } }, untrusted);
    expect(facts).toMatchObject({ codec: 'flac', sampleRate: 48_000 });
    expect(await ask('progress', { place: { file: flac } }, untrusted)).toEqual({ done: 0, problem: 'no tool is run in a workspace that is not trusted' });
    await expect(ask('samples', { place: { file: flac }, from: 0, count: 10 }, untrusted)).rejects.toThrow('not trusted');
    untrusted.dispose();
  });

  it('gives way to what is no longer wanted', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(Promise.resolve(service.handlers.samples({ place: { file }, from: 0, count: 10 }, controller.signal))).rejects.toThrow();
  });
});
