import { setImmediate } from 'node:timers/promises';
import { chmodSync, closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatCount } from '../../base/format.ts';
import type { Sqlite, SqliteDatabase, SqliteRow } from '../../base/sqlite.ts';
import { loadSqlite } from '../../base/sqlite.ts';
import { openBytes } from '../arrays/fileBytes.ts';
import type { FilePart } from '../filePart.ts';
import { plainFileOf } from '../filePart.ts';
import type { Message, MessageSelection, Recording, TimePiece, Topic } from './recording.ts';
import { SensorError } from './sensorError.ts';

/** Rows read between two looks at whether the reader is still wanted; messages read at once. */
const ROWS = 20_000;
const MESSAGES = 256;
const MAX_COPY = 536_870_912;
const MAX_METADATA = 16_777_216;

/** rosbag2's SQLite storage. Rejects with a `SensorError` or a `MediaError`. */
export async function openSqliteBag(part: FilePart): Promise<Recording> {
  const bytes = openBytes(part);
  // Bytes 18 and 19 of SQLite's header: how it was written last.
  const isWal = bytes.reader().read(18, 1)[0] === 2;
  bytes.close();
  const file = await plainFileOf(part);
  const sqlite = await loadSqlite();
  let database: SqliteDatabase | undefined;
  try {
    database = isWal ? openWal(sqlite, file, bytes.size) : sqlite.open(file, { readOnly: true });
    return new SqliteBag(file, database);
  } catch (error) {
    database?.close();
    throw error instanceof SensorError ? error : new SensorError('malformed', `It cannot be read as a recording in SQLite: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * A database that was written with a log beside it. SQLite would make files beside it even to read it, which nobody asked
 * for: where there is no log, it is said not to change. WebAssembly knows no logs; it is given a copy that says so.
 */
function openWal(sqlite: Sqlite, file: string, size: number): SqliteDatabase {
  const hasLog = existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0;
  if (sqlite.engine === 'node') {
    return sqlite.open(hasLog ? file : `${pathToFileURL(file).href}?immutable=1`, { readOnly: true });
  }
  if (hasLog || size > MAX_COPY) {
    throw new SensorError('unsupported', hasLog ? 'Its last messages are in a log beside it (-wal), which is not read here: stop the recorder, or run sqlite3 with PRAGMA journal_mode=DELETE on a copy.' : 'It is in WAL mode and too large to be copied: a newer Node reads it in place.');
  }
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-bag-'));
  const copy = join(folder, 'copy.db3');
  copyFileSync(file, copy);
  chmodSync(copy, 0o600);
  const fd = openSync(copy, 'r+');
  writeSync(fd, Buffer.from([1, 1]), 0, 2, 18);
  closeSync(fd);
  const database = sqlite.open(copy, { readOnly: true });
  return {
    ...database,
    close() {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

class SqliteBag implements Recording {
  readonly format = 'rosbag2';
  readonly topics: readonly Topic[];
  readonly start: bigint;
  readonly duration: number;
  readonly messageCount: number;
  readonly facts: Recording['facts'];
  readonly problems: readonly string[];

  constructor(
    file: string,
    private readonly database: SqliteDatabase,
  ) {
    const tables = this.names("SELECT name FROM sqlite_master WHERE type = 'table'");
    if (!tables.has('topics') || !tables.has('messages')) {
      throw new SensorError('malformed', 'It is a database, but none of rosbag2: it has no topics or no messages.');
    }
    const definitions = tables.has('message_definitions') ? this.definitions() : new Map<string, { readonly encoding: string; readonly text: string }>();
    const counts = new Map(database.prepare('SELECT topic_id, COUNT(*) AS count FROM messages GROUP BY topic_id').all().map((row) => [Number(row['topic_id']), Number(row['count'])]));
    this.topics = database
      .prepare('SELECT id, name, type, serialization_format FROM topics ORDER BY id')
      .all()
      .map((row): Topic => {
        const definition = definitions.get(String(row['type']));
        return {
          id: Number(row['id']),
          name: String(row['name']),
          type: String(row['type']),
          encoding: String(row['serialization_format']),
          schemaEncoding: definition?.encoding ?? '',
          schema: Buffer.from(definition?.text ?? ''),
          count: counts.get(Number(row['id'])) ?? 0,
        };
      });
    // Nanoseconds since 1970 are beyond 53 bits: as text they keep their last digits.
    const range = database.prepare('SELECT CAST(MIN(timestamp) AS TEXT) AS low, CAST(MAX(timestamp) AS TEXT) AS high, COUNT(*) AS count FROM messages').get();
    this.start = BigInt(String(range?.['low'] ?? '0'));
    this.duration = Number(BigInt(String(range?.['high'] ?? '0')) - this.start);
    this.messageCount = Number(range?.['count'] ?? 0);
    const schema = tables.has('schema') ? database.prepare('SELECT * FROM schema').get() : undefined;
    this.facts = [{ name: 'Storage', value: 'SQLite' }, ...(schema ? [{ name: 'Schema', value: Object.values(schema).map(String).join(', ') }] : []), ...metadataFacts(file)];
    this.problems = [...counts.keys()].some((id) => !this.topics.some((topic) => topic.id === id)) ? ['It has messages of topics that it does not name.'] : [];
  }

  async *times(topics: ReadonlySet<number>, told: (done: number) => void, signal?: AbortSignal): AsyncIterable<TimePiece> {
    const statement = this.database.prepare('SELECT id, topic_id, CAST(timestamp AS TEXT) AS time FROM messages WHERE id > ? ORDER BY id LIMIT ?');
    let seen = 0;
    for (let last = -1; ; ) {
      const rows = statement.all(last, ROWS);
      const lists = new Map<number, number[]>();
      for (const row of rows) {
        const topic = Number(row['topic_id']);
        if (topics.has(topic)) {
          const list = lists.get(topic) ?? [];
          list.push(this.timeOf(row));
          lists.set(topic, list);
        }
      }
      for (const [topic, list] of lists) {
        yield { topic, times: Float64Array.from(list) };
      }
      const end = rows.at(-1);
      if (end === undefined || rows.length < ROWS) {
        return;
      }
      last = Number(end['id']);
      seen += rows.length;
      told(seen / Math.max(1, this.messageCount));
      await setImmediate();
      signal?.throwIfAborted();
    }
  }

  async *messages({ topics, from, to }: MessageSelection, told: (done: number) => void, signal?: AbortSignal): AsyncIterable<readonly Message[]> {
    const wanted = [...topics].map(Number).join(', ');
    const statement = this.database.prepare(
      `SELECT id, topic_id, CAST(timestamp AS TEXT) AS time, data FROM messages WHERE topic_id IN (${wanted}) AND (timestamp > CAST(? AS INTEGER) OR (timestamp = CAST(? AS INTEGER) AND id > ?)) AND timestamp <= CAST(? AS INTEGER) ORDER BY timestamp, id LIMIT ?`,
    );
    let time = this.absolute(from);
    let id = -1;
    for (;;) {
      const rows = statement.all(time, time, id, this.absolute(to), MESSAGES);
      const end = rows.at(-1);
      if (end === undefined) {
        return;
      }
      const found = rows.map((row) => this.message(row));
      yield found;
      time = String(end['time']);
      id = Number(end['id']);
      told(Math.min(1, ((found.at(-1)?.time ?? from) - from) / Math.max(1, to - from)));
      await setImmediate();
      signal?.throwIfAborted();
    }
  }

  async nearest(topic: number, time: number, side: 'before' | 'after'): Promise<Message | undefined> {
    const [test, order] = side === 'before' ? ['<=', 'DESC'] : ['>', 'ASC'];
    const row = this.database
      .prepare(`SELECT topic_id, CAST(timestamp AS TEXT) AS time, data FROM messages WHERE topic_id = ? AND timestamp ${test} CAST(? AS INTEGER) ORDER BY timestamp ${order}, id ${order} LIMIT 1`)
      .get(topic, this.absolute(time));
    return row && this.message(row);
  }

  close(): void {
    this.database.close();
  }

  private message(row: SqliteRow): Message {
    const { data } = row;
    return { topic: Number(row['topic_id']), time: this.timeOf(row), data: data instanceof Uint8Array ? data : new Uint8Array() };
  }

  private timeOf(row: SqliteRow): number {
    return Number(BigInt(String(row['time'])) - this.start);
  }

  private absolute(time: number): string {
    return String(this.start + BigInt(Math.round(time)));
  }

  private names(sql: string): ReadonlySet<string> {
    return new Set(this.database.prepare(sql).all().map(({ name }) => String(name)));
  }

  private definitions(): Map<string, { readonly encoding: string; readonly text: string }> {
    const rows = this.database.prepare('SELECT * FROM message_definitions').all();
    return new Map(rows.map((row) => [String(row['topic_type']), { encoding: String(row['encoding']), text: String(row['encoded_message_definition']) }]));
  }
}

/** Of the description beside it, which says what the database cannot: its distribution, its other files. */
function metadataFacts(file: string): Recording['facts'] {
  const beside = [join(dirname(file), 'metadata.yaml'), file.replace(/\.db3$/, '_metadata.yaml')].find((path) => existsSync(path) && statSync(path).size < MAX_METADATA);
  if (beside === undefined) {
    return [{ name: 'metadata.yaml', value: 'not beside it' }];
  }
  const text = readFileSync(beside, 'utf8');
  const value = (key: string) => new RegExp(`^\\s*${key}:\\s*['"]?([^'"\\n]*)`, 'm').exec(text)?.[1]?.trim();
  const files = [...text.matchAll(/^\s*-\s+(?:path:\s*)?['"]?([^\s'"]+\.(?:db3|mcap))/gm)].map(([, name = '']) => basename(name));
  const others = [...new Set(files)].filter((name) => name !== basename(file));
  return [
    ...(value('ros_distro') ? [{ name: 'ROS distribution', value: value('ros_distro') ?? '' }] : []),
    ...(value('message_count') ? [{ name: 'Messages by metadata.yaml', value: formatCount(Number(value('message_count'))) }] : []),
    ...(others.length > 0 ? [{ name: 'Other parts', value: others.slice(0, 20).join(', ') }] : []),
  ];
}

