import { renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aTool, Bench, GIF, lines, toFlac, toFrames, toWebp } from './planning.ts';

const libsoxr = { features: new Set(['libsoxr']) };

describe('a plan over what was done before', () => {
  it('skips everything when nothing has changed', async () => {
    const bench = new Bench();
    bench.put(['a.wav', 'sub/b.wav', 'sub/c.aiff']);
    const first = await bench.plan([bench.data]);
    expect(lines(first)).toEqual(['write · new · a.flac', 'write · new · sub/b.flac', 'write · new · sub/c.flac']);
    await bench.carryOut(first);
    const again = await bench.plan([bench.data]);
    expect(lines(again)).toEqual(['skip · already done · a.flac', 'skip · already done · sub/b.flac', 'skip · already done · sub/c.flac']);
    expect(again.items.map(({ cost, size }) => [cost, size > 0])).toEqual([[0, true], [0, true], [0, true]]);
  });

  it('does not look into files that were done before', async () => {
    const bench = new Bench();
    const [wav = ''] = bench.put(['a.wav']);
    await bench.carryOut(await bench.plan([bench.data]));
    const time = new Date(1_600_000_000_000);
    utimesSync(wav, time, time);
    await bench.carryOut(await bench.plan([bench.data]));
    writeFileSync(wav, Buffer.alloc(8044));
    utimesSync(wav, time, time);
    expect(lines(await bench.plan([bench.data]))).toEqual(['skip · already done · a.flac']);
  });

  it('renews what a touched input, another option, or another build of the tool makes stale', async () => {
    const bench = new Bench();
    const [a = ''] = bench.put(['a.wav', 'b.wav']);
    await bench.carryOut(await bench.plan([bench.data]));
    utimesSync(a, new Date(), new Date(2_000_000_000_000));
    expect(lines(await bench.plan([bench.data]))).toEqual(['replace · input changed · a.flac', 'skip · already done · b.flac']);
    const tools = new Map([['sox', aTool('sox', { buildId: 'sox-2' })]] as const);
    expect(lines(await bench.plan([bench.data], toFlac, { tools }))).toEqual(['replace · input changed · a.flac', 'replace · tool changed · b.flac']);
    const options = { rate: 8000 };
    expect(lines(await bench.plan([bench.data], toFlac, { tools, request: { options } }))[1]).toBe('replace · preset changed · b.flac');
    expect(lines(await bench.plan([bench.data], { ...toFlac, revision: 2 }))[1]).toBe('replace · preset changed · b.flac');
  });

  it('tells outputs of one setting from those of another in the same folder', async () => {
    const bench = new Bench();
    const [a = '', b = ''] = bench.put(['a.wav', 'b.wav']);
    const request = { options: { rate: 8000 } };
    await bench.carryOut(await bench.plan([a, b], toFlac, { request: { ...request, only: [a] } }));
    await bench.carryOut(await bench.plan([a, b], toFlac, { request: { only: [b] } }));
    expect(lines(await bench.plan([a, b], toFlac, { request }))).toEqual(['skip · already done · a.flac', 'replace · preset changed · b.flac']);
  });

  it('says so when the engine that is taken now is another one than then', async () => {
    const bench = new Bench();
    bench.put(['a.gif'], GIF);
    await bench.carryOut(await bench.plan([bench.data], toWebp));
    expect(lines(await bench.plan([bench.data], toWebp, { request: { imageEngine: 'imagemagick' } }))).toEqual(['replace · tool changed · a.webp']);
  });

  it('skips what the second engine made as long as the first one refuses the file', async () => {
    const bench = new Bench();
    bench.put(['a.caf'], Buffer.concat([Buffer.from('caff\0\x01\0\0desc'), Buffer.alloc(64)]));
    const preset = { ...toFlac, methods: toFlac.methods };
    const first = await bench.plan([bench.data], preset);
    expect(first.items[0]).toMatchObject({ engine: 'ffmpeg', action: 'write' });
    await bench.carryOut(first);
    expect(lines(await bench.plan([bench.data], preset))).toEqual(['skip · already done · a.flac']);
  });

  it('leaves alone what somebody has changed, replaced by a link, or put there', async () => {
    const bench = new Bench();
    bench.put(['a.wav', 'b.wav', 'c.wav', 'd.wav']);
    const first = await bench.plan([bench.data]);
    await bench.carryOut({ ...first, items: first.items.slice(0, 3) });
    const [a = '', b = '', c = '', d = ''] = first.items.map(({ output }) => output);
    writeFileSync(a, 'my own notes');
    unlinkSync(b);
    symlinkSync(d, b);
    renameSync(c, `${c}.x`);
    writeFileSync(d, 'mine');
    expect((await bench.plan([bench.data])).items.map(({ action, reason }) => `${action} · ${reason}`)).toEqual([
      'refuse · its output was changed by somebody since it was made: move it away to have it made anew',
      'refuse · its output was changed by somebody since it was made: move it away to have it made anew',
      'write · output missing',
      'refuse · something of its output’s name is there already, and was not made by Trainyard: move it away, or choose another output folder',
    ]);
  });

  it('says of an output that was kept damaged that it is', async () => {
    const bench = new Bench();
    bench.put(['a.wav']);
    await bench.carryOut(await bench.plan([bench.data]), true);
    expect(lines(await bench.plan([bench.data]))).toEqual(['skip · already done, damage and all · a.flac']);
  });

  it('does nothing anew when a further input makes the names clash', async () => {
    const bench = new Bench();
    bench.put(['a.gif'], GIF);
    await bench.carryOut(await bench.plan([bench.data], toWebp));
    bench.put(['a.jpg'], GIF);
    const second = await bench.plan([bench.data], toWebp);
    expect(lines(second)).toEqual(['skip · already done · a.webp', 'write · new · a.jpg.webp']);
    await bench.carryOut(second);
    expect(lines(await bench.plan([bench.data], toWebp))).toEqual(['skip · already done · a.webp', 'skip · already done · a.jpg.webp']);
  });

  it('keeps the longer names when only one of the two is left', async () => {
    const bench = new Bench();
    const [, jpg = ''] = bench.put(['a.gif', 'a.jpg'], GIF);
    const first = await bench.plan([bench.data], toWebp);
    expect(lines(first)).toEqual(['write · new · a.gif.webp', 'write · new · a.jpg.webp']);
    await bench.carryOut(first);
    rmSync(jpg);
    expect(lines(await bench.plan([bench.data], toWebp))).toEqual(['skip · already done · a.gif.webp']);
  });

  it('gives an input another name than the output that another input has in the same folder', async () => {
    const bench = new Bench();
    const output = join(bench.folder, 'out');
    const [x = '', y = ''] = bench.put(['x/a.wav', 'y/a.wav']);
    utimesSync(x, new Date(), new Date(1_500_000_000_000));
    await bench.carryOut(await bench.plan([x], toFlac, { request: { output } }));
    expect(lines(await bench.plan([y], toFlac, { request: { output } }))).toEqual(['write · new · a.wav.flac']);
    rmSync(join(output, 'a.flac'));
    expect(lines(await bench.plan([y], toFlac, { request: { output } }))).toEqual(['write · new · a.flac']);
  });

  it('refuses an input whose only name is that of what another input became', async () => {
    const bench = new Bench();
    const request = { output: join(bench.folder, 'out') };
    const [x = '', y = ''] = bench.put(['x/plain', 'y/plain']);
    utimesSync(x, new Date(), new Date(1_500_000_000_000));
    await bench.carryOut(await bench.plan([x], toFlac, { request }));
    expect(lines(await bench.plan([y], toFlac, { request }))).toEqual(['refuse · its output’s name is taken by what was made from another file: choose another output folder · plain.flac']);
  });

  it('skips what was done before the whole dataset was moved', async () => {
    const bench = new Bench();
    const output = join(bench.folder, 'out');
    bench.put(['x/a.wav']);
    await bench.carryOut(await bench.plan([join(bench.data, 'x')], toFlac, { request: { output } }));
    renameSync(join(bench.data, 'x'), join(bench.data, 'y'));
    expect(lines(await bench.plan([join(bench.data, 'y')], toFlac, { request: { output } }))).toEqual(['skip · already done · a.flac']);
  });

  it('remembers folders of files as well', async () => {
    const bench = new Bench();
    bench.put(['a.gif', 'b/c.d.gif'], GIF);
    const first = await bench.plan([bench.data], toFrames);
    expect(lines(first)).toEqual(['write · new · a', 'write · new · b/c.d']);
    await bench.carryOut(first);
    expect(lines(await bench.plan([bench.data], toFrames))).toEqual(['skip · already done · a', 'skip · already done · b/c.d']);
  });

  it('plans only what is asked to be done again, under the names it had', async () => {
    const bench = new Bench();
    const [, jpg = ''] = bench.put(['a.gif', 'a.jpg', 'b.gif'], GIF);
    const plan = await bench.plan([bench.data], toWebp, { request: { only: [jpg] } });
    expect(lines(plan)).toEqual(['write · new · a.jpg.webp']);
    expect(plan.items[0]?.seq).toBe(0);
  });

  it('needs the features of a tool’s build, whatever it could do before', async () => {
    const bench = new Bench();
    bench.put(['a.wav']);
    const tools = new Map([['ffmpeg', aTool('ffmpeg', libsoxr)]] as const);
    await bench.carryOut(await bench.plan([bench.data], toFlac, { tools }));
    const without = new Map([['ffmpeg', aTool('ffmpeg')]] as const);
    expect(lines(await bench.plan([bench.data], toFlac, { tools: without }))).toEqual([
      'refuse · SoX is not installed: sudo apt-get install sox; ffmpeg is built without libsoxr here',
    ]);
  });
});
