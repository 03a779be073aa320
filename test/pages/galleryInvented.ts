import sharp from 'sharp';
import { absent } from '../../src/base/absent.ts';
import type { Handlers } from '../../src/base/endpoint.ts';
import type { CatalogueApi, CatalogueItem, Facet, Query, Summary } from '../../src/dataset/catalogue/catalogueApi.ts';
import type { ThumbnailsApi } from '../../src/dataset/thumbnails/thumbnailsApi.ts';
import { rangeIn, valuesIn } from '../../src/dataset/webview/gallery/clauses.ts';
import type { Thumbnail } from '../../src/dataset/webview/gallery/thumbnail.ts';

export const ROOT = '/data/home-mm';

const LABELS = ['cup', 'motorcycle', 'tower', 'flower', 'cat', 'coin', 'speech', 'noise', 'dialog'];
const KINDS = ['image', 'image', 'video', 'audio', 'image', 'image', 'text', 'image', 'sensor', 'video', 'image', 'image', 'image', 'audio', 'image'] as const;
const NAMES = { image: 'jpg', video: 'mp4', audio: 'wav', text: 'jsonl', sensor: 'mcap', other: 'bin' } as const;

/** The item of a place: the same for ever, and for any place. */
export function inventedItem(index: number): CatalogueItem {
  const kind = KINDS[index % KINDS.length] ?? 'image';
  const isProbed = index % 17 !== 13;
  const label = LABELS[(index * 7) % LABELS.length] ?? '';
  const path = `part-${Math.floor(index / 1000)}/take_${String(index).padStart(6, '0')}.${NAMES[kind]}`;
  const timed = kind === 'audio' || kind === 'video' || kind === 'sensor';
  const measured = <T>(value: T) => (isProbed ? value : absent('not probed'));
  return {
    id: index + 1,
    place: { file: `${ROOT}/${path}` },
    path,
    kind,
    container: kind === 'image' ? 'jpeg' : kind === 'audio' ? 'wav' : kind === 'video' ? 'mp4' : 'jsonl',
    size: 50_000 + ((index * 7919) % 4_000_000),
    modified: 1_790_000_000_000 + index,
    ...(timed && { duration: measured(1 + ((index * 37) % 600)) }),
    ...(kind === 'audio' && { sampleRate: measured(48_000), channels: measured(2) }),
    ...((kind === 'image' || kind === 'video') && { width: measured(64 * (1 + (index % 40))), height: measured(48 * (1 + (index % 40))) }),
    ...(kind === 'video' && { fps: measured(29.97), codec: measured('h264') }),
    ...(kind === 'text' && { rows: measured(6) }),
    ...(index % 5 !== 4 && { label }),
    split: index % 10 === 8 ? 'val' : index % 10 === 9 ? 'test' : 'train',
    ...(index % 3 === 0 && { caption: `A ${label} in the ${index % 2 === 0 ? 'morning' : 'evening'}` }),
    ...(index % 23 === 10 && { health: { severity: 'error' as const, message: 'truncated at 48 KiB' } }),
    ...(index % 29 === 8 && { health: { severity: 'warning' as const, message: 'longer than the manifest says' } }),
  };
}

export interface InventedOptions {
  readonly count: number;
  readonly state?: Summary['state'];
  readonly problem?: string;
  /** How many of them are members of archives, all of which were looked at. */
  readonly members?: number;
  /** Instead of the invented answer, as when a request is to fail. */
  readonly items?: CatalogueApi['items'];
}

/** A catalogue of any number of items, which understands what the facets write. */
export class InventedCatalogue {
  generation = 1;
  readonly handlers: Handlers<CatalogueApi>;
  exported: unknown[] = [];
  private readonly found = new Map<string, readonly number[] | undefined>();

  constructor(readonly options: InventedOptions) {
    this.handlers = {
      open: () => this.summary(),
      summary: () => this.summary(),
      close: () => undefined,
      refresh: () => this.summary(),
      items: (params) => (options.items ?? ((asked) => this.items(asked)))(params as Parameters<CatalogueApi['items']>[0]),
      indexOf: (params) => {
        const { filter, id } = params as Query & { id: number };
        const ids = this.idsOf(filter);
        return ids === undefined ? id - 1 : ids.indexOf(id);
      },
      item: (params) => {
        const { id } = params as { id: number };
        return id > 0 && id <= this.options.count ? inventedItem(id - 1) : null;
      },
      facets: (params) => this.facets(params as Query & { columns: readonly string[] }),
      complete: (params) => {
        const { filter, caret } = params as { filter: string; caret: number };
        const word = /[\w]*$/.exec(filter.slice(0, caret))?.[0] ?? '';
        const columns = [['duration', 'seconds · video, audio, sensor'], ['split', 'train, val or test'], ['label', 'class of a sample']] as const;
        return columns.filter(([name]) => name.startsWith(word)).map(([text, detail]) => ({ text, kind: 'column' as const, detail, from: caret - word.length, to: caret, ...(text === 'duration' && { count: 3602 }) }));
      },
      children: () => ({ folders: [], items: [], total: 0 }),
      sums: (params) => this.sums(params as Query & { column: 'kind' | 'label' | 'split' | 'folder' }),
      annotate: () => 0,
      exportManifest: (params) => {
        this.exported.push(params);
        return 3;
      },
    };
  }

