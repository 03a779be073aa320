import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_LINE, LineSplitter } from '../../../src/process/lineSplitter.ts';

function linesOf(...chunks: readonly (string | Buffer)[]): readonly string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  chunks.forEach((chunk) => splitter.add(Buffer.from(chunk as string)));
  return lines;
}

describe('LineSplitter', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['lines that come whole', ['a\nb\n'], ['a', 'b']],
    ['a line in pieces', ['a', 'b', 'c\nd\n'], ['abc', 'd']],
    ['CRLF, also where it is cut in two', ['a\r\nb\r', '\nc\r\n'], ['a', 'b', 'c']],
    ['a return that ends no line', ['a\rb\n'], ['a\rb']],
    ['empty lines', ['\n\r\n\n'], ['', '', '']],
    ['nothing that has no end yet', ['a\nb'], ['a']],
    ['a byte order mark before the first line alone', ['\ufeffa\n\ufeffb\n'], ['a', '\ufeffb']],
    ['a byte order mark and nothing else', ['\ufeff\n'], ['']],
    ['nothing', [], []],
  ])('tells %s', (_title, chunks, lines) => {
    expect(linesOf(...chunks)).toEqual(lines);
  });

  it('drops a byte order mark that is cut in two', () => {
    expect(linesOf(Buffer.from([0xef]), Buffer.from([0xbb]), Buffer.from([0xbf, 0x61, 0x0a]))).toEqual(['a']);
  });

  it('shows bytes that are no UTF-8 as such, and keeps the rest of the line', () => {
    expect(linesOf(Buffer.from([0x61, 0xff, 0x62, 0x0a]))).toEqual(['a\ufffdb']);
  });

  it.each([
    ['at once', (text: string) => [text]],
    ['in pieces', (text: string) => text.match(/[^]{1,1000}/g) ?? []],
  ])('cuts what is too long where no character is cut, and goes on with the next line: %s', (_title, pieces) => {
    const [long, next] = linesOf(...pieces(`a${'é'.repeat(LONGEST_LINE)}\nb\n`));
    expect(Buffer.byteLength(long ?? '')).toBe(LONGEST_LINE - 1);
    expect(long).toMatch(/^aé+$/);
    expect(next).toBe('b');
  });

  it('tells a line of just the longest length whole', () => {
    const text = 'x'.repeat(LONGEST_LINE);
    expect(linesOf(`${text}\r\n`)).toEqual([text]);
  });

  it('tells the same however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.array(fc.nat(40)), (lines, cuts) => {
        const whole = Buffer.from(lines.map((line) => `${line.replace(/[\r\n]/g, '')}\r\n`).join(''));
        const pieces: Buffer[] = [];
        let rest = whole;
        for (const cut of cuts) {
          pieces.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        expect(linesOf(...pieces, rest)).toEqual(linesOf(whole));
      }),
    );
  });
});
