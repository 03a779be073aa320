import { linkSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextHash } from '../../../../src/base/hash.ts';
import { NameTable } from '../../../../src/convert/plan/nameTable.ts';
import { outputName } from '../../../../src/convert/plan/outputNames.ts';
import { Bench, GIF, lines, toFlac, toFrames, toWebp } from './planning.ts';

const hash = await createTextHash();

describe('outputs that would have one name', () => {
  it.each([
    ['the same stem', ['a.gif', 'a.jpg', 'b.gif'], ['a.gif.webp', 'a.jpg.webp', 'b.webp']],
    ['upper and lower case', ['A.gif', 'a.jpg'], ['A.gif.webp', 'a.jpg.webp']],
    ['a longer name that is another’s plain one', ['a.gif', 'a.gif.gif', 'a.jpg'], ['a.gif.webp', 'a.gif.gif.webp', 'a.jpg.webp']],
    ['composed and decomposed letters', ['\u00e9.gif', 'e\u0301.jpg'], ['e\u0301.jpg.webp', '\u00e9.gif.webp']],
    ['folders that differ in case', ['D/a.gif', 'd/a.jpg'], ['D/a.gif.webp', 'd/a.jpg.webp']],
  ])('keep their extensions: %s', async (_, inputs, outputs) => {
    const bench = new Bench();
    bench.put(inputs, GIF);
    const plan = await bench.plan([bench.data], toWebp);
    expect(lines(plan)).toEqual(outputs.map((output) => `write · new · ${output}`));
  });

  it.each([
    ['upper and lower case', ['A.gif', 'a.gif', 'b.gif']],
    ['composed and decomposed letters', ['\u00e9.gif', 'e\u0301.gif', 'b.gif']],
    ['sharp s', ['STRASSE.gif', 'stra\u00dfe.gif', 'b.gif']],
    ['capital sharp s', ['STRA\u1e9eE.gif', 'stra\u00dfe.gif', 'b.gif']],
  ])('are refused where that does not tell them apart: %s', async (_, names) => {
    const bench = new Bench();
    const inputs = bench.put(names, GIF);
    const { items } = await bench.plan(inputs, toWebp);
    expect(items.map(({ action }) => action)).toEqual(['refuse', 'refuse', 'write']);
    expect([items[0]?.reason, items[1]?.reason].map((reason, index) => reason?.includes(inputs[1 - index] ?? ''))).toEqual([true, true]);
  });

  it('are never a folder that others go into', async () => {
    const bench = new Bench();
    bench.put(['a.gif', 'a/b.gif', 'plain', 'plain.d/x.gif'], GIF);
    expect(lines(await bench.plan([bench.data], toFrames))).toEqual(['write · new · a.gif', 'write · new · plain', 'write · new · a/b', 'write · new · plain.d/x']);
    bench.put(['folder.webp/x.gif', 'folder.gif'], GIF);
    expect(lines(await bench.plan([join(bench.data, 'folder.gif'), join(bench.data, 'folder.webp')], toWebp))).toEqual([
      'write · new · folder.gif.webp',
      'write · new · folder.webp/x.webp',
    ]);
  });

  it('say so where no name is left', async () => {
    const bench = new Bench();
    bench.put(['A', 'a/x.gif'], GIF);
    expect(lines(await bench.plan([bench.data], toFrames))).toEqual(['refuse · its output’s name is that of a folder which other outputs go into', 'write · new · a/x']);
  });
});

