import { setImmediate } from 'node:timers/promises';
import type { RowBytes } from './rowBytes.ts';
import type { RowMatch, SearchOptions } from './rowFile.ts';
import type { RowIndex } from './rowIndex.ts';

const PIECE = 4_194_304;
const MAX_NEEDLE = 4096;

interface Searched {
  readonly bytes: RowBytes;
  readonly index: RowIndex;
  readonly header: number;
  /** Waits until the index has come so far. */
  readonly reach: (offset: number) => Promise<void>;
}

/** Looks for a text in the bytes of rows as they are in the file, and as JSON writes it in ASCII. */
export async function findInText({ bytes, index, header, reach }: Searched, search: SearchOptions): Promise<RowMatch | undefined> {
  const { text, from, backwards = false, matchCase = false, signal, onProgress } = search;
  if (text === '' || text.length > MAX_NEEDLE) {
    return undefined;
  }
  const needle = createNeedle(text, matchCase);
  const overlap = needle.length - 1;
  const first = startOf(index, header);
  const origin = backwards ? endOf(index, from + header) : startOf(index, from + header);
  let at = origin;
  while (backwards ? at > first : at < bytes.size) {
    signal?.throwIfAborted();
    const start = backwards ? Math.max(first, at - PIECE) : at;
    const end = Math.min(bytes.size, backwards ? at + (at < origin ? overlap : 0) : at + PIECE + overlap);
    const found = needle.find(bytes.read(start, end - start), backwards);
    if (found >= 0) {
      const offset = start + found;
      await reach(offset + 1);
      return { row: Math.max(0, index.recordAt(offset) - header), offset };
    }
    at = backwards ? start : start + PIECE;
    await setImmediate();
    if (Math.min(at, bytes.size) <= index.scanned) {
      onProgress?.(index.recordAt(Math.min(at, bytes.size - 1)) - header);
    }
  }
  return undefined;
}

function startOf(index: RowIndex, record: number): number {
  if (record < index.known) {
    for (const { start } of index.records(record)) {
      return start;
    }
  }
  return index.scanned;
}

function endOf(index: RowIndex, record: number): number {
  if (record < index.known) {
    for (const { end } of index.records(record)) {
      return end;
    }
  }
  return index.scanned;
}

interface Needle {
  readonly length: number;
  find(bytes: Buffer, last: boolean): number;
}

function createNeedle(text: string, matchCase: boolean): Needle {
  const plain = Buffer.from(text);
  const escaped = Buffer.from(asJson(text));
  const spellings = plain.equals(escaped) ? [plain] : [plain, escaped];
  const length = Math.max(...spellings.map((spelling) => spelling.length));
  const hasCase = text.toLowerCase() !== text.toUpperCase();
  if (matchCase || !hasCase) {
    return {
      length,
      find: (bytes, last) => nearest(spellings.map((spelling) => (last ? bytes.lastIndexOf(spelling) : bytes.indexOf(spelling))), last),
    };
  }
  // Bytes as characters: ASCII letters are found in both cases, others as they are written or in the other case as a whole.
  const others = [Buffer.from(text.toLowerCase()), Buffer.from(text.toUpperCase()), Buffer.from(asJson(text.toLowerCase())), Buffer.from(asJson(text.toUpperCase()))];
  const patterns = new Set([...spellings, ...others].map((spelling) => spelling.toString('latin1').replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')));
  const expression = new RegExp([...patterns].map((pattern) => `(?:${pattern})`).join('|'), 'gi');
  return {
    length: Math.max(length, ...others.map((other) => other.length)),
    find(bytes, last) {
      const characters = bytes.toString('latin1');
      expression.lastIndex = 0;
      let found = -1;
      for (let match = expression.exec(characters); match; match = expression.exec(characters)) {
        found = match.index;
        if (!last) {
          return found;
        }
        expression.lastIndex = found + 1;
      }
      return found;
    },
  };
}

function nearest(places: readonly number[], last: boolean): number {
  const found = places.filter((place) => place >= 0);
  return found.length === 0 ? -1 : last ? Math.max(...found) : Math.min(...found);
}

/** As Python's json writes a text: every character that is not ASCII by its number. */
function asJson(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
