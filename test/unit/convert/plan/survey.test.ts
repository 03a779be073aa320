import { linkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../../src/convert/presets/index.ts';
import { survey, type Survey, type SurveySetup } from '../../../../src/convert/survey.ts';
import { aTool, Bench, GIF, STATES, toFlac, toWebp, WAV } from './planning.ts';

const tools = new Map([['sox', aTool('sox')], ['sharp', aTool('sharp')]] as const);

async function snapshots(inputs: readonly string[], changes: Partial<SurveySetup> = {}): Promise<readonly Survey[]> {
  const all: Survey[] = [];
  for await (const snapshot of survey({ inputs, presets: [toFlac, toWebp], tools, states: STATES, ...changes })) {
    all.push(snapshot);
  }
  return all;
}

async function last(inputs: readonly string[], changes: Partial<SurveySetup> = {}): Promise<Survey | undefined> {
  return (await snapshots(inputs, changes)).at(-1);
}

describe('a survey of the chosen files', () => {
  it('counts kinds, and for each preset the files and bytes that it takes', async () => {
    const bench = new Bench();
    bench.put(['a.wav', 'sub/b.wav']);
    bench.put(['c.gif'], GIF);
    bench.put(['d.txt'], Buffer.from('x\n'));
    const found = await last([bench.data]);
    expect(found).toMatchObject({ files: 4, complete: true, kinds: { audio: 2, image: 1, text: 1 } });
    expect(found?.fits.map(({ preset, files, bytes }) => [preset.id, files, bytes])).toEqual([
      ['audio.flac', 2, 2 * WAV.length],
      ['image.webp', 1, GIF.length],
    ]);
  });

  it('counts a file once, and passes over what cannot be read', async () => {
    const bench = new Bench();
    const [a = ''] = bench.put(['a.wav']);
    linkSync(a, join(bench.data, 'hard.wav'));
    symlinkSync('/nowhere', join(bench.data, 'dangling.wav'));
    expect(await last([bench.data, a, join(bench.data, 'gone.wav')])).toMatchObject({ files: 1, complete: true });
  });

  it('does not count the outputs of earlier jobs that lie among the files', async () => {
    const bench = new Bench();
    const [a = ''] = bench.put(['a.wav']);
    await bench.carryOut(await bench.plan([a]));
    expect(await last([bench.data])).toMatchObject({ files: 2 });
    expect(await last([bench.data], { store: bench.store })).toMatchObject({ files: 1, kinds: { audio: 1 } });
  });

  it('says what is missing for a preset that cannot run here, and how many files wait for it', async () => {
    const bench = new Bench();
    bench.put(['a.wav']);
    const found = await last([bench.data], { tools: new Map() });
    expect(found?.fits[0]).toMatchObject({
      files: 1,
      impossible: 'SoX is not installed: sudo apt-get install sox; ffmpeg is not installed: sudo apt-get install ffmpeg',
    });
  });

  it('leaves out the files that the only engine here cannot take', async () => {
    const bench = new Bench();
    bench.put(['a.caf'], Buffer.concat([Buffer.from('caff\0\x01\0\0desc'), Buffer.alloc(64)]));
    expect((await last([bench.data]))?.fits[0]).toMatchObject({ files: 0 });
  });

  it('stops at its bounds, and says that there is more', async () => {
    const bench = new Bench();
    bench.put(Array.from({ length: 30 }, (_, index) => `${index}.wav`));
    expect(await last([bench.data], { bounds: { files: 10 } })).toMatchObject({ files: 10, complete: false });
    expect(await last([bench.data], { bounds: { ms: -1 } })).toMatchObject({ files: 0, complete: false });
    expect(await last([bench.data], { bounds: { files: 30 } })).toMatchObject({ files: 30, complete: true });
  });

  it('tells what it knows as it goes', async () => {
    const bench = new Bench();
    bench.put(['a.wav', 'b.wav', 'c.wav']);
    const counts = (await snapshots([bench.data], { bounds: { every: -1 } })).map(({ files, complete }) => [files, complete]);
    expect(counts).toEqual([[1, false], [2, false], [3, false], [3, true]]);
  });

  it('ends with the signal’s reason', async () => {
    const bench = new Bench();
    bench.put(['a.wav']);
    await expect(last([bench.data], { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  it('takes every shipped preset, with the options it has by itself', async () => {
    const bench = new Bench();
    bench.put(['a.wav']);
    bench.put(['c.gif'], GIF);
    const found = await last([bench.data], { presets: PRESETS });
    expect(found?.fits.length).toBe(PRESETS.length);
  });
});