  summary(): Summary {
    const { count, state = 'complete', problem, members = 0 } = this.options;
    const kinds = { image: 0, video: 0, audio: 0, text: 0, sensor: 0 };
    for (const kind of KINDS) {
      kinds[kind] += Math.floor(count / KINDS.length);
    }
    return {
      root: ROOT,
      formats: [],
      format: 'folders',
      state,
      ...(problem !== undefined && { problem }),
      files: count - members,
      bytes: count * 27_000_000,
      samples: count,
      kinds: count === 0 ? {} : kinds,
      probed: Math.floor((count - members) * 0.62),
      members: { count: members, probed: members },
      seconds: 0,
      splits: {},
      problems: { error: Math.floor(count / 23), warning: Math.floor(count / 29), info: 0 },
      skipped: {},
      generation: this.generation,
    };
  }

  private sums({ filter, column }: Query & { column: 'kind' | 'label' | 'split' | 'folder' }): ReturnType<CatalogueApi['sums']> {
    const counts = new Map<string | null, number>();
    for (const id of this.idsOf(filter) ?? Array.from({ length: this.options.count }, (_, index) => index + 1)) {
      const value = groupOf(id - 1, column);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts].map(([value, items]) => ({ value, items, seconds: 0, bytes: 0 })).sort((a, b) => b.items - a.items);
  }

  private items({ filter, sort, group, offset, count }: Parameters<CatalogueApi['items']>[0]): ReturnType<CatalogueApi['items']> {
    if (filter.includes('nonsense')) {
      const from = filter.indexOf('nonsense');
      return { items: [], total: 0, generation: this.generation, problem: { from, to: from + 8, message: 'There is no column “nonsense”. Did you mean label?' } };
    }
    const ids = group === undefined ? this.idsOf(filter) : this.grouped(filter, group as 'kind');
    const total = ids === undefined ? this.options.count : ids.length;
    const places = Array.from({ length: Math.max(0, Math.min(count, total - offset)) }, (_, at) => (sort?.descending === true ? total - 1 - (offset + at) : offset + at));
    return { items: places.map((place) => inventedItem((ids?.[place] ?? place + 1) - 1)), total, generation: this.generation };
  }

  private grouped(filter: string, column: 'kind' | 'label' | 'split' | 'folder'): readonly number[] {
    const key = `${column} ${filter}`;
    const known = this.found.get(key) ?? [...(this.idsOf(filter) ?? Array.from({ length: this.options.count }, (_, index) => index + 1))].sort((a, b) => {
      const [one, other] = [groupOf(a - 1, column), groupOf(b - 1, column)];
      return one === other ? a - b : one === null ? 1 : other === null ? -1 : one < other ? -1 : 1;
    });
    this.found.set(key, known);
    return known;
  }

  /** Undefined for all. */
  private idsOf(filter: string): readonly number[] | undefined {
    if (filter.trim() === '') {
      return undefined;
    }
    const known = this.found.get(filter);
    if (known) {
      return known;
    }
    const ids = Array.from({ length: this.options.count }, (_, index) => index)
      .filter((index) => matches(inventedItem(index), filter))
      .map((index) => index + 1);
    this.found.set(filter, ids);
    return ids;
  }

  private facets({ filter, columns }: Query & { columns: readonly string[] }): readonly Facet[] {
    const items = (this.idsOf(filter) ?? Array.from({ length: Math.min(this.options.count, 5000) }, (_, index) => index + 1)).map((id) => inventedItem(id - 1));
    return columns.map((column) => (column === 'duration' || column === 'width' ? histogramOf(column, items) : valuesOf(column as 'kind', items)));
  }
}

function groupOf(index: number, column: 'kind' | 'label' | 'split' | 'folder'): string | null {
  const item = inventedItem(index);
  return column === 'folder' ? item.path.slice(0, item.path.indexOf('/')) : (item[column] ?? null);
}

function matches(item: CatalogueItem, filter: string): boolean {
  for (const column of ['kind', 'label', 'split'] as const) {
    const values = valuesIn(filter, column) ?? [];
    if (values.length > 0 && !values.includes(item[column] ?? null)) {
      return false;
    }
  }
  const range = rangeIn(filter, 'duration');
  return range === undefined || (typeof item.duration === 'number' && item.duration >= range[0] && item.duration <= range[1]);
}

