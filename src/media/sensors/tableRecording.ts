import { absent, isAbsent } from '../../base/absent.ts';
import { createBreather } from '../../base/breather.ts';
import { formatCount, formatCountOf } from '../../base/format.ts';
import { openBytes } from '../arrays/fileBytes.ts';
import type { FilePart } from '../filePart.ts';
import { nameOfPart } from '../filePart.ts';
import { openRows } from '../rows/openRows.ts';
import { rowBytesOf } from '../rows/rowBytes.ts';
import type { Episode, Message, Recording, TimePiece, Topic } from './recording.ts';
import { SensorError } from './sensorError.ts';
import type { TableShape } from './tableColumns.ts';
import { shapeOf, timeOf, valueOf } from './tableColumns.ts';

export interface TableHints {
  /** Names of the elements of columns of lists. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** Rows of a second, where rows have no times of their own. */
  readonly rate?: number;
}

export interface TableRecording extends Recording {
  /** None where the table has no column of episodes. */
  readonly episodes: readonly Episode[];
}

/** Rows by which columns are told, and rows that are read at once. */
const LOOKED_AT = 200;
const AT_ONCE = 2000;
/** Numbers that are held in memory: 160 MB of them. */
const MOST_NUMBERS = 20_000_000;
const MESSAGES_AT_ONCE = 1000;

/** Whether a file is a table that can be drawn over time, by its name and first bytes. */
export function isTable(part: FilePart): boolean {
  if (/\.(?:csv|tsv)$/i.test(nameOfPart(part))) {
    return true;
  }
  const bytes = openBytes(part);
  const magic = bytes.reader().read(0, 4).toString('latin1');
  bytes.close();
  return magic === 'PAR1';
}

/** Reads the numbers of a table into memory, as far as they fit, and gives them as topics on one time axis. Rejects with a `SensorError`. */
export async function openTable(part: FilePart, { names, rate = 1 }: TableHints = {}, signal?: AbortSignal): Promise<TableRecording> {
  const bytes = openBytes(part);
  const rows = await openRows(nameOfPart(part), { bytes: rowBytesOf(bytes.reader(), () => bytes.close()), signal });
  try {
    const first = (await rows.rows(0, LOOKED_AT, { signal })).flatMap(({ values }) => (values === undefined ? [] : [values]));
    const shape = shapeOf(first, names);
    if (shape.topics.length === 0) {
      throw new SensorError('unsupported', first.length === 0 ? 'It has no rows.' : 'None of its columns holds numbers in every row: there is nothing to draw.');
    }
    const episodeColumn = first.some((row) => row['episode_index'] !== undefined) ? 'episode_index' : undefined;
    const numbers = new Numbers(shape, rate, episodeColumn);
    const breathe = createBreather(signal);
    const wanted = [...new Set([...(shape.time ? [shape.time.column] : []), ...(episodeColumn === undefined ? [] : [episodeColumn]), ...shape.topics.flatMap(({ columns }) => columns.map(({ column }) => column))])];
    for (let from = 0; ; ) {
      const read = await rows.rows(from, numbers.room, { signal, columns: wanted });
      if (read.length === 0) {
        break;
      }
      for (const { values } of read) {
        await breathe();
        numbers.add(values ?? {});
      }
      from += read.length;
    }
    const { total } = rows.count;
    return numbers.finish({ columns: rows.columns.length, form: rows.form, total: isAbsent(total) ? undefined : total, problem: rows.problem?.message });
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof SensorError ? error : new SensorError('malformed', (error as Error).message, { cause: error });
  } finally {
    rows.dispose();
  }
}

interface TableFacts {
  readonly columns: number;
  readonly form: string;
  readonly total: number | undefined;
  readonly problem: string | undefined;
}

class Numbers {
  private readonly width: number;
  private values = new Float64Array(4096);
  private times = new Float64Array(1024);
  private count = 0;
  private dropped = 0;
  private readonly episodes: { index: number; start: number; end: number }[] = [];
  private base = 0;
  private episodeFirst = 0;
  private last = 0;

