import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SkipItem, Unmet } from '../../../../src/convert/preset.ts';
import { audioLoudness } from '../../../../src/convert/presets/audio/loudness.ts';
import { readLoudnessReport } from '../../../../src/convert/presets/audio/loudnessReport.ts';
import { audioPeak } from '../../../../src/convert/presets/audio/peak.ts';
import { cleanUp, convert, ffmpeg, ffprobe, newFolder, peakOf, probe, samplesOf, sox } from '../audioBench.ts';
import { makeSamples } from './audioSamples.ts';

const samples = newFolder();
const file = (name: string): string => join(samples, name);

/** Integrated loudness by another filter than the one that sets it. */
function loudnessOf(path: string): number {
  const args = ['-hide_banner', '-nostdin', '-i', path, '-af', 'ebur128', '-f', 'null', '-'];
  const said = execFileSync('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', '/usr/bin/ffmpeg', ...args], { encoding: 'utf8' });
  return Number([...said.matchAll(/I:\s+(-?[\d.]+) LUFS/g)].at(-1)?.[1]);
}

beforeAll(() => {
  makeSamples(samples);
  const pink = ['-n', '-r', '44100', '-b', '16'];
  sox(...pink, file('soft.wav'), 'synth', '4', 'pinknoise', 'gain', '-n', '-30');
  sox(...pink, file('loud.wav'), 'synth', '4', 'pinknoise', 'gain', '-n', '-3');
  sox(file('soft.wav'), file('loud.wav'), file('wide.wav'));
  sox(...pink, file('short.wav'), 'synth', '1', 'sine', '300', 'gain', '-40', 'pad', '0', '0.5');
  sox(file('short.wav'), file('spike.wav'), 'synth', '0.002', 'sine', 'mix', '1000');
  sox(...pink, file('silent.wav'), 'trim', '0', '2');
  sox(...pink, file('blip.wav'), 'synth', '0.2', 'sine', '300', 'gain', '-6');
});
afterEach(() => cleanUp([samples]));
afterAll(() => cleanUp());

describe('audio.loudness', () => {
  it.each(['soft.wav', 'loud.wav', 's16.wav', 's24.wav', 'f32.wav', 'u8.wav', 'a.mp3', 'a.m4a', 'surround.wav', 'a.flac'])(
    'brings %s to the target as a whole, at the rate that it had',
    async (name) => {
      const { output, outcome, faults } = await convert(audioLoudness, file(name), { options: { target: -26 } });
      expect([faults, outcome.notes, ffprobe(output).rate]).toEqual([[], [], 44_100]);
      expect(Math.abs(loudnessOf(output) + 26)).toBeLessThan(0.3);
    },
  );

  it('stays with FLAC or WAV as asked, and widens what 8 bits are too coarse for', async () => {
    const kept = async (name: string, options = {}) => {
      const media = await probe((await convert(audioLoudness, file(name), { options })).output);
      return [media.container, media.audio?.bitDepth];
    };
    expect(await kept('a.flac')).toEqual(['flac', 16]);
    expect(await kept('a.flac', { format: 'wav' })).toEqual(['wav', 16]);
    expect(await kept('s24.wav', { format: 'flac' })).toEqual(['flac', 24]);
    expect([await kept('u8.wav'), await kept('mulaw.wav'), await kept('f32.wav')]).toEqual([['wav', 16], ['wav', 16], ['wav', 32]]);
  });

  it('says so where peaks leave no room, and the level had to be changed within the file', async () => {
    const { outcome, output } = await convert(audioLoudness, file('wide.wav'), { options: { target: -9, tolerance: 5 } });
    expect(outcome.notes).toEqual([expect.stringMatching(/^loudness: dynamic mode.*: at -9 LUFS its peaks would reach \S+ dBTP$/)]);
    expect(ffprobe(output).rate).toBe(44_100);
  });

  it('says so where the range was to be narrowed', async () => {
    const { outcome } = await convert(audioLoudness, file('wide.wav'), { options: { range: 1, tolerance: 5 } });
    expect(outcome.notes).toEqual([expect.stringMatching(/^loudness: dynamic mode/)]);
  });

  it('fails what the second pass left far from the target, and says why', async () => {
    // Short and with a high peak: loudnorm says linear and ends 20 dB below.
    sox('-n', '-r', '44100', '-b', '16', file('peaky.wav'), 'synth', '1.5', 'sine', '300', 'gain', '-30');
    ffmpeg('-i', file('peaky.wav'), '-af', "aeval='if(lt(t,0.001),0.5,val(0))'", file('spiked.wav'));
    const failure = await convert(audioLoudness, file('spiked.wav'), { options: { target: -14 } }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unmet);
    expect(String(failure)).toMatch(/expected -14 LUFS within 1, found -\d+\.\d: at -14 LUFS its peaks would reach \d+\.\d dBTP, and/);
  });

  it('turns floats far beyond full scale down, of which loudnorm takes no measure', async () => {
    ffmpeg('-i', file('f32.wav'), '-af', 'volume=40dB', '-c:a', 'pcm_f32le', file('hot.wav'));
    const { output } = await convert(audioLoudness, file('hot.wav'));
    expect(Math.abs(loudnessOf(output) + 23)).toBeLessThan(0.3);
  });

  it.each([
    ['silent.wav', /silent throughout/],
    ['blip.wav', /shorter than 0.4 s/],
  ])('skips %s, whose loudness cannot be told', async (name, reason) => {
    const outcome = await convert(audioLoudness, file(name)).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(SkipItem);
    expect(String(outcome)).toMatch(reason);
  });

  it('takes the filter\'s words for its report, and not those of the file', () => {
    const report = { input_i: '-inf', output_i: '-20.0', target_offset: 'inf', normalization_type: 'linear' };
    const said = `[info]  title : {"input_i" : "-3"}\n[Parsed_loudnorm_0 @ 0x1] [info] \n${JSON.stringify(report, undefined, '\t')}\n`;
    expect(readLoudnessReport(said)).toMatchObject({ inputLoudness: -Infinity, outputLoudness: -20, offset: Infinity, mode: 'linear' });
    expect(readLoudnessReport('nothing')).toBeUndefined();
  });
});

