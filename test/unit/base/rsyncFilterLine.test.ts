import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LineFault, readFilterLine } from '../../../src/base/rsyncFilterLine.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'trainyard-filter-line-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether rsync takes a line of a filter file. A file of rules that is not there is no fault of the line. */
function rsyncTakes(line: string): boolean {
  writeFileSync(join(folder, 'rules'), `${line}\n`);
  const { stderr, status } = spawnSync('rsync', ['-rn', `--filter=merge ${folder}/rules`, `${folder}/`, `${folder}-none/`], { encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' } });
  return status === 0 || /failed to open (?:ex|in)clude file/.test(stderr);
}

const start = fc.constantFrom('-', '+', 'H', 'S', 'P', 'R', '.', ':', '!', 'exclude', 'include', 'hide', 'show', 'protect', 'risk', 'merge', 'dir-merge', 'clear', 'x', 'exclud', '#', ';', ' ', '', '*', 'é');
const modifiers = fc.array(fc.constantFrom('/', '!', 'C', 'r', 's', 'p', 'x', '-', '+', 'e', 'n', 'w', 'q', ','), { maxLength: 3 }).map((list) => list.join(''));
/** None is the name of a file in a folder above the test's: a list for each folder would be read from there. */
const pattern = fc.constantFrom('a', 'no such', '/trainyard-none/', '*', '', ' ');
const line = fc.tuple(start, fc.constantFrom('', '', ','), modifiers, fc.constantFrom(' ', ' ', '_', '', '\t'), pattern).map((parts) => parts.join(''));

describe('a line of a filter file', () => {
  it('is refused exactly where rsync refuses it, on characters of its own', () => {
    fc.assert(
      fc.property(line, (text) => {
        const read = readFilterLine(text);
        expect(!(read instanceof LineFault)).toBe(rsyncTakes(text));
        if (read instanceof LineFault) {
          expect(read.span.from).toBeLessThan(read.span.to);
          expect(read.span.to).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['-s,x a', 'unknownModifier', ','],
    ['P,s a', 'unknownModifier', 's'],
    ['*.log', 'unknownRule', '*.log'],
    ['!a', 'trailing', 'a'],
    ['+ ', 'noPattern', '+ '],
  ])('%j is refused on the very characters', (text, reason, at) => {
    const read = readFilterLine(text);
    expect(read).toMatchObject({ reason });
    expect(read instanceof LineFault && text.slice(read.span.from, read.span.to)).toBe(at);
  });
});
