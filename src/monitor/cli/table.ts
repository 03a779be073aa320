import type { Paint, Tone } from './paint.ts';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Characters that are kept free at least, so that the columns stay where they are from one sample to the next. */
  readonly least?: number;
  /** Characters beyond which a text is cut. */
  readonly most?: number;
}

/** Rows under their titles. The last column takes what is left of `width`, where there is one, and is cut there. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly Cell[])[], paint: Paint, width: number | undefined): readonly string[] {
  const head = columns.map(({ title }): Cell => ({ text: title, tone: 'dim' }));
  const widths = columns.map(({ least = 0, most = Infinity, title }, index) =>
    Math.min(most, Math.max(least, title.length, ...rows.map((row) => lengthOf(row[index]?.text ?? '')))),
  );
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + GAP.length, 0);
  return [head, ...rows].map((row) =>
    row
      .map(({ text, tone = 'plain' }, index) => {
        const room = index < last ? (widths[index] ?? 0) : width === undefined ? Infinity : Math.max(8, width - before);
        const shown = cut(text, room);
        const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - lengthOf(shown)));
        const painted = paint(shown, tone);
        return columns[index]?.align === 'right' ? padding + painted : index === last ? painted : painted + padding;
      })
      .join(GAP)
      .trimEnd(),
  );
}

const GAP = '  ';

/** A text of so many characters at most; `…` tells that there was more. */
export function cut(text: string, most: number): string {
  if (text.length <= most) {
    return text;
  }
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, Math.max(0, most - 1)).join('')}…`;
}

function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) {
    length++;
  }
  return length;
}
