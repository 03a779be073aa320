import type { SqliteRow, SqliteValue } from '../../base/sqlite.ts';
import { SEVERITIES } from '../../media/problem.ts';
import { ruleOf } from '../../media/rules/index.ts';
import type { Compared, HealthApi, HealthGroup, HealthItem, HealthPair } from './healthApi.ts';
import type { HealthStore } from './healthStore.ts';
import { problemOfRow } from './healthStore.ts';

/** Of one answer. */
const MOST = 1000;

type ProblemsQuery = Omit<Parameters<HealthApi['problems']>[0], 'root' | 'code' | 'file'> & { readonly code?: string | undefined; readonly file?: string | undefined };
type PairsQuery = Omit<Parameters<HealthApi['pairs']>[0], 'root' | 'splits' | 'code'> & { readonly splits?: readonly [string | null, string | null] | undefined; readonly code?: string | undefined };

export interface Answers {
  groups(): readonly HealthGroup[];
  problems(query: ProblemsQuery): ReturnType<HealthApi['problems']>;
  compared(): Compared;
  pairs(query: PairsQuery): ReturnType<HealthApi['pairs']>;
}

/** What the page asks of what a check has found. */
export function answers(store: HealthStore): Answers {
  const { database } = store;
  store.flush();

  return {
    groups() {
      const rows = database.prepare('SELECT code, severity, COUNT(*) AS count, COUNT(DISTINCT file) AS files, MIN(message) AS example FROM problems GROUP BY code, severity ORDER BY severity, count DESC, code').all();
      return rows.map(({ code, severity, count, files, example }) => {
        const rule = ruleOf(String(code));
        return { code: String(code), severity: SEVERITIES[Number(severity)] ?? 'info', title: rule?.title ?? String(code), help: rule?.help ?? '', count: Number(count), files: Number(files), example: String(example) };
      });
    },
    problems({ code, file, offset, count }) {
      const [where, values] = conditions([['code = ?', code], ['file = ?', file]]);
      return {
        problems: database.prepare(`SELECT * FROM problems ${where} ORDER BY severity, id LIMIT ? OFFSET ?`).all(...values, Math.min(count, MOST), offset).map(problemOfRow),
        total: store.number(`SELECT COUNT(*) FROM problems ${where}`, ...values),
      };
    },
    compared() {
      const pairs = database.prepare('SELECT splitA, splitB, SUM(near = 0) AS identical, SUM(near = 1) AS near FROM pairs GROUP BY MIN(splitA, splitB), MAX(splitA, splitB), splitA IS NULL, splitB IS NULL').all();
      const splits = database.prepare('SELECT split FROM uses WHERE split IS NOT NULL GROUP BY split ORDER BY MIN(rowid)').all();
      const without = database.prepare("SELECT kind, COUNT(*) AS count FROM files WHERE kind IN ('audio', 'video', 'sensor') GROUP BY kind").all();
      const broken = store.number("SELECT COUNT(*) FROM files WHERE look = ''");
      return {
        splits: splits.map(({ split }) => String(split)),
        pairs: pairs.map(({ splitA, splitB, identical, near }) => ({ a: textOf(splitA), b: textOf(splitB), identical: Number(identical), near: Number(near) })),
        files: store.number("SELECT COUNT(*) FROM files WHERE size > 0 AND kind IN ('audio', 'video', 'image', 'sensor')"),
        pictures: store.number("SELECT COUNT(*) FROM files WHERE look <> ''"),
        notCompared: [...without.map(({ kind, count }) => `${String(count)} ${String(kind)}: by their bytes alone`), ...(broken > 0 ? [`${broken} pictures: not decoded`] : [])],
      };
    },
    pairs({ splits, code, offset, count }) {
      const parts = [...(splits === undefined ? [] : ['((splitA IS ? AND splitB IS ?) OR (splitA IS ? AND splitB IS ?))']), ...(code === undefined ? [] : [PAIRS_OF_RULES[code] ?? 'FALSE'])];
      const where = parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`;
      const values = splits === undefined ? [] : [splits[0], splits[1], splits[1], splits[0]];
      const rows = database.prepare(`SELECT * FROM pairs ${where} ORDER BY distance, near, id LIMIT ? OFFSET ?`).all(...values, Math.min(count, MOST), offset);
      const item = database.prepare('SELECT path, size, width, height, duration, (SELECT label FROM uses WHERE uses.file = files.id LIMIT 1) AS label FROM files WHERE id = ?');
      const side = (id: SqliteValue | undefined, split: SqliteValue | undefined): HealthItem => itemOf(item.get(Number(id)) ?? {}, split);
      return {
        pairs: rows.map(({ id, near, distance, a, b, splitA, splitB }): HealthPair => ({ id: Number(id), kind: near === 1 ? 'near' : 'identical', distance: Number(distance), a: side(a, splitA), b: side(b, splitB) })),
        total: store.number(`SELECT COUNT(*) FROM pairs ${where}`, ...values),
      };
    },
  };
}

/** Which pairs a rule tells of. */
const PAIRS_OF_RULES: Readonly<Record<string, string>> = {
  'split/same-content': 'near = 0 AND splitA IS NOT splitB',
  'split/near-duplicate': 'near = 1 AND splitA IS NOT splitB',
  'duplicate/content': 'near = 0 AND splitA IS splitB',
  'duplicate/near': 'near = 1 AND splitA IS splitB',
};

function conditions(parts: readonly (readonly [sql: string, value: string | undefined])[]): [where: string, values: string[]] {
  const given = parts.filter((part): part is readonly [string, string] => part[1] !== undefined);
  return [given.length === 0 ? '' : `WHERE ${given.map(([sql]) => sql).join(' AND ')}`, given.map(([, value]) => value)];
}

function itemOf({ path, size, width, height, duration, label }: SqliteRow, split: SqliteValue | undefined): HealthItem {
  return {
    file: String(path),
    size: Number(size),
    ...(typeof split === 'string' && { split }),
    ...(typeof label === 'string' && { label }),
    ...(typeof width === 'number' && { width }),
    ...(typeof height === 'number' && { height }),
    ...(typeof duration === 'number' && { duration }),
  };
}

function textOf(value: SqliteValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
