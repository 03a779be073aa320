import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Disk } from '../../../../../src/language/manifest/disk.ts';
import { changeOf } from '../../../../../src/language/manifest/features/actions.ts';
import type { TextChange } from '../../../../../src/language/manifest/forms/form.ts';
import { ManifestModel } from '../../../../../src/language/manifest/manifestModel.ts';
import type { Placed } from '../../../../../src/language/manifest/manifestModel.ts';
import { recogniseManifest } from '../../../../../src/language/manifest/recogniseManifest.ts';
import { BROKEN } from './index.ts';
import { RARER } from './others.ts';
import type { Broken } from './samples.ts';

/** Breaks a manifest in every way of a table, and sees that each is found on the very characters and mended. */
function describeBroken({ title, path, sound, files, breakages }: Broken): void {
  describe(title, () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'trainyard-broken-'));
      for (const [name, bytes] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), bytes);
      }
      mkdirSync(dirname(join(folder, path)), { recursive: true });
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const check = async (text: string): Promise<ManifestModel> => {
      const file = join(folder, path);
      const recognised = recogniseManifest({ uri: '', path: file, language: '', head: text }) ?? recogniseManifest({ uri: '', path: file, language: '', head: sound });
      if (recognised === undefined) {
        throw new Error('It is not recognised.');
      }
      const model = new ManifestModel(recognised, text, file, new Disk(), [folder]);
      await model.check(new AbortController().signal, () => undefined);
      return model;
    };

    it('has nothing to say of the sound one', async () => {
      expect((await check(sound)).problems().placed.filter(({ severity }) => severity !== 'info').map(({ finding }) => finding)).toEqual([]);
    });

    it.each(breakages)('finds $what', async ({ text, code, at, mends, mended }) => {
      const model = await check(text);
      const found = model.problems().placed;
      const problem = found.find(({ finding, from, to }) => finding.code === code && text.slice(from, to) === at);
      expect(problem, JSON.stringify(found.map(({ finding, from, to }) => [finding.code, text.slice(from, to), finding.message]))).toBeDefined();
      const fixed = problem && fixedText(model, problem);
      expect(fixed !== undefined, `has a fix: ${JSON.stringify(problem?.finding.mends)}`).toBe(mends);
      if (fixed === undefined) {
        return;
      }
      if (mended !== undefined) {
        expect(fixed).toBe(mended);
      }
      const after = (await check(fixed)).problems().placed;
      expect(after.filter(({ finding }) => finding.code === code)).toHaveLength(found.filter(({ finding }) => finding.code === code).length - 1);
      expect(errors(after).filter((other) => !errors(found).includes(other))).toEqual([]);
    });
  });
}

function errors(found: readonly Placed[]): string[] {
  return found.filter(({ severity }) => severity === 'error').map(({ finding }) => finding.code);
}

function fixedText(model: ManifestModel, problem: Placed): string | undefined {
  const [mend] = problem.finding.mends ?? [];
  const change = mend && changeOf(model, problem, mend);
  return change && applied(model.text, [change]);
}

function applied(text: string, changes: readonly TextChange[]): string {
  return [...changes].sort((a, b) => b.from - a.from).reduce((whole, { from, to, text: written }) => whole.slice(0, from) + written + whole.slice(to), text);
}

[...BROKEN, ...RARER].forEach(describeBroken);
