import { describe, expect, it } from 'vitest';
import { GridLayout } from '../../../../../src/dataset/webview/gallery/gridLayout.ts';

const MEASURE = { columns: 4, row: 100, head: 30 };

describe('the layout of a grid', () => {
  const layout = new GridLayout(13, MEASURE, [5, 0, 1, 7]);

  it('begins a new row with each group, under its head', () => {
    expect(layout.height).toBe(30 * 4 + 100 * 5);
    expect(layout.rows).toBe(5);
    expect(layout.pieces(0, layout.height).map((piece) => (piece.kind === 'head' ? `head ${piece.group} ${piece.top}` : `row ${piece.row} ${piece.first}+${piece.count} ${piece.top}`))).toEqual([
      'head 0 0', 'row 0 0+4 30', 'row 1 4+1 130', 'head 1 230', 'head 2 260', 'row 2 5+1 290', 'head 3 390', 'row 3 6+4 420', 'row 4 10+3 520',
    ]);
  });

  it('gives no more than what lies between two heights', () => {
    expect(layout.pieces(140, 270).map(({ key }) => key)).toEqual(['row 1', 'head 1', 'head 2']);
    expect(layout.pieces(1e9, 2e9)).toEqual([]);
  });

  it('moves by rows over groups, in the column as far as a row has it', () => {
    expect([layout.moved(3, 1), layout.moved(3, 2), layout.moved(3, 3), layout.moved(9, -1), layout.moved(12, 5), layout.moved(0, -1)]).toEqual([4, 5, 9, 5, 12, 0]);
  });

  it('finds the place of an item and the item of a place', () => {
    for (let index = 0; index < 13; index++) {
      expect(layout.firstAt(layout.topOf(index))).toBeLessThanOrEqual(index);
      expect(layout.firstAt(layout.topOf(index)) + 3).toBeGreaterThanOrEqual(index);
    }
    expect(layout.groupOf(5)).toBe(2);
    expect([layout.groupAt(0), layout.groupAt(229), layout.groupAt(231), layout.groupAt(1e9)]).toEqual([0, 0, 1, 3]);
  });

  it('pushes the head that stays out by the next one', () => {
    expect([layout.pushed(0, 0), layout.pushed(0, 200), layout.pushed(0, 215), layout.pushed(3, 500)]).toEqual([0, 0, 15, 0]);
  });

  it('takes what the groups leave out into the last one, and no more than there are', () => {
    expect(new GridLayout(10, MEASURE, [2, 3]).pieces(0, 1e4).filter((piece) => piece.kind === 'row').reduce((sum, piece) => sum + piece.count, 0)).toBe(10);
    expect(new GridLayout(3, MEASURE, [2, 9]).pieces(0, 1e4).filter((piece) => piece.kind === 'row').reduce((sum, piece) => sum + piece.count, 0)).toBe(3);
  });

  it('without groups is a plain grid', () => {
    const plain = new GridLayout(9, MEASURE);
    expect([plain.height, plain.rows, plain.topOf(8), plain.moved(2, 1), plain.moved(6, 1)]).toEqual([300, 3, 200, 6, 8]);
    expect(new GridLayout(0, MEASURE).pieces(0, 1000)).toEqual([]);
  });
});
