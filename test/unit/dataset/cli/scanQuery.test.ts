import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliIo } from '../../../../src/base/cliIo.ts';
import { createCatalogues } from '../../../../src/dataset/catalogue/catalogueService.ts';
import type { OpenCatalogues } from '../../../../src/dataset/cli/catalogueRun.ts';
import { query } from '../../../../src/dataset/cli/query.ts';
import { scan } from '../../../../src/dataset/cli/scan.ts';
import { Bed, bmp, wav } from '../catalogue/harness.ts';

let bed: Bed;
beforeEach(() => {
  bed = new Bed();
  bed.write('train/cat/a.bmp', bmp(4, 3));
  bed.write('train/cat/b.wav', wav(2));
  bed.write('val/dog/c d.wav', wav(1));
});
afterEach(() => bed.dispose());

type Verb = (args: readonly string[], io: CliIo, open: () => Promise<OpenCatalogues>) => Promise<number>;

async function run(verb: Verb, args: readonly string[], more: Partial<CliIo> = {}): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const io: CliIo = { out: (text) => (out += text), err: (text) => (err += text), cwd: bed.folder, onInterrupt: () => ({ dispose: () => undefined }), ...more };
  const open: OpenCatalogues = (onChange) => createCatalogues({ storage: bed.storage, root: bed.folder, cacheBytes: 0 }, onChange, { eager: true });
  return { code: await verb(args, io, async () => open), out, err };
}

describe('trainyard scan', () => {
  it('tells a program what a dataset is', async () => {
    const { code, out, err } = await run(scan, ['data', '--json']);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({
      path: bed.root,
      format: expect.any(String),
      confidence: expect.any(Number),
      files: 3,
      bytes: bmp(4, 3).length + wav(2).length + wav(1).length,
      samples: expect.any(Number),
      kinds: { image: 1, audio: 2 },
      hours: 3 / 3600,
      splits: { train: 2, val: 1 },
      skipped: {},
      problems: { error: 0, warning: 0, info: 0 },
    });
  });

  it('tells a person, and shows on a terminal how far it is', async () => {
    const { out, err } = await run(scan, ['data'], { errColumns: 80 });
    expect(out).toMatch(/files +3, /);
    expect(out).toMatch(/splits +train 2, val 1/);
    expect(err).toContain('files');
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });

  it('describes by what a manifest says', async () => {
    const row = { audio_filepath: 'train/cat/b.wav', duration: 2, text: 'a dog barks', speaker: 'ann' };
    bed.write('manifest.jsonl', `${JSON.stringify(row)}\n`);
    const { out } = await run(scan, ['data', '--json']);
    expect(JSON.parse(out)).toMatchObject({ format: 'nemo', samples: 1 });
    expect((await run(query, ['data', 'caption ~ DOG speaker:ann'])).out).toMatch(/train\/cat\/b\.wav/);
  });

  it('refuses what is no folder, and arguments that mean nothing', async () => {
    expect(await run(scan, ['nowhere'])).toMatchObject({ code: 1, err: `${join(bed.folder, 'nowhere')} is not there, or is no folder\n` });
    expect((await run(scan, [])).code).toBe(1);
    expect((await run(scan, ['data', '--jsn'])).code).toBe(1);
    expect(await run(scan, ['--help'])).toMatchObject({ code: 0, err: '' });
  });

  it('ends at Ctrl-C, and keeps what it found', async () => {
    const { code, out } = await run(scan, ['data'], {
      onInterrupt(listener) {
        listener();
        return { dispose: () => undefined };
      },
    });
    expect([code, out]).toEqual([130, '']);
  });
});

describe('trainyard query', () => {
  it('lists what a filter finds, a file a line', async () => {
    const { code, out } = await run(query, ['data', 'kind:audio']);
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['audio', 'wav', '32.0 kB', '2.000 s', 'train/cat/b.wav', 'train', 'cat'],
      ['audio', 'wav', '16.0 kB', '1.000 s', 'val/dog/c d.wav', 'val', 'dog'],
      [''],
    ]);
  });

  it('lists paths for xargs, in an order and up to a number', async () => {
    expect((await run(query, ['data', 'kind:audio', '--paths0', '--sort', 'duration'])).out).toBe(`${bed.root}/val/dog/c d.wav\0${bed.root}/train/cat/b.wav\0`);
    expect((await run(query, ['data', '', '--paths0', '--sort', '-size', '--limit', '1'])).out).toBe(`${bed.root}/train/cat/b.wav\0`);
  });

  it('lists documents for programs', async () => {
    const { out } = await run(query, ['data', 'kind:image', '--json']);
    expect(JSON.parse(out)).toMatchObject({ path: `${bed.root}/train/cat/a.bmp`, kind: 'image', container: 'bmp', width: 4, height: 3, label: 'cat' });
  });

  it('points at the place of a filter that is not understood, before anything is read', async () => {
    const { code, out, err } = await run(query, ['nowhere', 'kind:audio durration > 2']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe('kind:audio durration > 2\n           ^^^^^^^^^\nThere is no column “durration”. Did you mean duration?\n');
  });

  it.each([
    [['data', 'kind:audio', '--sort', 'durration'], 'There is no column “durration”. Did you mean duration?'],
    [['data', 'duration', '>', '2'], 'The filter is one argument, in quotes for the shell: \'duration > 2\''],
    [['data', '', '--limit', 'x'], '--limit takes a whole number, not x'],
    [['data', '', '--json', '--paths0'], 'Either --json or --paths0'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await run(query, args);
    expect([code, err.split('\n')[0]]).toEqual([1, message]);
  });

  it('looks again at a file that was written anew', async () => {
    await run(query, ['data', '']);
    writeFileSync(join(bed.root, 'train/cat/b.wav'), wav(9));
    expect((await run(query, ['data', 'duration > 5'])).out).toContain('b.wav');
  });
});
