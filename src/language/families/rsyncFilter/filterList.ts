import { dirname } from 'node:path';
import type { TextEdit } from 'vscode-languageserver-types';
import type { LineSpan } from '../../../base/rsyncFilterLine.ts';
import type { OpenDocument } from '../../family.ts';
import type { LineEdit } from './filterRules.ts';

/** Rules in a document, one a line, and where they stand. */
export interface FilterList {
  readonly lines: readonly string[];
  /** Absolute path of the folder that is sent; undefined where it is not here. */
  readonly folder: string | undefined;
  /** Whether it is a target's, which takes less than a file does. */
  readonly isOfTarget: boolean;
  /** From characters of a line to the document's. */
  place(line: number, span: LineSpan): LineSpan;
  /** The line that an offset of the document lies in, and where in it. */
  at(offset: number): { readonly line: number; readonly column: number } | undefined;
  edits(edits: readonly LineEdit[]): readonly TextEdit[];
}

/** All lines of a filter file: rsync ends them by `\n` and by `\r`. */
export function listOfFile({ text, path }: Pick<OpenDocument, 'text' | 'path'>): FilterList {
  const lines = text.getText().split(/(?<=\r\n|\n|\r(?!\n))/);
  const starts: number[] = [0];
  lines.forEach((line, index) => starts.push((starts[index] ?? 0) + line.length));
  if (/[\r\n]$/.test(lines.at(-1) ?? '')) {
    lines.push('');
  } else {
    starts.pop();
  }
  const bare = lines.map((line) => line.replace(/[\r\n]+$/, ''));
  const end = lines.find((line) => line !== '')?.slice(bare[0]?.length ?? 0) || '\n';
  return {
    lines: bare,
    folder: path === undefined ? undefined : dirname(path),
    isOfTarget: false,
    place: (line, { from, to }) => ({ from: (starts[line] ?? 0) + from, to: (starts[line] ?? 0) + to }),
    at(offset) {
      const line = starts.findLastIndex((start) => start <= offset);
      const column = offset - (starts[line] ?? 0);
      return line >= 0 && column <= (bare[line]?.length ?? 0) ? { line, column } : undefined;
    },
    edits: (edits) => edits.map(({ line, text: written }) => {
      const start = starts[line] ?? 0;
      const stop = start + (written.length === 0 ? lines[line]?.length ?? 0 : bare[line]?.length ?? 0);
      return { range: { start: text.positionAt(start), end: text.positionAt(stop) }, newText: written.join(end) };
    }),
  };
}
