import type { SqliteDatabase, SqliteValue } from '../../base/sqlite.ts';
import { APPLIES, filterSql, isApplying, sqlOf } from '../filter/filterSql.ts';
import type { FilterNode } from '../../media/filter/filterTree.ts';
import type { ColumnName } from '../../media/filter/filterTypes.ts';
import type { Query } from './catalogueApi.ts';
import { Kept, type KeptOptions } from './kept.ts';
import { sortByKey } from './sortByKey.ts';
import { GrowingTexts, ranksOf } from './sortTexts.ts';

/** A column of few words: of each item the place of its word; 0 is no value, and `words` beyond it are sorted. */
export interface WordColumn {
  /** By the item's id. */
  readonly codes: Uint32Array;
  /** `words[0]` stands for none. Empty where there are too many different ones. */
  readonly words: readonly (string | null)[];
}

export interface SortedList {
  readonly ids: Uint32Array;
  readonly generation: number;
}

type Sort = NonNullable<Query['sort']>;

/** Items of one statement: what it takes is what every other question waits at most. */
const CHUNK = 16_384;
/** Milliseconds of work between two turns of others. */
const STRETCH = 8;
/** Different words of a column, from which on it is not one of few. */
const MOST_WORDS = 100_000;
/** Characters of a free text by which it is sorted. */
const COMPARED = 64;
const NUMBERS = new Set<ColumnName>(['size', 'modified', 'duration', 'rate', 'channels', 'width', 'height', 'fps', 'rows']);
const FREE_TEXT = new Set<ColumnName>(['name', 'caption', 'hash']);

export function isNumber(column: ColumnName): boolean {
  return NUMBERS.has(column);
}

/** Columns whose values can be listed. */
export function hasWords(column: ColumnName): boolean {
  return !NUMBERS.has(column) && !FREE_TEXT.has(column) && column !== 'path';
}

export interface ItemListsOptions extends KeptOptions {
  /** Whether the items' ids are in the order of their paths. */
  readonly inOrder: () => boolean;
}

/**
 * Answers over all items as arrays by id, made by SQLite in steps of some milliseconds, with a turn for others and a look at
 * the signal in between, and kept: a page of any list is then a slice of it, and facets need no database.
 */
