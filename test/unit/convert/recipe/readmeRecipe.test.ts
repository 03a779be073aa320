import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents } from '../cli/terminal.ts';
import { Kitchen, soxi } from './kitchen.ts';

const readme = readFileSync(join(import.meta.dirname, '../../../../README.md'), 'utf8');
const part = readme.slice(readme.indexOf('## Recipes'));
const recipe = /```yaml\n([^]*?)```/.exec(part)?.[1] ?? '';

describe('the recipe in the README', () => {
  it('does what is said of it, with real tools', async () => {
    const kitchen = new Kitchen();
    try {
      kitchen.tone('clips/a.wav', 300, 0.5);
      kitchen.tone('clips/b.wav', 500, 1);
      kitchen.tone('clips/c.wav', 700, 1);
      const rows = [
        { audio_filepath: 'clips/a.wav', text: 'one', duration: 0.5, speaker: 'ann', split: 'train', noise: 3 },
        { audio_filepath: 'clips/b.wav', text: 'two', duration: 1, speaker: 'bob', split: 'train', noise: 4 },
        { audio_filepath: 'clips/c.wav', text: 'three', duration: 1, speaker: 'bob', split: 'val', noise: 5 },
      ];
      kitchen.write('train.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      kitchen.write('r.recipe.yaml', recipe);
      expect(await kitchen.plan('--only', 'clips/a*')).toEqual(['clips/a.wav: write: new']);
      const { code, err } = await kitchen.run();
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(kitchen.files('speech-16k')).toEqual(['ann/a.flac', 'bob/b.flac', 'train.jsonl']);
      expect(soxi('-r', join(kitchen.data, 'speech-16k/ann/a.flac'))).toBe('16000');
      expect(documents(kitchen.text('speech-16k/train.jsonl'))).toEqual([
        { audio_filepath: 'ann/a.flac', text: 'one', duration: 0.5, speaker: 'ann' },
        { audio_filepath: 'bob/b.flac', text: 'two', duration: 1, speaker: 'bob' },
      ]);
      kitchen.write('r.recipe.yaml', recipe.replaceAll('16000', '8000'));
      expect(await kitchen.plan()).toEqual(['clips/a.wav', 'clips/b.wav'].map((path) => `${path}: replace: step 1: option rate changed: 16000 → 8000`));
    } finally {
      kitchen.remove();
    }
  });
});
