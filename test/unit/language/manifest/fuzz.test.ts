import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Disk } from '../../../../src/language/manifest/disk.ts';
import { codeActionsAt } from '../../../../src/language/manifest/features/actions.ts';
import { LargeCheck } from '../../../../src/language/manifest/large/largeCheck.ts';
import { ManifestModel } from '../../../../src/language/manifest/manifestModel.ts';
import { recogniseManifest } from '../../../../src/language/manifest/recogniseManifest.ts';
import { BROKEN } from './broken/index.ts';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** Documents of some rows each: together more than 100,000 rows. */
const RUNS = 5000;
const MIN_ROWS = 25;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainyard-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SHREDS = ['"', "'", '{', '}', '[', ']', ',', ':', '\\', '\t', '\r', '\n', '\u0000', '\ufeff', '\ufffd', '\ud83d', '🦊', '|', 'NaN', '-1e999', '"audio_filepath":', '""', '<image>', '../', 'file://', ' '];

/** A sound or broken document with some of its characters replaced, cut out or doubled. */
const mutated = fc.record({
  of: fc.integer({ min: 0, max: BROKEN.length - 1 }),
  way: fc.nat(60),
  cuts: fc.array(fc.record({ at: fc.nat(10_000), length: fc.nat(12), put: fc.oneof(fc.constantFrom(...SHREDS), fc.string({ maxLength: 6, unit: 'binary' })) }), { minLength: 1, maxLength: 12 }),
}).map(({ of, way, cuts }) => {
  const broken = BROKEN[of];
  const base = broken?.breakages[way % broken.breakages.length]?.text ?? '';
  const path = broken?.path ?? '';
  const isDocument = base.trimStart().startsWith('[') || path.endsWith('annotations.json');
  let text = isDocument ? base : base.repeat(Math.ceil(MIN_ROWS / Math.max(1, base.split('\n').length - 1)));
  for (const { at, length, put } of cuts) {
    const from = at % (text.length + 1);
    text = text.slice(0, from) + put + text.slice(from + length);
  }
  return { path, text, sound: broken?.sound ?? '', rows: text.split('\n').length };
});

describe('manifests of any characters', () => {
  it('are gone through without a crash, a hang, or a range outside of the document, in 100,000 rows', async () => {
    let rows = 0;
    const disk = new Disk();
    await fc.assert(
      fc.asyncProperty(mutated, async ({ path, text, sound, rows: count }) => {
        const file = join(folder, path);
        const recognised = recogniseManifest({ uri: '', path: file, language: '', head: text }) ?? recogniseManifest({ uri: '', path: file, language: '', head: sound });
        if (recognised === undefined) {
          return;
        }
        rows += count;
        const model = new ManifestModel(recognised, sound, file, disk, [folder]);
        model.change(text, { start: 0, oldEnd: sound.length, newEnd: text.length });
        const started = process.cpuUsage();
        await model.check(new AbortController().signal, () => undefined);
        const { placed } = model.problems();
        expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
        for (const { from, to } of placed) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(text.length);
        }
        const document = TextDocument.create('file:///x', '', 1, text);
        const open = { uri: 'file:///x', path: file, language: '', version: 1, text: document, look: () => ({ uri: '', path: file, language: '', head: text, isWhole: true }) };
        for (const action of codeActionsAt(model, open, { start: document.positionAt(0), end: document.positionAt(Math.min(text.length, 300)) })) {
          for (const change of action.edit?.documentChanges ?? []) {
            expect('edits' in change && TextDocument.applyEdits(document, change.edits.filter((edit) => 'newText' in edit)).length).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: RUNS },
    );
    expect(rows).toBeGreaterThan(100_000);
  }, 600_000);

  it('are the same whether they are changed step by step or read anew', async () => {
    const disk = new Disk();
    await fc.assert(
      fc.asyncProperty(mutated, fc.array(fc.record({ at: fc.nat(10_000), length: fc.nat(30), put: fc.constantFrom(...SHREDS) }), { minLength: 1, maxLength: 5 }), async ({ path, text, sound }, steps) => {
        const file = join(folder, path);
        const recognised = recogniseManifest({ uri: '', path: file, language: '', head: sound });
        if (recognised === undefined) {
          return;
        }
        const signal = new AbortController().signal;
        const model = new ManifestModel(recognised, text, file, disk, [folder]);
        await model.check(signal, () => undefined);
        let now = text;
        for (const { at, length, put } of steps) {
          const start = at % (now.length + 1);
          const oldEnd = Math.min(now.length, start + length);
          now = now.slice(0, start) + put + now.slice(oldEnd);
          model.change(now, { start, oldEnd, newEnd: start + put.length });
          await model.check(signal, () => undefined);
        }
        const anew = new ManifestModel(recognised, now, file, disk, [folder]);
        await anew.check(signal, () => undefined);
        const told = (of: ManifestModel): unknown => of.problems().placed.map(({ finding: { code, message }, from, to }) => `${from}-${to} ${code} ${message}`).sort();
        // Which kind of pairs it is, and which folder, is told once when it opens.
        if (model.kind === anew.kind && model.folder === anew.folder) {
          expect(told(model)).toEqual(told(anew));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are told the same from their bytes and from their document, row by row', async () => {
    const file = join(folder, 'both.jsonl');
    const row = fc.record({ audio_filepath: fc.constantFrom('a.wav', 'gone.wav', 'é.wav', ' a.wav', 'x//a.wav'), duration: fc.oneof(fc.constantFrom(1, 2.5, 0, -1, 25), fc.constantFrom('1', null)), text: fc.constantFrom('one', '', ' ', 'caf\u00e9', 'x\ufffd', 'a\u0007', '"quoted" \\ text'), lang: fc.constantFrom('en', 'de') });
    writeFileSync(join(folder, 'a.wav'), '');
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (rows) => {
        const text = `${rows.map((value) => JSON.stringify(value)).join('\n')}\n`;
        writeFileSync(file, text);
        const large = new LargeCheck(file, []);
        large.run(() => true);
        const model = new ManifestModel({ kind: 'nemo', form: 'jsonl' }, text, file, new Disk(), []);
        await model.check(new AbortController().signal, () => undefined);
        const isOfHeaders = (code: unknown): boolean => String(code).startsWith('media/');
        const byDocument = model.problems().placed.flatMap(({ finding, row: at }) => (isOfHeaders(finding.code) ? [] : [`${at} ${finding.code}`])).sort();
        const byBytes = large.problems.since(0).map(({ code, range }) => `${range.start.line} ${String(code)}`).sort();
        large.dispose();
        expect(byBytes).toEqual(byDocument);
      }),
      { numRuns: 200 },
    );
  });
});
