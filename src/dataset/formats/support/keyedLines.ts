import type { TextHash } from '../../../base/hash.ts';
import { NumberMap } from '../../../base/numberMap.ts';
import { createBreather } from '../../../base/breather.ts';
import { LineIndex } from './lineIndex.ts';
import type { OpenBytes } from './openBytes.ts';
import { openBytes } from './openBytes.ts';

export interface KeyedLine {
  /** Counted from 1. */
  readonly row: number;
  readonly id: string;
  readonly rest: string;
  /** As it stands in the file. */
  readonly line: string;
}

/** A text file of lines that begin with an id, by number and by id. 24 bytes a line. */
export class KeyedLines {
  private constructor(
    readonly file: string,
    private readonly bytes: OpenBytes,
    private readonly lines: LineIndex,
    private readonly numbers: NumberMap,
    private readonly hash: TextHash,
  ) {}

  static async open(file: string, hash: TextHash, signal?: AbortSignal): Promise<KeyedLines> {
    const bytes = await openBytes(file, signal);
    const lines = await LineIndex.build(bytes.source, { signal });
    const numbers = new NumberMap();
    const breathe = createBreather(signal);
    for (const { index, bytes: line } of lines.from(0)) {
      await breathe();
      const key = hash(parse(line, index).id);
      if (!numbers.has(key)) {
        numbers.set(key, index);
      }
    }
    return new KeyedLines(file, bytes, lines, numbers, hash);
  }

  get count(): number {
    return this.lines.count;
  }

  at(index: number): KeyedLine | undefined {
    const found = this.lines.at(index);
    return found && parse(found.bytes, found.index);
  }

  /** The first line with the id. */
  of(id: string): KeyedLine | undefined {
    const number = this.numbers.get(this.hash(id));
    return number === undefined ? undefined : this.at(number);
  }

  has(id: string): boolean {
    return this.numbers.has(this.hash(id));
  }

  *from(index = 0): Generator<KeyedLine> {
    for (const { index: number, bytes } of this.lines.from(index)) {
      yield parse(bytes, number);
    }
  }

  close(): void {
    this.bytes.close();
  }
}

function parse(bytes: Buffer | undefined, index: number): KeyedLine {
  const line = bytes?.toString('utf8') ?? '';
  const [, id = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
  return { row: index + 1, id, rest, line };
}
