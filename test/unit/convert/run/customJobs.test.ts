import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CustomPresetSpec } from '../../../../src/convert/job.ts';
import { Scene, run } from '../faults/scene.ts';

let scene: Scene;

beforeEach(() => {
  scene = new Scene();
  run('sox', '-n', '-r', '44100', `${scene.data}/a.wav`, 'synth', '1', 'sine', '300');
  run('convert', '-size', '64x48', 'xc:red', `${scene.data}/a.jpg`);
});
afterEach(() => scene.remove());

const SPECS: Readonly<Record<string, CustomPresetSpec>> = {
  'custom.telephone': { name: 'Telephone', tool: 'ffmpeg', args: ['-i', '{input}', '-ar', '{rate}', '-ac', '1', '{output}'], kinds: ['audio'], extension: 'wav', options: { rate: 8000 } },
  'custom.quiet': { name: 'Quiet', tool: 'sox', args: ['{input}', '{output}', 'gain', '-6'], kinds: ['audio'], extension: 'flac' },
  'custom.grey': { name: 'Grey', tool: 'imagemagick', args: ['{input}', '-colorspace', 'Gray', '{output}'], kinds: ['image'], extension: 'png' },
};

describe('a preset of a person’s own', () => {
  it.each([
    ['custom.telephone', 'a.wav'],
    ['custom.quiet', 'a.flac'],
    ['custom.grey', 'a.png'],
  ])('%s brings its files to verified outputs', async (preset, output) => {
    const { status, outputs } = await scene.convert({ preset, customPresets: Object.values(SPECS) });
    expect(status).toMatchObject({ state: 'done', counts: { done: 1, failed: 0 } });
    expect(outputs).toEqual([output]);
  });

  it('that is wrong fails the job with what is wrong, and runs nothing', async () => {
    const evil: CustomPresetSpec = { name: 'Evil', tool: 'sox', args: ['{input}', '{output}', 'trim', '0', '|touch canary'], kinds: ['audio'], extension: 'wav' };
    const { status, outputs } = await scene.convert({ preset: 'custom.evil', customPresets: [evil] });
    expect(status.state).toBe('failed');
    expect(status.problem).toContain('Evil');
    expect(outputs).toEqual([]);
  });
});