describe('audio.peak', () => {
  it.each(['s16.wav', 's24.wav', 'f32.wav', 'u8.wav', 'mulaw.wav', 'a.flac', 'a.mp3', 'vorbis.ogg', 'a.m4a', 'surround.wav'])(
    'brings the highest sample of %s to the level, and all others with it',
    async (name) => {
      const { output, faults } = await convert(audioPeak, file(name), { options: { peak: -3 } });
      const [before, after] = [samplesOf(file(name)), samplesOf(output)];
      expect(faults).toEqual([]);
      expect(20 * Math.log10(peakOf(after))).toBeCloseTo(-3, 2);
      const gain = peakOf(after) / peakOf(before);
      expect(peakOf(after.map((sample, index) => sample - (before[index] ?? 0) * gain))).toBeLessThan(1e-4);
    },
  );

  it.each(['sox', 'ffmpeg'] as const)('by %s reaches any level from full scale down', async (engine) => {
    for (const peak of [0, -0.1, -20, -60]) {
      const { output } = await convert(audioPeak, file('s24.wav'), { engine, options: { peak } });
      expect(20 * Math.log10(peakOf(samplesOf(output)))).toBeCloseTo(peak, 2);
    }
  });

  it.each(['sox', 'ffmpeg'] as const)('by %s skips silence, and what is quieter than asked', async (engine) => {
    await expect(convert(audioPeak, file('silent.wav'), { engine })).rejects.toThrow(SkipItem);
    const soft = (floor: number) => convert(audioPeak, file('soft.wav'), { engine, options: { floor } });
    await expect(soft(-29)).rejects.toThrow(/its peak of -30\.\d dBFS is below -29/);
    expect((await soft(-31)).faults).toEqual([]);
  });

  it('leaves floats beyond full scale to ffmpeg, which does not clip them before it measures', async () => {
    ffmpeg('-i', file('f32.wav'), '-af', 'volume=40dB', '-c:a', 'pcm_f32le', file('hot.wav'));
    const { engine, output } = await convert(audioPeak, file('hot.wav'));
    expect(engine).toBe('ffmpeg');
    expect(20 * Math.log10(peakOf(samplesOf(output)))).toBeCloseTo(-1, 2);
  });

  it('fails where a tool does not tell the peak', () => {
    const [method] = audioPeak.methods;
    const audio = { codec: 'pcm_s16le', sampleRate: 8000, channels: 1, bitDepth: 16 };
    const steps = method!.convert({
      input: '/a', options: { peak: -1, floor: -80, format: 'keep' }, output: '/b', threads: 1, salvage: false,
      media: { path: '/a', kind: 'audio', container: 'wav', size: 1, duration: 1, problems: [], audio },
      tool: { id: 'sox', path: '', prefix: [], version: '', banner: '', features: new Set(), buildId: '' },
    });
    steps.next();
    expect(() => steps.next({ exitCode: 0, stdout: '', stderr: 'Done.\n', ms: 1 })).toThrow(Unmet);
  });
});
