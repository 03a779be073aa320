import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSound } from '../../../../src/dataset/audio/openSound.ts';
import { PeakLevels } from '../../../../src/dataset/audio/peakLevels.ts';
import { SoundWalk } from '../../../../src/dataset/audio/walkSound.ts';
import type { AudioAnalysis } from '../../../../src/dataset/webview/audio/protocol.ts';
import { ffmpeg, NEVER, scratch, sox } from './made.ts';

const folder = scratch();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function analyse(file: string): Promise<AudioAnalysis> {
  const { reader, facts } = await openSound({ file }, {}, NEVER);
  return new SoundWalk(reader!, new PeakLevels(facts.channels, facts.frames)).run(NEVER);
}

/** What ffmpeg's meter says. */
function byEbur128(file: string): { readonly integrated: number; readonly range: number; readonly truePeak: number } {
  const said = execFileSync('sh', ['-c', 'ffmpeg -nostdin -hide_banner -i "$0" -af ebur128=peak=true -f null - 2>&1', file]).toString();
  const summary = said.slice(said.lastIndexOf('Summary:'));
  const value = (pattern: RegExp) => Number(pattern.exec(summary)?.[1]);
  return { integrated: value(/I:\s+(-?[\d.]+) LUFS/), range: value(/LRA:\s+(-?[\d.]+) LU/), truePeak: value(/Peak:\s+(-?[\d.]+) dBFS/) };
}

const SOUNDS: readonly (readonly [name: string, rate: string, channels: string, effects: readonly string[]])[] = [
  ['noise', '48000', '2', ['synth', '12', 'pinknoise', 'pinknoise', 'gain', '-12']],
  ['tone', '44100', '1', ['synth', '8', 'sine', '997', 'gain', '-20']],
  ['speech band', '16000', '1', ['synth', '10', 'brownnoise', 'tremolo', '0.4', '90']],
  ['loud and quiet', '96000', '2', ['synth', '15', 'pinknoise', 'brownnoise', 'fade', 't', '7', '15', '7', 'gain', '-3']],
];

describe('loudness', () => {
  it.each(SOUNDS)('of %s at %s Hz is what ffmpeg measures', async (name, rate, channels, effects) => {
    const file = join(folder, `${name}.wav`);
    sox('-n', '-r', rate, '-c', channels, '-b', '24', file, ...effects);
    const wanted = byEbur128(file);
    const found = await analyse(file);
    expect(Math.abs((found.integrated as number) - wanted.integrated)).toBeLessThan(0.1);
    expect(Math.abs((found.range as number) - wanted.range)).toBeLessThan(0.35);
    expect(Math.abs(Math.max(...(found.truePeak as readonly number[])) - wanted.truePeak)).toBeLessThan(0.3);
  });

  it('leaves the low-frequency channel out and weighs the surround channels', async () => {
    const file = join(folder, 'surround.wav');
    const noise = [0.1, 0.05, 0.02, 0.6, 0.2, 0.1].map((volume, index) => `${volume}*(random(${index})*2-1)`).join('|');
    ffmpeg('-f', 'lavfi', '-i', `aevalsrc='${noise}':c=5.1:s=48000:d=6`, file);
    expect(Math.abs(((await analyse(file)).integrated as number) - byEbur128(file).integrated)).toBeLessThan(0.15);
  });

  it('is not known of what is too short or silent, and never zero', async () => {
    const short = join(folder, 'short.wav');
    sox('-n', '-r', '8000', '-c', '1', '-b', '24', short, 'synth', '0.1', 'sine', '300');
    expect((await analyse(short)).integrated).toEqual({ absent: 'shorter than 0.4 s' });
    const silent = join(folder, 'silent.wav');
    sox('-n', '-r', '8000', '-c', '1', '-b', '16', silent, 'trim', '0', '4');
    const found = await analyse(silent);
    expect(found.integrated).toEqual({ absent: 'all of it is below −70 LUFS' });
    expect(found.peak).toEqual([{ absent: 'digital silence' }]);
    expect(found).toMatchObject({ silences: 1, silent: 4 });
  });
});

describe('marks', () => {
  let found: AudioAnalysis;
  beforeAll(async () => {
    const file = join(folder, 'marks.wav');
    // A second of tone, 0.7 s of silence, half a second that clips in the right channel alone, and a constant offset in it.
    ffmpeg('-f', 'lavfi', '-i', "aevalsrc='if(between(t,1,1.7),0,0.2*sin(2*PI*400*t))|if(between(t,1,1.7),0,if(gt(t,1.7),2*sin(2*PI*100*t),0.3))':d=2.2:s=8000", '-c:a', 'pcm_s16le', file);
    found = await analyse(file);
  });

  it('name silence by its frames, where all channels are silent', () => {
    const silence = found.marks.filter(({ kind }) => kind === 'silence');
    expect(silence).toHaveLength(1);
    expect(Math.abs(silence[0]!.from - 8000)).toBeLessThan(12);
    expect(Math.abs(silence[0]!.to - 13_600)).toBeLessThan(12);
  });

  it('name clipping by its channel, joined over 50 ms', () => {
    const clipping = found.marks.filter(({ kind }) => kind === 'clipping');
    expect(clipping.map(({ channel }) => channel)).toEqual([1]);
    expect(Math.abs(clipping[0]!.from - 13_600)).toBeLessThan(80);
    // Two thirds of each wave of twice full scale are beyond it.
    expect(clipping[0]!.samples / 4000).toBeCloseTo(2 / 3, 1);
  });

  it('tell the mean of each channel', () => {
    expect(found.offset[0]).toBeCloseTo(0, 2);
    expect(found.offset[1]).toBeCloseTo(0.3 / 2.2, 2);
  });
});