  constructor(
    private readonly shape: TableShape,
    private readonly rate: number,
    private readonly episodeColumn: string | undefined,
  ) {
    this.width = shape.topics.reduce((sum, { columns }) => sum + columns.length, 0);
  }

  /** Rows that may be read next: none where memory is full. */
  get room(): number {
    return Math.max(0, Math.min(AT_ONCE, Math.floor(MOST_NUMBERS / (this.width + 1)) - this.count));
  }

  add(row: Readonly<Record<string, unknown>>): void {
    const { shape, width } = this;
    const time = shape.time === undefined ? (this.count / this.rate) * 1e9 : timeOf(row, shape.time);
    if (Number.isNaN(time)) {
      this.dropped++;
      return;
    }
    this.grow();
    this.times[this.count] = this.placed(time, row);
    let at = this.count * width;
    for (const { columns } of shape.topics) {
      for (const column of columns) {
        this.values[at++] = valueOf(row, column);
      }
    }
    this.count++;
  }

  finish({ columns, form, total, problem }: TableFacts): TableRecording {
    const { shape, width, count } = this;
    if (count === 0) {
      throw new SensorError('malformed', `None of its rows has a time in ${shape.time?.column ?? 'it'}.`);
    }
    const order = Uint32Array.from({ length: count }, (_, row) => row);
    let unsorted = 0;
    for (let row = 1; row < count; row++) {
      unsorted += (this.times[row] ?? 0) < (this.times[row - 1] ?? 0) ? 1 : 0;
    }
    if (unsorted > 0) {
      order.sort((a, b) => (this.times[a] ?? 0) - (this.times[b] ?? 0));
    }
    const origin = this.times[order[0] ?? 0] ?? 0;
    const times = Float64Array.from(order, (row) => (this.times[row] ?? 0) - origin);
    const problems = [
      ...(problem === undefined ? [] : [problem]),
      ...(total !== undefined && count + this.dropped < total ? [`Of ${formatCountOf(total, 'row')} the first ${formatCount(count)} are drawn: the others do not fit into memory.`] : []),
      ...(unsorted > 0 ? [`${formatCountOf(unsorted, 'row')} came before the row above it in time: they are drawn in the order of time.`] : []),
      ...(this.dropped > 0 ? [`${formatCountOf(this.dropped, 'row')} without a time ${this.dropped === 1 ? 'is' : 'are'} left out.`] : []),
    ];
    const facts = [
      { name: 'Rows', value: formatCount(count) },
      { name: 'Columns', value: formatCount(columns) },
      { name: 'Time', value: shape.time === undefined ? `row number, ${this.rate === 1 ? 'one a second' : `${this.rate} a second`}: no column says when` : shape.time.column },
      ...(this.episodes.length > 1 ? [{ name: 'Episodes', value: `${this.episodes.length}, one behind the other` }] : []),
    ];
    const episodes = this.episodes.map(({ index, start, end }) => ({ index, start: start - origin, end: end - origin }));
    return tableRecording({ shape, width, values: this.values, order, times, start: shape.time?.isDate === true || origin > 1e17 ? BigInt(Math.round(origin)) : 0n, facts: [{ name: 'Format', value: form }, ...facts], problems, episodes });
  }

  /** Times of each episode begin anew, at 0: it is laid behind the one before it. */
  private placed(time: number, row: Readonly<Record<string, unknown>>): number {
    if (this.episodeColumn === undefined) {
      return time;
    }
    const index = Number(row[this.episodeColumn]);
    const current = this.episodes.at(-1);
    // A row that does not say belongs to what is going on.
    if (current === undefined || (current.index !== index && !Number.isNaN(index))) {
      const step = this.count > 1 ? Math.max(1, this.last - (this.times[this.count - 2] ?? 0)) : 0;
      this.base = current === undefined || time >= this.last ? 0 : this.last + step;
      this.episodeFirst = this.base === 0 ? 0 : time;
      this.episodes.push({ index, start: this.base + time - this.episodeFirst, end: 0 });
    }
    this.last = this.base + time - this.episodeFirst;
    const episode = this.episodes.at(-1);
    if (episode !== undefined) {
      episode.end = this.last;
    }
    return this.last;
  }

