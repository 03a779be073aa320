import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLines, rulesOf } from '../../../../../src/language/families/rsyncFilter/filterLines.ts';
import { Surveys } from '../../../../../src/language/families/rsyncFilter/survey.ts';
import { tallyOf } from '../../../../../src/language/families/rsyncFilter/tally.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainyard-survey-'));
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'a.log'), '12345');
  writeFileSync(join(folder, 'sub', 'b.log'), '123');
  symlinkSync(folder, join(folder, 'sub', 'round'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const quiet = new AbortController().signal;

describe('the walk of a folder', () => {
  it('has every name with its size once, and no link followed', async () => {
    const { names, isWhole } = await new Surveys().of(folder, quiet);
    expect(names.map(({ path, bytes, isFolder }) => [path, bytes, isFolder])).toEqual([['a.log', 5, false], ['sub', 0, true], ['sub/b.log', 3, false], ['sub/round', 0, false]]);
    expect(isWhole).toBe(true);
  });

  it('ends at its bound and says so', async () => {
    const survey = await new Surveys(Date.now, 2).of(folder, quiet);
    expect(survey).toMatchObject({ isWhole: false, names: { length: 2 } });
    const tally = await tallyOf(rulesOf(readLines(['- *.log'])), survey, quiet);
    expect(tally).toMatchObject({ isWhole: false, leftOut: { files: 1, bytes: 5 } });
  });

  it('is done once for all who ask, until it is forgotten or old', async () => {
    let now = 0;
    const surveys = new Surveys(() => now);
    const first = await surveys.of(folder, quiet);
    writeFileSync(join(folder, 'c.log'), '');
    expect(await surveys.of(folder, quiet)).toBe(first);
    surveys.forget(folder);
    const second = await surveys.of(folder, quiet);
    expect(second.names).toHaveLength(first.names.length + 1);
    now = 60_000;
    expect(await surveys.of(folder, quiet)).not.toBe(second);
  });

  it('is left by one who no longer waits, and goes on for another even where it was given up', async () => {
    const surveys = new Surveys();
    const leaving = new AbortController();
    const left = surveys.of(folder, leaving.signal);
    const staying = surveys.of(folder, quiet);
    leaving.abort();
    await expect(left).rejects.toBe(leaving.signal.reason);
    expect((await staying).names).toHaveLength(4);
    const again = new Surveys();
    const waiting = again.of(folder, quiet);
    again.forget(folder);
    expect((await waiting).names).toHaveLength(4);
  });
});
