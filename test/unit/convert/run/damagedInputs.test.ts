import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../media/support.ts';
import { wavBytes } from '../../media/wavBytes.ts';
import { Scene } from '../faults/scene.ts';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.remove());

/** What a tool writes, cut to a part of its bytes. */
function made(name: string, part: number, tool: 'ffmpeg' | 'convert', args: readonly string[]): void {
  const whole = join(scene.root, name);
  run(tool, [...args, whole]);
  const bytes = readFileSync(whole);
  rmSync(whole);
  scene.write(name, bytes.subarray(0, Math.floor(bytes.length * part)));
}

describe('a damaged input', () => {
  it('is told as such where it is kept, also when the engine did not notice', async () => {
    scene.write('cut.wav', wavBytes({ tag: 1, channels: 1, sampleRate: 8000, bits: 16, frames: 40_000 }).subarray(0, 20_000));
    const { status } = await scene.convert({ preset: 'audio.opus', salvage: true });
    expect(status.counts).toMatchObject({ done: 1, salvaged: 1 });
    expect(status.notes.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^kept with damage: cut short: 1\.247 of 5 s/));
  });

  it('is told in the same words by every run over it, each once, without addresses in memory', async () => {
    const whole = join(scene.root, 'whole.mp3');
    run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'anoisesrc=d=4:a=0.2', '-c:a', 'libmp3lame', whole]);
    const bytes = readFileSync(whole).fill(0, 20_000, 23_000);
    scene.write('damaged.mp3', bytes);
    // Two passes over the input.
    const { status } = await scene.convert({ preset: 'audio.loudness', salvage: true });
    const damage = status.notes.map(({ text }) => text).filter((text) => text.startsWith('kept with damage: '));
    expect(damage.join()).toContain('Header missing');
    expect(damage.join()).not.toMatch(/0x|\[error\]/);
    expect(new Set(damage).size).toBe(damage.length);
  });

  it('is told once by a tool that says it again and again', async () => {
    made('cut.jpg', 0.2, 'convert', ['-size', '640x480', 'plasma:red-blue']);
    const { status } = await scene.convert({ preset: 'image.fit', imageEngine: 'imagemagick', salvage: true });
    const texts = status.notes.map(({ text }) => text);
    expect(texts.join()).toContain('Corrupt JPEG data');
    expect(new Set(texts).size).toBe(texts.length);
  });

  it.each(['sharp', 'imagemagick'] as const)('fails by what its header tells, not by what %s makes of it', async (imageEngine) => {
    made('cut.png', 0.5, 'convert', ['-size', '64x48', 'plasma:red-blue']);
    const { failures } = await scene.convert({ preset: 'image.fit', imageEngine });
    expect(failures.map(({ reason }) => reason)).toEqual(['the input is damaged · cut short: the picture has no end']);
  });

  it.each(['video.frames', 'video.audio', 'audio.flac'])('that nothing can be read of is not called one without tracks by %s', async (preset) => {
    made('cut.mp4', 0.5, 'ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=d=1', '-f', 'lavfi', '-i', 'sine=d=1', '-c:v', 'mpeg4']);
    const { plan } = await scene.convert({ preset, inputs: [join(scene.data, 'cut.mp4')] });
    expect(plan).toMatchObject([{ action: 'refuse', reason: 'cannot be taken apart: moov atom not found' }]);
  });
});

describe('lossless audio in another container', () => {
  it('keeps its bits', async () => {
    made('a.m4a', 1, 'ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=0.2', '-c:a', 'alac']);
    const { outputs } = await scene.convert({ preset: 'audio.flac' });
    expect(outputs).toEqual(['a.flac']);
    expect(run('ffprobe', ['-v', 'error', '-show_entries', 'stream=bits_per_raw_sample', '-of', 'csv=p=0', join(scene.out, 'a.flac')]).trim()).toBe('16');
  });
});
