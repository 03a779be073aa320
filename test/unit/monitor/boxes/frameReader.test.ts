import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../../../src/monitor/boxes/frameReader.ts';

const MARK = '@@TY0123@@';

function read(...chunks: readonly (string | Buffer)[]): readonly string[] {
  const told: string[] = [];
  const reader = new FrameReader(MARK, {
    onHello: (system) => told.push(`hello ${system}`),
    onAnswer: (id, content) => told.push(`${id}=${content.toString('latin1')}`),
    onToolEnd: (run, stream) => told.push(`${run} ${stream} ends`),
    onToolLine: (run, stream, text) => told.push(`${run} ${stream} ${text}`),
  });
  chunks.forEach((chunk) => reader.add(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk));
  return told;
}

describe('what a box sends', () => {
  it.each<[string, string, readonly string[]]>([
    ['a greeting', `Welcome!\n50% off${MARK} h Linux\n`, ['hello Linux']],
    ['an answer', `${MARK} b 1\nab\nc\n${MARK} e 1\n`, ['1=ab\nc']],
    ['an empty answer', `${MARK} b 1\n\n${MARK} e 1\n`, ['1=']],
    ['an answer with zero bytes', `${MARK} b 1\na\0b\0\n${MARK} e 1\n`, ['1=a\0b\0']],
    ['noise between answers', `x\n${MARK} b 1\na\n${MARK} e 1\nnoise\n${MARK} b 2\nb\n${MARK} e 2\n`, ['1=a', '2=b']],
    [
      'a line of a tool within an answer, and within a line of it',
      `${MARK} b 1\ncpu 1${MARK} o 7 1 0, 93 %\n2 3\n\n${MARK} e 1\n`,
      ['7 stdout 0, 93 %', '1=cpu 12 3\n'],
    ],
    ['a line on stderr, and an empty one', `${MARK} o 7 2 oh\n${MARK} o 7 1 \n`, ['7 stderr oh', '7 stdout ']],
    ['the ends of a tool’s streams', `${MARK} x 7 1\n${MARK} x 7 2\n${MARK} x 7 3\n`, ['7 stdout ends', '7 stderr ends']],
    ['an answer that the next cuts short', `${MARK} b 1\na\n${MARK} b 2\nb\n${MARK} e 2\n`, ['2=b']],
    ['an end without its beginning', `a\n${MARK} e 1\n`, []],
    ['a record of nobody', `${MARK} z 1\n${MARK}\n${MARK} o 1 9 x\n`, []],
  ])('is understood: %s', (_title, text, told) => {
    expect(read(text)).toEqual(told);
    expect(read(...text)).toEqual(told);
  });

  it('is understood however it is cut', () => {
    const text = `motd\n${MARK} h Linux\n${MARK} b 1\na${MARK} o 2 1 line\nb\n\n${MARK} e 1\n${MARK} b 3\n\n${MARK} e 3\n`;
    fc.assert(
      fc.property(fc.array(fc.nat(30)), (cuts) => {
        const pieces: string[] = [];
        let rest = text;
        for (const cut of cuts) {
          pieces.push(rest.slice(0, cut));
          rest = rest.slice(cut);
        }
        expect(read(...pieces, rest)).toEqual(read(text));
      }),
    );
  });

  it('never throws, whatever it is', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(MARK, `${MARK} b 1\n`, `${MARK} e 1\n`, `${MARK} o `, '\n'));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        read(...pieces);
      }),
    );
  });

  it('takes no room where it never ends', () => {
    const line = Buffer.alloc(1024 * 1024, 0x78);
    expect(read(`${MARK} b 1\n`, ...Array.from({ length: 40 }, () => line), `\n${MARK} e 1\n${MARK} b 2\nb\n${MARK} e 2\n`)).toEqual([
      '2=b',
    ]);
  });
});