describe('an output that is an input', () => {
  const refusal = ['refuse · its output would be one of the inputs'];

  it('is refused by its own name', async () => {
    const bench = new Bench();
    const [a = ''] = bench.put(['a.flac', 'b.wav']);
    const { items } = await bench.plan([bench.data], toFlac, { request: { output: bench.data } });
    expect(items.map(({ action, reason }) => `${action} · ${reason}`)).toEqual([...refusal, 'write · new']);
    expect(readFileSync(a).length).toBeGreaterThan(44);
  });

  it.each([
    ['a symbolic link', (input: string, output: string) => symlinkSync(input, output)],
    ['a hard link', (input: string, output: string) => linkSync(input, output)],
    ['a folder that is a link', (input: string, output: string) => symlinkSync(dirname(input), dirname(output))],
  ])('is refused through %s', async (how, link) => {
    const bench = new Bench();
    const [input = ''] = bench.put(['in/a.flac']);
    const output = join(bench.folder, 'out');
    if (!how.includes('folder')) {
      mkdirSync(output);
    }
    link(input, join(output, 'a.flac'));
    const plan = await bench.plan([input], toFlac, { request: { output } });
    expect(plan.items.map(({ action, reason }) => `${action} · ${reason}`)).toEqual(refusal);
  });

  it('is refused when it is the input of another item', async () => {
    const bench = new Bench();
    const inputs = bench.put(['a.flac', 'a.wav', 'b.wav']);
    const { items } = await bench.plan(inputs, toFlac, { request: { output: bench.data } });
    expect(items.map(({ action }) => action)).toEqual(['write', 'write', 'write']);
    expect(items.map(({ output }) => basename(output ?? ''))).toEqual(['a.flac.flac', 'a.wav.flac', 'b.flac']);
    const two = await bench.plan(inputs.slice(1), toFlac, { request: { output: bench.data } });
    expect(two.items.map(({ action, reason }) => `${action} · ${reason}`)).toEqual([
      'refuse · something of its output’s name is there already, and was not made by Trainyard: move it away, or choose another output folder',
      'write · new',
    ]);
  });
});

describe('output paths that cannot be', () => {
  it('refuses names that are too long, and takes the longest that fit', async () => {
    const bench = new Bench();
    bench.put([`${'x'.repeat(251)}.wav`, `${'y'.repeat(250)}.wav`, `${'\u00e4'.repeat(125)}.wav`]);
    expect(lines(await bench.plan([bench.data]))).toEqual([
      expect.stringMatching(/^refuse · its output’s name would have 256 bytes/) as string,
      expect.stringMatching(/^write · new · y{250}\.flac$/) as string,
      expect.stringMatching(/^write · new · \u00e4{125}\.flac$/) as string,
    ]);
  });

  it('refuses rather than cut a name that would tell two apart', async () => {
    const bench = new Bench();
    bench.put([`${'x'.repeat(249)}.gif`, `${'x'.repeat(249)}.jpg`], GIF);
    expect((await bench.plan([bench.data], toWebp)).items.map(({ action }) => action)).toEqual(['refuse', 'refuse']);
  });

  it('refuses paths that are too long for the system', async () => {
    const bench = new Bench();
    bench.put([`${'s'.repeat(240)}/${'n'.repeat(240)}.wav`, 'a.wav']);
    const output = join(bench.folder, ...Array.from({ length: 15 }, () => 'd'.repeat(240)));
    expect((await bench.plan([bench.data], toFlac, { request: { output } })).items.map(({ action, reason }) => `${action} · ${reason}`)).toEqual([
      'write · new',
      expect.stringMatching(/^refuse · its output’s path would have 4\d{3} bytes/) as string,
    ]);
  });

  it('refuses what would go into a file, or into a folder that is closed', async () => {
    const bench = new Bench();
    bench.put(['f/a.wav', 'k/b.wav', 'n/c.wav']);
    const output = join(bench.folder, 'out');
    bench.put(['../out/f']);
    symlinkSync('/proc/sys/kernel', join(output, 'k'));
    expect((await bench.plan([bench.data], toFlac, { request: { output } })).items.map(({ action, reason }) => `${action} · ${reason}`)).toEqual([
      `refuse · ${output}/f is not a folder`,
      `refuse · nothing can be written into ${output}/k: permission denied`,
      'write · new',
    ]);
  });
});