  private grow(): void {
    if (this.count === this.times.length) {
      const times = new Float64Array(this.count * 2);
      times.set(this.times);
      this.times = times;
    }
    if ((this.count + 1) * this.width > this.values.length) {
      const values = new Float64Array(Math.max(this.values.length * 2, (this.count + 1) * this.width));
      values.set(this.values);
      this.values = values;
    }
  }
}

interface Held {
  readonly shape: TableShape;
  readonly width: number;
  readonly values: Float64Array;
  /** Rows in the order of time. */
  readonly order: Uint32Array;
  readonly times: Float64Array;
  readonly start: bigint;
  readonly facts: Recording['facts'];
  readonly problems: readonly string[];
  readonly episodes: readonly Episode[];
}

function tableRecording({ shape, width, values, order, times, start, facts, problems, episodes }: Held): TableRecording {
  const encoder = new TextEncoder();
  const starts = shape.topics.map((_, number) => shape.topics.slice(0, number).reduce((sum, { columns }) => sum + columns.length, 0));
  const topics = shape.topics.map(({ name, columns }, id): Topic => ({ id, name, type: columns.length === 1 ? 'number' : `${columns.length} numbers`, encoding: 'json', schemaEncoding: '', schema: new Uint8Array(), count: times.length }));
  const messageAt = (topic: number, at: number): Message => {
    const columns = shape.topics[topic]?.columns ?? [];
    const from = (order[at] ?? 0) * width + (starts[topic] ?? 0);
    const fields = Object.fromEntries(columns.map(({ field }, nth) => [field, values[from + nth]]));
    // Fields of one name before the dot are drawn together.
    const value = columns.length === 1 ? fields : { values: fields };
    return { topic, time: times[at] ?? 0, data: encoder.encode(JSON.stringify(value)) };
  };
  return {
    format: 'table',
    topics,
    start,
    duration: times.at(-1) ?? 0,
    messageCount: topics.length === 0 ? absent('there are no numbers in it') : times.length,
    facts,
    problems,
    episodes,
    async *times(wanted, told, signal): AsyncGenerator<TimePiece> {
      for (const { id } of topics.filter((topic) => wanted.has(topic.id))) {
        signal?.throwIfAborted();
        yield { topic: id, times };
      }
      told(1);
    },
    async *messages({ topics: wanted, from, to }, told, signal) {
      const breathe = createBreather(signal);
      const end = firstAfter(times, to);
      const begin = firstFrom(times, from);
      for (let at = begin; at < end; at += MESSAGES_AT_ONCE) {
        await breathe();
        const piece: Message[] = [];
        for (let row = at; row < Math.min(end, at + MESSAGES_AT_ONCE); row++) {
          for (const topic of wanted) {
            piece.push(messageAt(topic, row));
          }
        }
        told((at - begin) / Math.max(1, end - begin));
        yield piece;
      }
    },
    async nearest(topic, time, side) {
      const at = side === 'before' ? firstAfter(times, time) - 1 : firstAfter(times, time);
      return at >= 0 && at < times.length && topic < topics.length ? messageAt(topic, at) : undefined;
    },
    close: () => undefined,
  };
}

function firstAfter(times: Float64Array, time: number): number {
  return firstFrom(times, time, true);
}

/** The first place whose time is at least, or `beyond`, a time. */
function firstFrom(times: Float64Array, time: number, beyond = false): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = times[middle] ?? 0;
    if (beyond ? value <= time : value < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
