import { loadSqlite } from '../../../src/base/sqlite.ts';
import { openCatalogueFile } from '../../../src/dataset/catalogue/catalogueFile.ts';
import { ItemLists } from '../../../src/dataset/catalogue/itemLists.ts';
import { filterSql } from '../../../src/dataset/filter/filterSql.ts';
import { EVERYTHING } from '../../../src/media/filter/filterTree.ts';
import { parseFilter } from '../../../src/media/filter/parseFilter.ts';

/** Bundled and run by filter.ts, in the Node of a VS Code server: makes a catalogue, then answers filters. */
export interface FilterFigures {
  readonly file: string;
  readonly sorts: readonly { readonly column: string; readonly took: number; readonly longest: number }[];
  readonly answers: readonly { readonly sql: string; readonly found: number; readonly took: number; readonly longest: number; readonly page: number }[];
}

const ROWS = 1_000_000;
const ROUNDS = 5;
const [storage = '', ...filters] = process.argv.slice(2);

const sqlite = await loadSqlite();
const { database } = openCatalogueFile(sqlite, storage, '/bench');
database.exec(`
  BEGIN;
  INSERT INTO folder (id, parent, path, linked, walk) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
    SELECT i + 1, 0, CASE i % 10 WHEN 0 THEN 'val' WHEN 1 THEN 'test' ELSE 'train' END || '/class' || i, 0, 1 FROM n;
  INSERT INTO item (id, folder, name, state, kind, applies, container, size, modified, duration, rate, channels, codec, caption, label, split)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS - 1})
    SELECT i + 1, i / 1000 + 1, printf('sample_%06d.wav', i % 1000), 1, 'audio', 71, 'wav', 44 + i * 7919 % 5000000, 1.7e12 + i, (i * 7919 % 60000) / 1000.0, 16000, 1,
      'pcm_s16le', 'a ' || CASE i % 7 WHEN 0 THEN 'brown dog' WHEN 1 THEN 'cat' WHEN 2 THEN 'small bird' ELSE 'car' END || ' number ' || i || ' is heard from afar',
      'class' || i / 1000, CASE i / 1000 % 10 WHEN 0 THEN 'val' WHEN 1 THEN 'test' ELSE 'train' END FROM n;
  COMMIT;
`);
let generation = 1;
const lists = new ItemLists(database, { generation: () => generation, restless: () => false, budget: 2 ** 28, inOrder: () => true });
const answers = [];
for (const filter of filters) {
  const node = parseFilter(filter);
  const times: number[] = [];
  let found = 0;
  let longest = 0;
  let page = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    generation++;
    const began = performance.now();
    let turn = began;
    // What anything else would have to wait at most.
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - turn);
      turn = performance.now();
    }, 0);
    const { ids } = await lists.sorted(node, undefined);
    clearInterval(watch);
    found = ids.length;
    if (round > 0) {
      times.push(performance.now() - began);
    }
    const paged = performance.now();
    database.prepare('SELECT * FROM item WHERE id IN (SELECT value FROM json_each(?))').all(JSON.stringify([...ids.subarray(found >> 1, (found >> 1) + 200)]));
    page = performance.now() - paged;
  }
  const { condition, values } = filterSql(node);
  const sql = values.reduce<string>((text, value) => text.replace('?', () => (typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`)), condition);
  answers.push({ sql, found, took: times.sort((a, b) => a - b)[times.length >> 1]!, longest, page });
}
const sorts = [];
for (const column of ['name', 'caption', 'duration'] as const) {
  const times: number[] = [];
  let longest = 0;
  for (let round = 0; round <= 2; round++) {
    generation++;
    const began = performance.now();
    let turn = began;
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - turn);
      turn = performance.now();
    }, 0);
    await lists.sorted(EVERYTHING, { column, descending: false });
    clearInterval(watch);
    times.push(performance.now() - began);
  }
  sorts.push({ column, took: times.sort((a, b) => a - b)[1]!, longest });
}
const file = String(database.prepare('PRAGMA database_list').get()?.['file']);
database.close();
process.stdout.write(JSON.stringify({ file, answers, sorts } satisfies FilterFigures));
