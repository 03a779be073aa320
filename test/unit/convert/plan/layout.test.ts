import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAbsent } from '../../../../src/base/absent.ts';
import { openLedger } from '../../../../src/convert/ledger.ts';
import { freeSpace } from '../../../../src/convert/plan/freeSpace.ts';
import { layOut } from '../../../../src/convert/plan/layout.ts';
import { RequestError } from '../../../../src/convert/requestError.ts';
import { Bench, lines, toFlac } from './planning.ts';

function laidOut(bench: Bench, inputs: readonly string[], output?: string) {
  return layOut({ inputs, output, preset: toFlac, store: bench.store });
}

describe('where outputs go', () => {
  it.each([
    ['one folder', ['clips'], 'clips', 'clips-flac'],
    ['files of one folder', ['clips/a.wav', 'clips/b.wav'], 'clips', 'clips/flac'],
    ['one file', ['clips/sub/c.wav'], 'clips/sub', 'clips/sub/flac'],
    ['several folders', ['clips', 'more'], '', 'flac'],
    ['a folder and a file in it', ['clips', 'clips/a.wav'], 'clips', 'clips-flac'],
    ['files of several folders', ['clips/a.wav', 'more/d.wav'], '', 'flac'],
    ['a manifest of files under its own folder', ['list.jsonl'], '', 'list-flac'],
    ['a manifest of files elsewhere', ['lists/far.csv'], 'clips', 'lists/far-flac'],
    ['a file that is not there', ['clips/gone.wav'], 'clips', 'clips/flac'],
  ])('is a new folder beside what was selected: %s', async (_, inputs, base, output) => {
    const bench = new Bench();
    bench.put(['clips/a.wav', 'clips/b.wav', 'clips/sub/c.wav', 'more/d.wav']);
    mkdirSync(join(bench.data, 'lists'));
    writeFileSync(join(bench.data, 'list.jsonl'), '{"path": "clips/a.wav"}\n{"path": "clips/sub/c.wav"}\n');
    writeFileSync(join(bench.data, 'lists/far.csv'), 'path,x\n../clips/a.wav,1\n../clips/sub/c.wav,1\n');
    const at = (name: string): string => join(bench.data, name);
    expect(await laidOut(bench, inputs.map(at))).toEqual({ base: at(base), output: at(output) });
  });

  it('keeps the tree between what the inputs have in common and each of them', async () => {
    const bench = new Bench();
    bench.put(['x/1/a.wav', 'x/2/a.wav', 'y/a.wav']);
    const plan = await bench.plan([join(bench.data, 'x'), join(bench.data, 'y')]);
    expect(lines(plan).map((line) => line.split(' · ')[2])).toEqual(['x/1/a.flac', 'x/2/a.flac', 'y/a.flac']);
  });

  it('is another folder where that one is somebody’s, and the same one again where it is ours', async () => {
    const bench = new Bench();
    bench.put(['clips/a.wav', 'clips-flac/mine.txt']);
    const clips = join(bench.data, 'clips');
    const second = join(bench.data, 'clips-flac-2');
    expect((await laidOut(bench, [clips])).output).toBe(second);
    await openLedger({ store: bench.store, output: second });
    bench.put(['clips-flac-2/a.flac']);
    expect((await laidOut(bench, [clips])).output).toBe(second);
  });

  it('is the folder itself that a dead run left without an output', async () => {
    const bench = new Bench();
    bench.put(['clips/a.wav', 'clips-flac/.trainyard-1-0123456789ab-0.part']);
    expect((await laidOut(bench, [join(bench.data, 'clips')])).output).toBe(join(bench.data, 'clips-flac'));
  });

  it('lies in the folder where nothing can be written beside it', async () => {
    const bench = new Bench();
    const output = await laidOut(bench, ['/proc/sys/kernel']).catch((error: unknown) => error);
    expect(RequestError.is(output, 'output')).toBe(true);
    const inRoot = mkdtempSync(join(tmpdir(), 'trainyard-layout-'));
    expect((await laidOut(bench, [inRoot])).output).toBe(join(tmpdir(), `${basename(inRoot)}-flac`));
  });

  it.each([
    ['a file', 'file', 'is not a folder'],
    ['under a file', 'file/out', 'a part of its path is not a folder'],
    ['in a circle of links', 'circle/out', 'links lead round in a circle'],
    ['a link that leads nowhere', 'dangling', 'a link that leads nowhere'],
    ['closed to us', '../../../proc/sys/kernel', 'permission denied'],
  ])('is refused when it is %s', async (_, name, words) => {
    const bench = new Bench();
    const [input = ''] = bench.put(['a.wav']);
    bench.put(['../file']);
    symlinkSync('circle', join(bench.folder, 'circle'));
    symlinkSync('/nowhere/at/all', join(bench.folder, 'dangling'));
    const output = name.startsWith('..') ? '/proc/sys/kernel' : join(bench.folder, name);
    await expect(laidOut(bench, [input], output)).rejects.toThrow(expect.objectContaining({ name: 'RequestError', reason: 'output', message: expect.stringContaining(words) as string }));
  });

  it('needs absolute paths, and at least one input', async () => {
    const bench = new Bench();
    for (const [inputs, output] of [[[], undefined], [['a.wav'], undefined], [['/a\0b'], undefined], [['/a.wav'], 'out']] as const) {
      await expect(laidOut(bench, inputs, output)).rejects.toThrow(RequestError);
    }
  });

  it('knows the free space of a folder that is not there yet', async () => {
    const bench = new Bench();
    const free = await freeSpace(join(bench.folder, 'a/b/c'));
    expect(free).toBeGreaterThan(0);
    bench.put(['file']);
    expect(isAbsent(await freeSpace(join(bench.data, 'file/x')))).toBe(true);
  });
});
