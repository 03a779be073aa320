import { problemOf } from '../../media/rules/index.ts';
import { checkClasses } from '../../media/rules/splits.ts';
import type { HealthStore } from './healthStore.ts';

/** Speakers that are named one by one. */
const MAX_SPEAKERS = 1000;

/** What is in more splits than one by its name, and which classes are rare. */
export function checkSplits(store: HealthStore, root: string): void {
  const { database } = store;
  const paths = database.prepare(
    'SELECT path, GROUP_CONCAT(DISTINCT split) AS splits FROM uses JOIN files ON files.id = uses.file WHERE split IS NOT NULL GROUP BY uses.file HAVING COUNT(DISTINCT split) > 1',
  );
  for (const { path, splits } of paths.all()) {
    store.tell('splits', problemOf({ code: 'split/same-path', message: `The file is in the splits ${wordsOf(splits)}.` }, { file: String(path) }));
  }
  const speakers = database.prepare(
    `SELECT speaker, GROUP_CONCAT(DISTINCT split) AS splits, COUNT(*) AS count, COALESCE(MIN(CASE WHEN size IS NOT NULL THEN path END), MIN(path)) AS example FROM uses JOIN files ON files.id = uses.file
     WHERE speaker IS NOT NULL AND split IS NOT NULL GROUP BY speaker HAVING COUNT(DISTINCT split) > 1 ORDER BY count DESC LIMIT ${MAX_SPEAKERS}`,
  );
  for (const { speaker, splits, count, example } of speakers.all()) {
    store.tell('splits', problemOf({ code: 'split/same-speaker', key: String(speaker), message: `The speaker ${String(speaker)} has ${String(count)} samples in the splits ${wordsOf(splits)}.` }, { file: String(example) }));
  }
  const labels = database.prepare('SELECT label, COUNT(*) AS count FROM uses WHERE label IS NOT NULL GROUP BY label ORDER BY count DESC LIMIT 20000').all();
  for (const finding of checkClasses(new Map(labels.map(({ label, count }) => [String(label), Number(count)])))) {
    store.tell('splits', problemOf(finding, { file: root }));
  }
  store.flush();
}

function wordsOf(splits: unknown): string {
  return String(splits).split(',').sort().join(' and ');
}