const HOSTILE = [
  '-n.wav', '--help.wav', '-.wav', '@list.wav', '|touch x.wav', '$(id).wav', '`id`.wav', ';id.wav', '&.wav', '>x.wav', '*.wav', '?.wav',
  '[0].wav', '{a,b}.wav', '%d.wav', '%00.wav', '%s%n.wav', 'a:b.wav', 'file:x.wav', 'http:x.wav', 'concat:a|b.wav', ' lead.wav',
  'trail .wav', 'tab\t.wav', 'line\nbreak.wav', 'cr\r.wav', 'esc\u001b[31m.wav', 'bell\u0007.wav', 'quote".wav', "apo'strophe.wav",
  'back\\slash.wav', '~.wav', '#.wav', '!!.wav', 'rtl\u202egnp.wav', 'zero\u200bwidth.wav', 'bom\ufeff.wav', '\u{1f600}.wav', 'nul\u2400.wav',
  'e\u0301.wav', 'con.wav', '...wav',
];

describe('hostile names', () => {
  it('are kept as they are, each in its own place', async () => {
    const bench = new Bench();
    const inputs = bench.put(HOSTILE);
    const { items, output } = await bench.plan(inputs);
    expect(items.map(({ action, output: path }) => [action, path])).toEqual(
      HOSTILE.map((name) => ['write', join(output, `${name.slice(0, -4)}.flac`)]),
    );
    await bench.carryOut(await bench.plan([bench.data]));
    const again = await bench.plan([bench.data]);
    const visible = HOSTILE.filter((name) => !name.startsWith('.'));
    expect(again.items.map(({ action, input }) => [action, basename(input)]).sort()).toEqual(visible.map((name) => ['skip', name]).sort());
  });
});

/** Names from few letters, so that they clash in every way there is. */
const part = fc.stringMatching(/^[aAbK\u00e9\u212a\u00df\u1e9e\u017f]{1,3}$/u).map((text) => (text.length % 2 === 0 ? text.normalize('NFD') : text));
const fileName = fc.tuple(part, fc.constantFrom('', '.gif', '.GIF', '.jpg', '.gif.gif', '.webp', '.webp.gif')).map(([stem, end]) => stem + end);
const path = fc.tuple(fc.constantFrom('', 'a/', 'A/', 'a/a/', 'a.webp/', 'a.gif/'), fileName).map(([folder, name]) => folder + name);

const folded = (text: string): string => text.normalize('NFC').toLowerCase().normalize('NFC');

describe('the names of a plan', () => {
  it('are never one on any file system, and no folder of others, whatever the inputs', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 30 }), fc.constantFrom('webp', undefined), fc.infiniteStream(fc.constantFrom(undefined, undefined, 'plain' as const, 'kept' as const)), (inputs, shape, settled) => {
        const table = new NameTable(hash, '/out');
        const wishes = inputs.map((input) => {
          const folder = dirname(`/out/${input}`);
          return { input, folder, plain: outputName(input, shape, false), kept: outputName(input, shape, true), settled: settled.next().value };
        });
        const rows = wishes.map((wish) => table.add(wish));
        table.settle();
        const outputs = wishes.flatMap(({ folder, plain, kept }, index) => {
          const state = table.stateOf(rows[index] ?? -1);
          return state === 'clash' ? [] : [folded(`${folder}/${state === 'kept' ? kept : plain}`)];
        });
        expect(new Set(outputs).size).toBe(outputs.length);
        for (const output of outputs) {
          expect(outputs.filter((other) => other.startsWith(`${output}/`))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('do not depend on the order of the inputs', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 20 }), (inputs) => {
        const names = (order: readonly string[]): ReadonlyMap<string, string> => {
          const table = new NameTable(hash, '/out');
          const rows = order.map((input) => table.add({ folder: dirname(`/out/${input}`), plain: outputName(input, 'webp', false), kept: outputName(input, 'webp', true) }));
          table.settle();
          return new Map(order.map((input, index) => [input, table.stateOf(rows[index] ?? -1)]));
        };
        const [forth, back] = [names(inputs), names([...inputs].reverse())];
        expect(inputs.map((input) => forth.get(input))).toEqual(inputs.map((input) => back.get(input)));
      }),
    );
  });
});
