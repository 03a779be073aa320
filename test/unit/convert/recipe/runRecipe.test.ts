import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documents } from '../cli/terminal.ts';
import { Kitchen, soxi } from './kitchen.ts';

let kitchen: Kitchen;

beforeEach(() => {
  kitchen = new Kitchen();
});
afterEach(() => kitchen.remove());

const SPEECH = `version: 1
inputs: ['clips/**/*.wav']
steps:
  - preset: audio.resample
    options: { rate: 16000, channels: mono }
  - sox: { effects: [{ gain: [-n, -6] }], extension: flac }
outputs: { folder: out }
verify: { sampleRate: 16000, channels: 1 }
`;

describe('trainyard run', () => {
  it('brings every input through all steps, and writes a lock beside the recipe', async () => {
    kitchen.tone('clips/a.wav');
    kitchen.tone('clips/sub/b.wav');
    kitchen.write('clips/notes.txt', 'x');
    kitchen.write('r.recipe.yaml', SPEECH);
    const { code, out, err } = await kitchen.run();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('2 done');
    expect(kitchen.files('out')).toEqual(['a.flac', 'sub/b.flac']);
    expect([soxi('-r', join(kitchen.data, 'out/a.flac')), soxi('-c', join(kitchen.data, 'out/a.flac'))]).toEqual(['16000', '1']);
    const lock = JSON.parse(kitchen.text('r.recipe.lock')) as { tools: Record<string, { version: string }>; outputs: Record<string, { input: string }> };
    expect(Object.keys(lock.outputs)).toEqual(['a.flac', 'sub/b.flac']);
    expect(lock.outputs['sub/b.flac']?.input).toBe('clips/sub/b.wav');
    expect(lock.tools['sox']?.version).toMatch(/^14/);
  });

  it('does nothing the second time, and says why what is done again is done again', async () => {
    kitchen.tone('clips/a.wav');
    kitchen.tone('clips/b.wav', 500);
    kitchen.tone('clips/c.wav', 700);
    kitchen.write('r.recipe.yaml', SPEECH);
    await kitchen.run();
    expect((await kitchen.run()).out).toMatch(/Nothing to do · 3 up to date/);
    expect(await kitchen.plan()).toEqual(['clips/a.wav: skip: already done', 'clips/b.wav: skip: already done', 'clips/c.wav: skip: already done']);

    kitchen.tone('clips/a.wav', 900);
    rmSync(join(kitchen.data, 'out/b.flac'));
    kitchen.tone('clips/d.wav', 400);
    expect(await kitchen.plan()).toEqual([
      'clips/a.wav: replace: input changed', 'clips/b.wav: write: output missing', 'clips/c.wav: skip: already done', 'clips/d.wav: write: new',
    ]);

    kitchen.write('r.recipe.yaml', SPEECH.replace('16000', '8000').replace('sampleRate: 16000', 'sampleRate: 8000'));
    expect((await kitchen.plan())[2]).toBe('clips/c.wav: replace: step 1: option rate changed: 16000 → 8000');
    kitchen.write('r.recipe.yaml', SPEECH.replace('-6', '-3'));
    expect((await kitchen.plan())[2]).toBe('clips/c.wav: replace: step 2: arguments of sox changed: -6 → -3');
    expect((await kitchen.run()).out).toMatch(/^1 file again: input changed\n1 file again: output missing\n1 file again: step 2: arguments of sox changed: -6 → -3\n4 done · /);
  });

  it('goes by contents where times have changed, and on a copy of everything that has no other record', async () => {
    kitchen.tone('clips/a.wav');
    kitchen.write('r.recipe.yaml', SPEECH);
    await kitchen.run();
    utimesSync(join(kitchen.data, 'clips/a.wav'), 1, 1);
    expect(await kitchen.plan()).toEqual(['clips/a.wav: skip: already done']);

    const copy = new Kitchen();
    try {
      cpSync(kitchen.data, copy.data, { recursive: true });
      expect(await copy.plan()).toEqual(['clips/a.wav: skip: already done']);
      // What another machine made is taken for made, and not for ours to renew.
      copy.write('r.recipe.yaml', SPEECH.replace('-6', '-3'));
      const another = new Kitchen();
      cpSync(copy.data, another.data, { recursive: true });
      expect((await another.plan())[0]).toContain('refuse: something of its output’s name is there already');
      another.remove();
      copy.write('r.recipe.yaml', SPEECH);
      writeFileSync(join(copy.data, 'out/a.flac'), 'mine');
      expect((await copy.plan())[0]).toContain('refuse');
      expect(readFileSync(join(copy.data, 'out/a.flac'), 'utf8')).toBe('mine');
    } finally {
      copy.remove();
    }
  });

  it('writes nothing at a dry run', async () => {
    kitchen.tone('clips/a.wav');
    kitchen.write('r.recipe.yaml', SPEECH);
    expect(await kitchen.plan()).toEqual(['clips/a.wav: write: new']);
    expect([existsSync(join(kitchen.data, 'out')), existsSync(join(kitchen.data, 'r.recipe.lock'))]).toEqual([false, false]);
  });

  it('takes of the inputs only those that are asked for, and keeps the others in the lock', async () => {
    kitchen.tone('clips/a.wav');
    kitchen.tone('clips/b.wav', 500);
    kitchen.write('r.recipe.yaml', SPEECH);
    expect(await kitchen.plan('--only', 'b.wav')).toEqual(['clips/b.wav: write: new']);
    await kitchen.run('--only', 'clips/a*');
    await kitchen.run('--only', join(kitchen.data, 'clips/b.wav'));
    expect(Object.keys((JSON.parse(kitchen.text('r.recipe.lock')) as { outputs: object }).outputs)).toEqual(['a.flac', 'b.flac']);
    expect((await kitchen.run('--only', 'nothing.wav')).code).toBe(17);
  });

  it('names outputs by the manifest’s columns, carries them over, and says anew what the conversion changed', async () => {
    kitchen.tone('clips/a.wav', 300, 0.5);
    kitchen.tone('clips/b.wav', 300, 2);
    kitchen.write('in.jsonl', [
      { audio_filepath: 'clips/a.wav', text: 'one', speaker: 'ann/../x', sample_rate: 44100, split: 'train' },
      { audio_filepath: 'clips/b.wav', text: 'two, "three"', speaker: 'bob', sample_rate: 44100, split: 'train' },
      { audio_filepath: 'clips/c.wav', text: 'none', speaker: 'bob', split: 'val' },
    ].map((row) => `${JSON.stringify(row)}\n`).join(''));
    const recipe = `version: 1
inputs: [{ manifest: in.jsonl, key: audio_filepath, filter: 'split == train and duration < 10' }]
steps: [{ preset: audio.wav-16k-mono }]
outputs: { folder: out, name: '{row.speaker}/{name}', manifest: { path: out/out.jsonl, key: audio_filepath } }
`;
    kitchen.write('r.recipe.yaml', recipe);
    const { code, err } = await kitchen.run();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(kitchen.files('out')).toEqual(['ann_.._x/a.wav', 'bob/b.wav', 'out.jsonl']);
    expect(documents(kitchen.text('out/out.jsonl'))).toEqual([
      { audio_filepath: 'ann_.._x/a.wav', text: 'one', speaker: 'ann/../x', sample_rate: 16000, split: 'train' },
      { audio_filepath: 'bob/b.wav', text: 'two, "three"', speaker: 'bob', sample_rate: 16000, split: 'train' },
    ]);
    kitchen.write('r.recipe.yaml', recipe.replace('out/out.jsonl, key: audio_filepath', 'out/out.csv, columns: [text]'));
    await kitchen.run();
    expect(kitchen.text('out/out.csv')).toBe('path,text\nann_.._x/a.wav,one\nbob/b.wav,"two, ""three"""\n');
  });

  it('never writes its manifest over somebody else’s file', async () => {
    kitchen.tone('clips/a.wav');
    kitchen.write('out.jsonl', 'mine\n');
    kitchen.write('r.recipe.yaml', SPEECH.replace('folder: out', 'folder: out, manifest: { path: out.jsonl }'));
    const { code, err } = await kitchen.run();
    expect(code).toBe(1);
    expect(err).toContain('out.jsonl is there already');
    expect(kitchen.text('out.jsonl')).toBe('mine\n');
    expect(existsSync(join(kitchen.data, 'out'))).toBe(false);
  });

  it('fails an output that does not hold what the recipe promises, and leaves nothing of it', async () => {
    kitchen.tone('clips/a.wav');
    kitchen.write('r.recipe.yaml', SPEECH.replace('channels: 1', 'channels: 1, duration: { min: 3 }'));
    const { code, err } = await kitchen.run();
    expect(code).toBe(17);
    expect(err).toContain('duration: expected');
    expect(existsSync(join(kitchen.data, 'out'))).toBe(false);
  });

  it('refuses outputs that would have one name, and originals that would be written over', async () => {
    kitchen.tone('clips/a.wav');
    kitchen.tone('clips/x/a.wav');
    kitchen.write('r.recipe.yaml', SPEECH.replace('folder: out', "folder: out, name: '{name}'"));
    expect((await kitchen.plan()).every((line) => line.includes('refuse: its output’s name could not be told from'))).toBe(true);
    copyFileSync(join(kitchen.data, 'clips/a.wav'), join(kitchen.data, 'clips/b.flac'));
    kitchen.write('r.recipe.yaml', SPEECH.replace('clips/**/*.wav', 'clips/*.*').replace('extension: flac', 'extension: wav').replace('folder: out', 'folder: clips'));
    expect((await kitchen.plan())[0]).toContain('clips/a.wav: refuse');
  });

  it('tells every fault of a recipe with its line, and runs nothing', async () => {
    kitchen.write('r.recipe.yaml', SPEECH.replace('rate: 16000', 'rat: 16000'));
    const { code, err } = await kitchen.run();
    expect(code).toBe(1);
    expect(err).toBe('r.recipe.yaml:5:16: “rat” is no key here. Did you mean “rate”? [recipe/unknown-key]\n');
  });

  it('runs structured filters, effects and operators of all three tools, with hostile text in them', async () => {
    kitchen.picture('p/it\'s a:b,c[d];e\\f.png');
    kitchen.write('r.recipe.yaml', `version: 1
inputs: ['p/*.png']
steps:
  - ffmpeg:
      video: { filters: [{ scale: { w: 64, h: -2 } }, { metadata: { mode: add, key: k, value: "it's a:b,c[d];e\\\\f" } }, hflip], codec: mjpeg }
      extension: jpg
  - imagemagick: { operators: [auto-orient, { resize: '32x32>' }, strip], extension: webp }
outputs: { folder: small }
verify: { width: { max: 32 } }
`);
    const { code, err } = await kitchen.run();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(kitchen.files('small')).toEqual(['it\'s a:b,c[d];e\\f.webp']);
    const size = execFileSync('/usr/bin/identify', ['-format', '%wx%h %m', `webp:${join(kitchen.data, 'small', 'it\'s a:b,c[d];e\\f.webp')}`], { encoding: 'utf8' });
    expect(size).toBe('32x24 WEBP');
  });
});
