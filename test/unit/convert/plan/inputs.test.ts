import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanItem } from '../../../../src/convert/job.ts';
import { readLedger } from '../../../../src/convert/ledger.ts';
import { makePlan } from '../../../../src/convert/plan/planner.ts';
import type { ToolPlan } from '../../../../src/process/toolPlan.ts';
import { SAMPLES } from '../../media/samples.ts';
import { aTool, Bench, GIF, lines, toFlac, toWebp } from './planning.ts';

/** Root may read everything: as somebody who may not. */
async function asNobody<T>(bench: Bench, act: () => Promise<T>): Promise<T> {
  chmodSync(bench.folder, 0o755);
  chmodSync(bench.store, 0o777);
  const own = process.geteuid?.() ?? 0;
  process.seteuid?.(own === 0 ? 65_534 : own);
  try {
    return await act();
  } finally {
    process.seteuid?.(own);
  }
}

describe('the inputs of a plan', () => {
  it('takes a file once, whatever its names', async () => {
    const bench = new Bench();
    const [a = ''] = bench.put(['a.wav', 'sub/b.wav']);
    linkSync(a, join(bench.data, 'hard.wav'));
    symlinkSync(a, join(bench.data, 'soft.wav'));
    const plan = await bench.plan([bench.data, a, join(bench.data, 'sub')]);
    expect(lines(plan)).toEqual(['write · new · a.flac', 'write · new · sub/b.flac']);
    expect(plan.leftOut).toEqual({ otherKinds: 0, duplicates: 4, ownOutputs: 0, unfollowed: 0 });
  });

  it('follows a link to a file outside, and no link to a folder', async () => {
    const bench = new Bench();
    bench.put(['../elsewhere/x.wav']);
    symlinkSync(join(bench.folder, 'elsewhere/x.wav'), join(bench.data, 'in.wav'));
    symlinkSync(join(bench.folder, 'elsewhere'), join(bench.data, 'folder'));
    symlinkSync('.', join(bench.data, 'loop'));
    const plan = await bench.plan([bench.data]);
    expect(lines(plan)).toEqual(['write · new · in.flac']);
    expect(plan.leftOut.unfollowed).toBe(2);
  });

  it('passes over other kinds that it meets, and refuses those that are named', async () => {
    const bench = new Bench();
    bench.put(['a.wav']);
    const [text = '', gif = ''] = [...bench.put(['notes.txt'], Buffer.from('hello\n')), ...bench.put(['b.gif'], GIF)];
    const walked = await bench.plan([bench.data]);
    expect([lines(walked), walked.leftOut.otherKinds]).toEqual([['write · new · a.flac'], 2]);
    const named = await bench.plan([text, gif]);
    expect(lines(named)).toEqual(['refuse · it is text (plaintext), and this preset takes audio', 'refuse · it is a picture (gif), and this preset takes audio']);
  });

  it('tells of what its name promises and its bytes do not hold', async () => {
    const bench = new Bench();
    bench.put(['a.wav', 'empty.flac', 'empty.txt'], Buffer.alloc(0));
    bench.put(['noise.mp3', 'noise.bin'], Buffer.from([1, 2, 3, 255, 0, 7, 200]));
    bench.put(['pointer.ogg'], Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`));
    const plan = await bench.plan([bench.data]);
    expect(plan.items.map(({ reason }) => reason)).toEqual([
      'the file is empty',
      'the file is empty',
      'its bytes are of no format that is known here, and this preset takes audio',
      'a Git LFS pointer: the content itself is not here (git lfs pull fetches it)',
    ]);
    expect(plan.leftOut.otherKinds).toBe(2);
  });

  it('goes by the bytes where the name says something else', async () => {
    const bench = new Bench();
    bench.put(['picture.png', 'noextension']);
    bench.put(['script.wav'], Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>'));
    expect(lines(await bench.plan([bench.data]))).toEqual(['write · new · noextension.flac', 'write · new · picture.flac']);
  });

  it('refuses what is not there and what is no file', async () => {
    const bench = new Bench();
    bench.put(['a.wav']);
    symlinkSync('/nowhere/x.wav', join(bench.data, 'dangling.wav'));
    const plan = await bench.plan([bench.data, join(bench.data, 'gone.wav'), join(bench.data, 'gone'), '/dev/null']);
    expect(plan.items.filter(({ action }) => action === 'refuse').map(({ input, reason }) => [input, reason])).toEqual([
      [join(bench.data, 'dangling.wav'), 'is not there'],
      [join(bench.data, 'gone.wav'), 'is not there'],
      [join(bench.data, 'gone'), 'is not there'],
      ['/dev/null', 'is not a regular file'],
    ]);
  });

  it('tells of files and folders that may not be read', async () => {
    const bench = new Bench();
    const [a = '', , c = ''] = bench.put(['a.wav', 'b.wav', 'c.txt', 'closed/d.wav']);
    chmodSync(a, 0);
    chmodSync(c, 0);
    chmodSync(join(bench.data, 'closed'), 0);
    const plan = await asNobody(bench, () => bench.plan([bench.data]));
    expect(lines(plan)).toEqual(['refuse · may not be read by this user', 'write · new · b.flac', 'refuse · may not be read by this user']);
    expect(plan.leftOut.otherKinds).toBe(1);
  });

  it('tells of a folder that vanishes while it is walked, and goes on', async () => {
    const bench = new Bench();
    bench.put(['a/1.wav', 'b/2.wav', 'c/3.wav']);
    const walkedOn = bench.plan([join(bench.data, 'a'), join(bench.data, 'b'), join(bench.data, 'c')]);
    rmSync(join(bench.data, 'b'), { recursive: true });
    expect(lines(await walkedOn)).toEqual(['write · new · a/1.flac', 'refuse · is not there', 'write · new · c/3.flac']);
  });

  it('tells of names that are not UTF-8', async () => {
    const bench = new Bench();
    execFileSync('/bin/sh', ['-c', 'touch "$(printf "%s/bad-\\377.wav" "$1")"', 'sh', bench.data]);
    expect((await bench.plan([bench.data])).items).toMatchObject([
      { action: 'refuse', input: join(bench.data, 'bad-\\xff.wav'), reason: 'has a name that is not UTF-8; rename it to use it' },
    ]);
  });

  it('reads manifests: CSV, TSV and JSONL, with rows that name nothing', async () => {
    const bench = new Bench();
    bench.put(['audio/a.wav', 'audio/b.wav', 'audio/c.wav']);
    const csv = join(bench.data, 'list.csv');
    const tsv = join(bench.data, 'list.tsv');
    const jsonl = join(bench.data, 'list.jsonl');
    writeFileSync(csv, 'path,label\naudio/a.wav,x\naudio/gone.wav,y\n,z\naudio,w\n');
    writeFileSync(tsv, 'path\tlabel\naudio/b.wav\tx\naudio/a.wav\ty\n');
    writeFileSync(jsonl, '{"audio_filepath": "audio/c.wav"}\n{"audio_filepath": "s3://bucket/x.wav"}\nnot json\n');
    const plan = await bench.plan([csv, tsv, jsonl]);
    expect(lines(plan)).toEqual([
      'write · new · audio/a.flac',
      'refuse · is not there (row 2 of list.csv)',
      'refuse · row 3 of list.csv: the column "path" is empty',
      'refuse · is a folder (row 4 of list.csv)',
      'write · new · audio/b.flac',
      'write · new · audio/c.flac',
      'refuse · row 2 of list.jsonl: "s3://bucket/x.wav" is an address and not a file',
      'refuse · row 3 of list.jsonl: the row is not JSON',
    ]);
    expect(plan.leftOut.duplicates).toBe(1);
  });

  it('does not read a manifest that it only meets', async () => {
    const bench = new Bench();
    const [outside = ''] = bench.put(['../outside.wav']);
    writeFileSync(join(bench.data, 'list.jsonl'), `${JSON.stringify({ path: outside })}\n`.repeat(2));
    expect((await bench.plan([bench.data])).items).toEqual([]);
  });

  it('refuses what a manifest has come to name outside of the base that was found', async () => {
    const bench = new Bench();
    const inputs = bench.put(['in/a.wav', 'other/b.wav']);
    const layout = { base: join(bench.data, 'in'), output: join(bench.folder, 'out') };
    const items: PlanItem[] = [];
    const ledger = await readLedger({ store: bench.store, output: layout.output });
    for await (const item of makePlan({
      request: { inputs, imageEngine: 'auto' }, preset: toFlac, options: {}, layout, ledger,
      tools: new Map([['sox', aTool('sox')]]), states: [], store: bench.store, scratch: join(bench.store, 'drafts'),
    })) {
      items.push(item);
    }
    expect(lines({ items, output: layout.output })).toEqual(['write · new · a.flac', `refuse · it does not lie under ${layout.base}`]);
  });

  it('keeps the order of the inputs however long each one takes', async () => {
    const bench = new Bench();
    const names = Array.from({ length: 40 }, (_, index) => `${String(index).padStart(2, '0')}.${index % 3 === 0 ? 'caf' : 'wav'}`);
    for (const name of names) {
      bench.put([name], name.endsWith('caf') ? SAMPLES.caf : undefined);
    }
    let running = 0;
    let most = 0;
    const ffprobe = async (_plan: ToolPlan<unknown>) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return { streams: [{ codec_type: 'audio', codec_name: 'pcm_s16le', sample_rate: '8000', channels: 1 }], format: { duration: '3' } };
    };
    const plan = await bench.plan([bench.data], toFlac, { ffprobe });
    expect(plan.items.map(({ input }) => input)).toEqual(names.map((name) => join(bench.data, name)));
    expect(plan.items.slice(0, 2).map(({ cost, engine }) => [cost, engine])).toEqual([[3, 'ffmpeg'], [0.5, 'sox']]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('ends with the signal’s reason and leaves no scratch file', async () => {
    const bench = new Bench();
    bench.put(['a.wav']);
    const scratch = join(bench.store, 'scratch');
    const planned = bench.plan([bench.data], toFlac, { scratch, signal: AbortSignal.abort(new Error('enough')) });
    await expect(planned).rejects.toThrow('enough');
    expect(() => rmSync(scratch)).toThrow(/ENOENT/);
  });
});

describe('a walk that meets outputs of ours', () => {
  it('does not take them for inputs, wherever they lie in it', async () => {
    const bench = new Bench();
    const [a = ''] = bench.put(['a.wav', 'sub/b.wav']);
    const inside = await bench.plan([a, join(bench.data, 'sub/b.wav')]);
    expect(inside.output).toBe(join(bench.data, 'flac'));
    await bench.carryOut(inside);
    bench.put(['flac/mine.wav']);
    const plan = await bench.plan([bench.data]);
    expect(plan.items.map(({ input }) => input.slice(bench.data.length + 1))).toEqual(['a.wav', 'flac/mine.wav', 'sub/b.wav']);
    expect(plan.leftOut.ownOutputs).toBe(2);
  });

  it('leaves out the whole output folder of this very job', async () => {
    const bench = new Bench();
    bench.put(['a.wav', 'out/x.wav']);
    const plan = await bench.plan([bench.data], toFlac, { request: { output: join(bench.data, 'out') } });
    expect(plan.items.map(({ input }) => input)).toEqual([join(bench.data, 'a.wav')]);
  });

  it('takes files beside which their outputs lie, and not those', async () => {
    const bench = new Bench();
    bench.put(['a.gif', 'b/c.gif'], GIF);
    const request = { output: bench.data };
    await bench.carryOut(await bench.plan([bench.data], toWebp, { request }));
    bench.put(['a.webp.gif'], GIF);
    const again = await bench.plan([bench.data], toWebp, { request });
    expect(lines(again)).toEqual(['skip · already done · a.webp', 'write · new · a.webp.webp', 'skip · already done · b/c.webp']);
    expect(again.leftOut.ownOutputs).toBe(2);
  });

  it('takes them where the output folder itself is asked for', async () => {
    const bench = new Bench();
    bench.put(['a.wav']);
    const first = await bench.plan([bench.data]);
    await bench.carryOut(first);
    writeFileSync(first.items[0]?.output ?? '', SAMPLES.flac ?? '');
    const chained = await bench.plan([first.output], { ...toFlac, id: 'audio.again' });
    expect(chained.items.map(({ input }) => input)).toEqual([first.items[0]?.output]);
    mkdirSync(chained.output);
  });
});