export class ItemLists {
  private readonly kept: Kept;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly options: ItemListsOptions,
  ) {
    this.kept = new Kept(options);
  }

  clear(): void {
    this.kept.clear();
  }

  /** In the asked order, by path where none is asked. */
  async sorted(filter: FilterNode, sort: Sort | undefined, signal?: AbortSignal, group?: ColumnName): Promise<SortedList> {
    const { column = 'path', descending = false } = sort ?? {};
    const key = `sorted ${group ?? ''} ${column} ${descending} ${JSON.stringify(filter)}`;
    return this.kept.get(key, signal, async (until) => {
      if (group !== undefined) {
        const { ids: sorted, generation } = await this.sorted(filter, sort, until);
        const ids = sortByKey(sorted, await this.keys(group, until), false);
        return { value: { ids, generation }, bytes: ids.byteLength };
      }
      const generation = this.options.generation();
      const matching = await this.matching(filter, until, true);
      const byPath = this.options.inOrder() ? matching : sortByKey(matching, await this.pathRanks(until), false);
      const ids = column === 'path' ? (descending ? byPath.toReversed() : byPath) : sortByKey(byPath, await this.keys(column, until), descending);
      return { value: { ids, generation }, bytes: ids.byteLength };
    });
  }

  /** In ascending order of their ids. */
  matching(filter: FilterNode, signal?: AbortSignal, fresh = false): Promise<Uint32Array> {
    const make = async (until: AbortSignal): Promise<{ readonly value: Uint32Array; readonly bytes: number }> => {
      const { condition, values } = filterSql(filter);
      const ids = new GrowingIds();
      for await (const row of this.chunks(`SELECT json_group_array(id) AS ids FROM item WHERE id BETWEEN ? AND ? AND ${condition}`, values, until)) {
        ids.add(row['ids']);
      }
      const value = ids.taken();
      return { value, bytes: value.byteLength };
    };
    return this.kept.get(`matching ${JSON.stringify(filter)}`, signal, make, fresh);
  }

  /** By id; NaN where there is no value. */
  numbers(column: ColumnName | 'applies', signal?: AbortSignal): Promise<Float64Array> {
    return this.kept.get(`numbers ${column}`, signal, async (until) => {
      const value = this.newKeys();
      const sql = `SELECT json_group_array(id) AS ids, json_group_array(${column}) AS numbers FROM item WHERE id BETWEEN ? AND ? AND ${column} IS NOT NULL`;
      for await (const row of this.chunks(sql, [], until)) {
        const ids = JSON.parse(String(row['ids'])) as number[];
        const numbers = JSON.parse(String(row['numbers'])) as number[];
        ids.forEach((id, at) => (value[id] = numbers[at]!));
      }
      return { value, bytes: value.byteLength };
    });
  }

  words(column: ColumnName, signal?: AbortSignal): Promise<WordColumn> {
    return this.kept.get(`words ${column}`, signal, async (until) => {
      const found = new Map<string, number>();
      const codes = new Uint32Array(this.lastId() + 1);
      const word = column === 'health' ? 'severity' : sqlOf(column);
      const sql = `SELECT json_group_array(id) AS ids, json_group_array(${word}) AS words FROM item WHERE id BETWEEN ? AND ? AND ${word} IS NOT NULL`;
      for await (const row of this.chunks(sql, [], until)) {
        const ids = JSON.parse(String(row['ids'])) as number[];
        const words = JSON.parse(String(row['words'])) as string[];
        let last: string | undefined;
        let code = 0;
        for (let at = 0; at < ids.length && found.size <= MOST_WORDS; at++) {
          // Neighbours often have the same word.
          if (words[at] !== last) {
            last = words[at]!;
            code = found.get(last) ?? found.size + 1;
            found.set(last, code);
          }
          codes[ids[at]!] = code;
        }
      }
      const value = found.size > MOST_WORDS ? { codes: new Uint32Array(0), words: [] } : sortedWords(codes, [...found.keys()]);
      return { value, bytes: value.codes.byteLength + found.size * 64 };
    });
  }

  /** Of the ids, those to which a column applies, whether its value is known or not. */
  async applying(column: ColumnName, ids: Uint32Array, signal?: AbortSignal): Promise<number> {
    if (!isApplying(column)) {
      return ids.length;
    }
    const bits = await this.numbers('applies', signal);
    const mask = APPLIES[column];
    return ids.reduce((sum, id) => sum + ((bits[id]! & mask) === 0 ? 0 : 1), 0);
  }

  /** What an order is by, as numbers by id. */
  private async keys(column: ColumnName, signal: AbortSignal): Promise<Float64Array> {
    if (NUMBERS.has(column)) {
      return this.numbers(column, signal);
    }
    const { codes, words } = FREE_TEXT.has(column) ? { codes: undefined, words: [] } : await this.words(column, signal);
    if (codes === undefined || words.length === 0) {
      return this.textRanks(column, signal);
    }
    return Float64Array.from(codes, (code) => (code === 0 ? NaN : code));
  }

  /** By the first characters; those alike have the same rank. */
  private textRanks(column: ColumnName, signal: AbortSignal): Promise<Float64Array> {
    return this.kept.get(`ranks ${column}`, signal, async (until) => {
      const texts = new GrowingTexts();
      const placed = new GrowingIds();
      const text = sqlOf(column);
      const sql = `SELECT json_group_array(id) AS ids, json_group_array(substr(${text}, 1, ${COMPARED})) AS texts FROM item WHERE id BETWEEN ? AND ? AND ${text} IS NOT NULL`;
      for await (const row of this.chunks(sql, [], until)) {
        placed.add(row['ids']);
        (JSON.parse(String(row['texts'])) as string[]).forEach((one) => texts.add(one));
      }
      const ranks = await ranksOf(texts, resting(until));
      const value = this.newKeys();
      placed.taken().forEach((id, at) => (value[id] = ranks[at]!));
      return { value, bytes: value.byteLength };
    });
  }

  /** Folders as a tree lists them, the files of each before those of its subfolders. */
  private pathRanks(signal: AbortSignal): Promise<Float64Array> {
    return this.kept.get('ranks path', signal, async (until) => {
      const value = this.newKeys();
      const folders = this.database
        .prepare('SELECT id, path FROM folder')
        .all()
        .map(({ id, path }) => ({ id: Number(id), key: String(path).replaceAll('/', '\0') }))
        .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
      const statement = this.database.prepare('SELECT json_group_array(id) AS ids FROM (SELECT id FROM item WHERE folder = ? ORDER BY name)');
      let rank = 0;
      let since = performance.now();
      for (const { id } of folders) {
        (JSON.parse(String(statement.get(id)?.['ids'])) as number[]).forEach((item) => (value[item] = rank++));
        if (performance.now() - since > STRETCH) {
          await turn(until);
          since = performance.now();
        }
      }
      return { value, bytes: value.byteLength };
    });
  }

  private async *chunks(sql: string, values: readonly SqliteValue[], signal: AbortSignal): AsyncGenerator<Readonly<Record<string, SqliteValue>>> {
    const statement = this.database.prepare(sql);
    const last = this.lastId();
    let since = performance.now();
    for (let from = 1; from <= last; from += CHUNK) {
      yield* statement.all(from, from + CHUNK - 1, ...values);
      if (performance.now() - since > STRETCH) {
        await turn(signal);
        since = performance.now();
      }
    }
  }

  private newKeys(): Float64Array {
    return new Float64Array(this.lastId() + 1).fill(NaN);
  }

  private lastId(): number {
    return Number(this.database.prepare('SELECT max(id) AS last FROM item').get()?.['last'] ?? 0);
  }
}

/** The same as often as a stretch of work is over. */
function resting(signal: AbortSignal): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since > STRETCH) {
      await turn(signal);
      since = performance.now();
    }
  };
}

/** Lets others have their turn. Rejects with the signal's reason. */
async function turn(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

function sortedWords(codes: Uint32Array, words: readonly string[]): WordColumn {
  const order = words.map((word, at) => ({ word, code: at + 1 })).sort((a, b) => (a.word < b.word ? -1 : 1));
  const codeOf = new Uint32Array(words.length + 1);
  order.forEach(({ code }, at) => (codeOf[code] = at + 1));
  return { codes: codes.map((code) => codeOf[code]!), words: [null, ...order.map(({ word }) => word)] };
}

class GrowingIds {
  private ids = new Uint32Array(1024);
  private length = 0;

  add(json: SqliteValue | undefined): void {
    const more = JSON.parse(String(json)) as number[];
    if (this.length + more.length > this.ids.length) {
      const larger = new Uint32Array(Math.max(this.ids.length * 2, this.length + more.length));
      larger.set(this.ids.subarray(0, this.length));
      this.ids = larger;
    }
    this.ids.set(more, this.length);
    this.length += more.length;
  }

  taken(): Uint32Array {
    return this.ids.slice(0, this.length);
  }
}

