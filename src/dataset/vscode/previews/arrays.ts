import { basename } from 'node:path';
import * as v from 'valibot';
import type { Handlers } from '../../../base/endpoint.ts';
import { checked } from '../../../platform/webviewHost.ts';
import type { ArraysApi, ArraysEvents } from '../../arrays/arraysApi.ts';
import { MAX_COLUMNS } from '../../webview/arrays/protocol.ts';
import type { ArraysHost, ArraysPage } from '../../webview/arrays/protocol.ts';
import type { Preview } from '../preview.ts';
import { WatchedThread } from './watchedThread.ts';

const PATH = v.pipe(v.string(), v.maxLength(65_536));
const INDEX = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const DIMENSION = v.pipe(INDEX, v.maxValue(63));
const RANGE = v.strictObject({ start: INDEX, stop: INDEX });
const READING = v.optional(v.pipe(v.string(), v.maxLength(64)));
const AIM = { path: PATH, reading: READING, at: v.pipe(v.array(INDEX), v.maxLength(64)) };
const LINE = v.strictObject({ ...AIM, dimension: DIMENSION, range: RANGE, columns: v.pipe(INDEX, v.minValue(1), v.maxValue(MAX_COLUMNS)) });
const GRID = v.strictObject({ ...AIM, rowDimension: DIMENSION, columnDimension: DIMENSION, rows: RANGE, columns: RANGE, colours: v.optional(DIMENSION) });
const TABLE = v.strictObject({ ...AIM, rowDimension: DIMENSION, columnDimension: v.optional(DIMENSION), rows: RANGE, columns: RANGE });

export const arraysPreview: Preview<ArraysHost, ArraysPage> = {
  page: 'datasetArrays',
  open({ place, face, page, onDidChangeFile }) {
    // A thread to a file: one that hangs or crashes its reader takes no other along.
    const events: Handlers<ArraysEvents> = { statistics: (params) => page().notify('statistics', (params as Parameters<ArraysEvents['statistics']>[0]).view) };
    const own = face.thread<ArraysApi, ArraysEvents>('arrays', events);
    const thread = new WatchedThread<ArraysApi, ArraysEvents>(own);
    let opened: Promise<number> | undefined;

    async function load(): Promise<number> {
      const { id, file } = await thread.ask(undefined, 'open', { place });
      page().notify('opened', file);
      return id;
    }
    function open(): Promise<number> {
      opened = load();
      opened.catch((error: unknown) => page().notify('failed', { name: basename(place.member ?? place.file), message: error instanceof Error ? error.message : String(error) }));
      return opened;
    }
    const id = () => opened ?? open();
    const changes = onDidChangeFile((what) => page().notify('stale', { gone: what === 'gone' }));
    return {
      handlers: {
        children: checked(v.strictObject({ path: PATH, from: INDEX }), async (params, signal) => thread.ask(signal, 'children', { id: await id(), ...params })),
        line: checked(LINE, async (params, signal) => thread.ask(signal, 'line', { id: await id(), ...defined(params) })),
        grid: checked(GRID, async (params, signal) => thread.ask(signal, 'grid', { id: await id(), ...defined(params) })),
        table: checked(TABLE, async (params, signal) => thread.ask(signal, 'table', { id: await id(), ...defined(params) })),
        startStatistics: checked(v.strictObject({ path: PATH, reading: READING }), async (params) => thread.ask(undefined, 'startStatistics', { id: await id(), ...defined(params) })),
        stopStatistics: async () => thread.ask(undefined, 'stopStatistics', { id: await id() }),
        async reload() {
          const last = await opened?.catch(() => undefined);
          if (last !== undefined) {
            await thread.ask(undefined, 'close', { id: last }).catch(() => undefined);
          }
          await open().catch(() => undefined);
        },
      },
      onReady: () => void open().catch(() => undefined),
      dispose() {
        changes.dispose();
        own.dispose();
      },
    };
  },
};

/** Without what is undefined: optional is not the same as undefined to the other side's types. */
function defined<T extends object>(params: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
