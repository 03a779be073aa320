import { monitorEventLoopDelay } from 'node:perf_hooks';
import { known } from '../../../src/base/absent.ts';
import type { ArraysApi } from '../../../src/dataset/arrays/arraysApi.ts';
import type { AudioApi } from '../../../src/dataset/audio/audioApi.ts';
import type { ImageApi } from '../../../src/dataset/image/imageApi.ts';
import type { RowsApi } from '../../../src/dataset/rows/rowsApi.ts';
import { ServiceThread } from '../../../src/dataset/serviceThread.ts';
import type { VideoApi } from '../../../src/dataset/video/videoApi.ts';

/** Bundled and run by limits.ts: opens one large file through the services that are shipped, as its preview does. */
export interface LimitFigures {
  /** Milliseconds, of the thread that would be the extension host. */
  readonly p99: number;
  /** MB that the whole process, its service threads included, was larger at most than before. */
  readonly megabytes: number;
  /** Milliseconds to the first screen, and to the end of all that is asked here. */
  readonly first: number;
  readonly all: number;
  /** What was seen, so that a service which only refuses is found out. */
  readonly seen: string;
}

const [what = '', script = '', root = '', storage = '', file = ''] = process.argv.slice(2);
const never = new AbortController().signal;
const service = <Api>(name: string): ServiceThread<Api, object> =>
  new ServiceThread<Api, object>({
    script,
    service: name,
    context: () => Promise.resolve({ storage, root, cacheBytes: 2 ** 28, search: { paths: {}, env: process.env, never: [], sharpWorker: '' } }),
    events: {},
    log: (line) => process.stderr.write(`${line}\n`),
  });
const place = { file };

const OPENINGS: Readonly<Record<string, (first: () => void) => Promise<string>>> = {
  async film(first) {
    const [films, sounds] = [service<VideoApi>('video'), service<AudioApi>('audio')];
    const [facts] = await Promise.all([films.request('open', { place }), sounds.request('open', { place })]);
    const middle = (facts.duration as number) / 2;
    const picture = await films.requestUntil(never, 'frame', { place, time: middle, width: 640 });
    first();
    const { count } = await films.request('packets', { place, from: 0 });
    await sounds.request('peaks', { place, channels: [0], from: 0, to: 48_000, columns: 500 });
    return `${known(facts.codec) ?? 'no codec'}, ${middle * 2} s, ${count} packets, a picture of ${picture.length} bytes from its middle`;
  },
  async rows(first) {
    const rows = service<RowsApi>('rows');
    const { columns } = await rows.request('open', { place });
    const names = columns.map(({ name }) => name);
    await rows.request('rows', { place, from: 0, count: 50, columns: names });
    first();
    for (;;) {
      const { indexed, size, total } = await rows.request('state', { place });
      if (indexed >= size && typeof total === 'number') {
        const { items } = await rows.request('rows', { place, from: total >> 1, count: 50, columns: names });
        return `${total} rows, ${items.length} of them from its middle`;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  },
  async tar(first) {
    const rows = service<RowsApi>('rows');
    await rows.request('open', { place });
    first();
    const members = await rows.request('list', { place: { file, member: '' } });
    const last = { file, member: members.at(-1)?.name ?? '' };
    const arrays = service<ArraysApi>('arrays');
    const { id, file: opened } = await arrays.request('open', { place: last });
    const { cells } = await arrays.request('table', { id, path: 'array', at: [], rowDimension: 0, rows: { start: 0, stop: 3 }, columns: { start: 0, stop: 1 } });
    return `${members.length} members, an array of ${opened.bytes} bytes in the last one: ${cells.join(' ')}`;
  },
  async picture(first) {
    const pictures = service<ImageApi>('image');
    await pictures.request('glance', { place });
    const facts = await pictures.request('open', { place, page: 0 });
    await pictures.request('tile', { place, page: 0, upright: true, level: facts.quickFrom, column: 0, row: 0 });
    first();
    const { values } = await pictures.request('pixels', { place, page: 0, x: 40_000, y: 30_000, width: 4, height: 1 });
    return `${facts.width}×${facts.height}, pixels in it: ${[...values].join(' ')}`;
  },
};

const before = process.memoryUsage.rss();
let most = before;
const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const began = performance.now();
let first = NaN;
const seen = await OPENINGS[what]!(() => (first = performance.now() - began));
const all = performance.now() - began;
delay.disable();
clearInterval(watch);
process.stdout.write(JSON.stringify({ p99: Math.max(0, delay.percentile(99) / 1e6 - 5), megabytes: (most - before) / 1e6, first, all, seen } satisfies LimitFigures));
process.exit(0);
