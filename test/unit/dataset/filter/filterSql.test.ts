import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSqlite, type SqliteDatabase } from '../../../../src/base/sqlite.ts';
import { TABLES } from '../../../../src/dataset/catalogue/schema.ts';
import { FilterError } from '../../../../src/media/filter/filterError.ts';
import { defineFits, filterSql } from '../../../../src/dataset/filter/filterSql.ts';
import { parseFilter } from '../../../../src/media/filter/parseFilter.ts';

let database: SqliteDatabase;
beforeAll(async () => {
  database = (await loadSqlite()).open(':memory:');
  defineFits(database);
  database.exec(`${TABLES}
    INSERT INTO folder (id, parent, path, linked, walk) VALUES (1, 0, '', 0, 1), (2, 1, 'train/cat', 0, 1);
    INSERT INTO item (id, folder, name, kind, applies, size, duration, label, split, caption) VALUES
      (1, 1, 'a.wav', 'audio', 1, 10, 5, NULL, NULL, 'Ein Übel [1]'), (2, 2, 'b.wav', 'audio', 1, NULL, NULL, 'cat', 'train', '100 % dog_house'),
      (3, 2, 'c[1].jpg', 'image', 8, 2000000, NULL, 'cat', 'train', NULL), (4, 2, 'd.jpg', 'image', 8, 5, NULL, 'Dog', 'val', 'x');
  `);
});
afterAll(() => database.close());

function found(filter: string): readonly number[] {
  const { condition, values } = filterSql(parseFilter(filter));
  return database.prepare(`SELECT id FROM item WHERE ${condition} ORDER BY id`).all(...values).map(({ id }) => Number(id));
}

it.each([
  ['caption ~ übel', [1]],
  ['caption ~ ÜBEL', [1]],
  ['caption ~ "100 %"', [2]],
  ['caption ~ "%"', [2]],
  ['caption ~ /dog|übel/i', [1, 2]],
  ['caption ~ /übel/', []],
  ['caption =~ /^\\d+ %/', [2]],
  ['caption !~ /./', [3]],
  ['path ~ /cat\\/[a-c]/ and kind:audio', [2]],
  ['path ~ /cat/b', [2]],
  ['folder ~ /^train/', [2, 3, 4]],
  ['caption ~ dog_', [2]],
  ['name:*[1]*', [3]],
  ['path:train/*', [2, 3, 4]],
  ['path == a.wav', [1]],
  ['folder:train/*', [2, 3, 4]],
  ['label != cat', [1, 4]],
  ['label is none', [1]],
  ['duration is unknown', [2]],
  ['duration is none', [2, 3, 4]],
  ['size:1MB..', [3]],
  ['size <= 10', [1, 4]],
  ['not size <= 10', [2, 3]],
  ['label:cat,none', [1, 2, 3]],
  ['label !~ o', [1, 2, 3]],
])('%s', (filter, wanted) => {
  expect(found(filter)).toEqual(wanted);
});

const atom = fc.constantFrom('duration > 4', 'label == cat', 'split:val', 'caption ~ x', 'size:5..10', 'duration is unknown', 'label is none', 'path:*.jpg', 'dog', 'folder == train/cat', 'kind:image,audio');
const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small' }, atom, fc.tuple(tie('tree'), fc.constantFrom('and', 'or', ''), tie('tree')).map(([a, by, b]) => `(${a}) ${by} (${b})`), tie('tree').map((a) => `not (${a})`)),
}));

it('lets an item pass a filter or its opposite, and never both or none', () => {
  fc.assert(
    fc.property(tree, (filter) => {
      expect([...found(filter), ...found(`not (${filter})`)].sort()).toEqual([1, 2, 3, 4]);
    }),
    { numRuns: 300 },
  );
});

const pieces = fc.constantFrom('duration', 'label', '==', '>', ':', '(', ')', '"', "'", '..', '5', '5..', ',', 'in', 'is', 'not', 'and', 'or', 'unknown', '*', '%', '\\', ';--', 'DROP TABLE item', '\0', '🐕', ' ');

it('understands whatever is typed, or says where it does not, and SQLite takes all of it', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 12 }), (words) => {
      const text = words.join(' ');
      try {
        found(text);
      } catch (error) {
        expect(error).toBeInstanceOf(FilterError);
        const { from, to, message } = error as FilterError;
        expect(from >= 0 && from <= to && to <= text.length && message.length > 0).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});