function valuesOf(column: 'kind' | 'label' | 'split', items: readonly CatalogueItem[]): Facet {
  const counts = new Map<string | null, number>();
  for (const item of items) {
    const value = item[column] ?? null;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const values = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => Number(a.value === null) - Number(b.value === null) || b.count - a.count);
  return { column, kind: 'values', values, more: 0 };
}

function histogramOf(column: 'duration' | 'width', items: readonly CatalogueItem[]): Facet {
  const values = items.map((item) => item[column]).filter((value) => value !== undefined);
  const known = values.filter((value) => typeof value === 'number');
  const top = column === 'duration' ? 600 : 2560;
  const edges = Array.from({ length: 25 }, (_, edge) => (edge / 24) * top);
  const counts = edges.slice(1).map((edge, bin) => known.filter((value) => value > (edges[bin] ?? 0) && value <= edge).length);
  return { column, kind: 'histogram', edges, counts, applies: values.length, known: known.length };
}

const COLOURS = [[181, 83, 42], [45, 106, 159], [125, 155, 66], [201, 162, 39], [109, 76, 141], [163, 59, 59], [59, 143, 131]] as const;
const WIDTH = 256;
const HEIGHT = 192;
const pictures = new Map<number, Promise<Uint8Array>>();

/** A picture that is like no other among its neighbours: a hill under a sky. */
function pictureOf(index: number): Promise<Uint8Array> {
  const of = index % 35;
  let made = pictures.get(of);
  if (made === undefined) {
    made = sharp(pixelsOf(of), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).jpeg({ quality: 80 }).toBuffer().then((bytes) => new Uint8Array(bytes));
    pictures.set(of, made);
  }
  return made;
}

function pixelsOf(of: number): Buffer {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  const [sky, ground] = [COLOURS[of % 7]!, COLOURS[(of * 3 + 2) % 7]!];
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const hill = 70 + (of % 7) * 9 + Math.abs(x - 60 - of * 3) * 0.6 - 14 * Math.sin(x / (17 + (of % 5) * 6));
      const isSun = Math.hypot(x - 40 - ((of * 53) % 180), y - 50 - (of % 5) * 12) < 18 + (of % 4) * 8;
      for (let channel = 0; channel < 3; channel++) {
        const haze = y > hill ? 0 : Math.min(1, y / HEIGHT + (isSun ? 0.3 : 0));
        const colour = (y > hill ? ground : sky)[channel]!;
        pixels[(y * WIDTH + x) * 3 + channel] = colour + (255 - colour) * haze;
      }
    }
  }
  return pixels;
}

/** Thumbnails of the invented items, of every way in which one is drawn. */
export const inventedThumbnails: Handlers<ThumbnailsApi> = {
  async thumbnail(params) {
    const { place } = params as { place: { file: string } };
    const index = Number(/take_(\d+)/.exec(place.file)?.[1] ?? 0);
    return drawnOf(index);
  },
};

async function drawnOf(index: number): Promise<Thumbnail> {
  const { kind } = inventedItem(index);
  if (index % 23 === 10) {
    return { drawn: 'nothing', reason: 'broken', words: 'premature end of JPEG image' };
  }
  if (index % 31 === 12) {
    return { drawn: 'nothing', reason: 'vanished', words: 'is not there' };
  }
  switch (kind) {
    case 'audio':
      return { drawn: 'wave', levels: Uint8Array.from({ length: 240 }, (_, at) => Math.abs(Math.sin(at / (9 + (index % 5))) * Math.sin(at / 37)) * (at % 2 === 0 ? 230 : 130)) };
    case 'sensor':
      return {
        drawn: 'series',
        series: ['imu', 'force', 'joint'].map((name, lane) => ({ name, values: Array.from({ length: 90 }, (_, at) => (lane === 2 && at > 50 && at < 60 ? null : lane === 1 ? (at > 30 && at < 60 ? 1 : 0) : 0.5 + 0.5 * Math.sin(at / (4 + lane * 6)))) })),
      };
    case 'text':
      return index % 2 === 0
        ? { drawn: 'text', lines: ['A red motorcycle stands on its kick-stand in a tidy garage, in front of steel shelves with cardboard boxes and a wooden bench.'] }
        : { drawn: 'turns', turns: [{ role: 'user', text: 'Which tray is the cup on?' }, { role: 'assistant', text: 'The left one, beside the spoon.' }, { role: 'user', text: 'And after the second move?' }] };
    default:
      return { drawn: 'picture', bytes: await pictureOf(index), type: 'image/jpeg', width: 256, height: 192, hasAlpha: false };
  }
}
