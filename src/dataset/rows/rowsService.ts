import { stat } from 'node:fs/promises';
import { lazyAsync } from '../../base/lazy.ts';
import { OpenArchives } from '../../media/archives/openPlace.ts';
import type { MediaPlace } from '../../media/place.ts';
import { loadSharp } from '../../media/sharpLibrary.ts';
import { DatasetError } from '../datasetError.ts';
import type { Service } from '../service.ts';
import type { Thumbnail } from '../webview/gallery/thumbnail.ts';
import { insideList, insideStat } from './inside.ts';
import { OpenTable } from './openTable.ts';
import type { RowsApi } from './rowsApi.ts';

/** Bytes of a member that are handed out whole, and from which a thumbnail is made. */
const MAX_BYTES = 268_435_456;
const MAX_PICTURE = 67_108_864;
const SIDE = 256;
const MAX_PIXELS = 268_402_689;
const MAX_OPEN = 32;

type P<K extends keyof RowsApi> = Parameters<RowsApi[K]>[0];

/** Rows for their previews, and members for the file system. */
export function createRowsService(): Service<RowsApi> {
  const open = new Map<string, { readonly table: Promise<OpenTable>; users: number }>();
  const archives = new OpenArchives();
  const sharp = lazyAsync(loadSharp);
  const keyOf = ({ file, member }: MediaPlace) => JSON.stringify([file, member ?? null]);

  function table(place: MediaPlace, signal?: AbortSignal): Promise<OpenTable> {
    const key = keyOf(place);
    let entry = open.get(key);
    if (entry === undefined) {
      entry = { table: OpenTable.open(place, signal), users: 0 };
      open.set(key, entry);
      entry.table.catch(() => open.delete(key));
      makeRoom();
    }
    return entry.table;
  }

  function makeRoom(): void {
    for (const [key, entry] of open) {
      if (open.size <= MAX_OPEN) {
        return;
      }
      if (entry.users === 0) {
        open.delete(key);
        void entry.table.then((opened) => opened.dispose());
      }
    }
  }

  async function bytes(place: MediaPlace, most: number, signal: AbortSignal): Promise<Uint8Array> {
    const opened = await archives.open(place, signal);
    try {
      const { size } = opened.source;
      if (size > most) {
        throw new DatasetError('unavailable', `${place.member ?? place.file} has ${size} bytes; at most ${most} are opened from inside of a file.`);
      }
      // A copy of its own, that can be handed to another thread.
      return new Uint8Array(opened.source.read(0, size));
    } finally {
      opened.dispose();
    }
  }

  async function thumbnail(place: MediaPlace, signal: AbortSignal): Promise<Thumbnail> {
    try {
      const whole = await bytes(place, MAX_PICTURE, signal);
      const library = await sharp();
      const { data, info } = await library(whole, { limitInputPixels: MAX_PIXELS, failOn: 'truncated' })
        .autoOrient()
        .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#808080' })
        .jpeg({ quality: 80 })
        .toBuffer({ resolveWithObject: true });
      return { drawn: 'picture', bytes: new Uint8Array(data), type: 'image/jpeg', width: info.width, height: info.height, hasAlpha: false };
    } catch (error) {
      signal.throwIfAborted();
      return { drawn: 'nothing', reason: 'broken', words: (error as Error).message.split('\n')[0] ?? '' };
    }
  }

  return {
    handlers: {
      async open(params, signal) {
        const { place } = params as P<'open'>;
        const opened = await (await table(place, signal)).opened();
        const entry = open.get(keyOf(place));
        if (entry) {
          entry.users++;
        }
        return opened;
      },
      state: async (params) => (await table((params as P<'state'>).place)).state(),
      refresh: async (params) => (await table((params as P<'refresh'>).place)).refresh(),
      async rows(params, signal) {
        const { place, from, count, columns } = params as P<'rows'>;
        return (await table(place)).page(from, count, columns, signal);
      },
      columns: async (params) => (await table((params as P<'columns'>).place)).columns,
      async details(params, signal) {
        const { place, index } = params as P<'details'>;
        return (await table(place)).details(index, signal);
      },
      async find(params, signal) {
        const { place, text, from, backwards, matchCase } = params as P<'find'>;
        return (await table(place)).find(text, from, backwards, matchCase, signal);
      },
      async thumbnail(params, signal) {
        const { place, index, nth } = params as P<'thumbnail'>;
        const medium = await (await table(place)).medium(index, nth, signal);
        return medium ? thumbnail(medium.place, signal) : { drawn: 'nothing', reason: 'vanished', words: 'the row names no such medium' };
      },
      async medium(params, signal) {
        const { place, index, nth } = params as P<'medium'>;
        const medium = await (await table(place)).medium(index, nth, signal);
        if (medium === undefined) {
          throw new DatasetError('unknown', `Row ${index + 1} names no such medium.`);
        }
        return medium.place;
      },
      async summary(params, signal) {
        const { place, columns } = params as P<'summary'>;
        return (await table(place)).summary(columns, signal);
      },
      async sumAll(params) {
        const { place, columns, stop } = params as P<'sumAll'>;
        const opened = await table(place);
        if (stop) {
          opened.stopSums();
        } else {
          opened.sumAll(columns);
        }
      },
      async close(params) {
        const key = keyOf((params as P<'close'>).place);
        const entry = open.get(key);
        if (entry && --entry.users <= 0) {
          open.delete(key);
          (await entry.table).dispose();
        }
      },
      async stat(params, signal) {
        const { place } = params as P<'stat'>;
        const found = await insideStat(archives, place, signal);
        return found && { ...found, modified: (await stat(place.file)).mtimeMs };
      },
      list: (params, signal) => insideList(archives, (params as P<'list'>).place, signal),
      bytes: (params, signal) => bytes((params as P<'bytes'>).place, MAX_BYTES, signal),
    },
    dispose() {
      for (const { table: opened } of open.values()) {
        void opened.then((one) => one.dispose()).catch(() => undefined);
      }
      archives.dispose();
    },
  };
}
