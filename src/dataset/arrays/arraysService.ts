import { basename } from 'node:path';
import * as v from 'valibot';
import { ReplyError } from '../../base/replyError.ts';
import type { MemberFiles, PlaceFile } from '../../media/archives/memberFiles.ts';
import type { ArrayEntry, ArraySource } from '../../media/arrays/arraySource.ts';
import { elementCount } from '../../media/arrays/arraySource.ts';
import { openArrays } from '../../media/arrays/openArrays.ts';
import { RunningStatistics } from '../../media/arrays/statistics.ts';
import type { MediaPlace } from '../../media/place.ts';
import { memberFiles } from '../memberFiles.ts';
import type { CreateService } from '../service.ts';
import { CHILDREN } from '../webview/arrays/protocol.ts';
import type { ArrayRows } from '../webview/arrays/protocol.ts';
import type { ArraysApi, ArraysEvents } from './arraysApi.ts';
import { factsOf, gridView, lineView, rowOf, statisticsView, tableView } from './arraysViews.ts';

interface Open {
  readonly source: ArraySource;
  readonly bytes: PlaceFile;
  walk: AbortController | undefined;
}

/** Milliseconds between two words on how far a walk is. */
const PROGRESS = 200;

const ID = v.object({ id: v.number() });
/** What the window has checked already: only the number is looked up here. */
const aimed = <T>(params: unknown): T & { readonly id: number } => {
  v.parse(ID, params);
  return params as T & { readonly id: number };
};

/** Open files of arrays. HDF5 may hang or crash on a bad file: the window gives such a file a thread of its own. */
export const createArraysService: CreateService<ArraysApi, ArraysEvents> = (context, tell) => {
  const files = memberFiles(context);
  const opened = new Map<number, Open>();
  let lastId = 0;

  const find = (id: number): Open => {
    const open = opened.get(id);
    if (open === undefined) {
      throw new ReplyError('failed', 'The file is no longer open.');
    }
    return open;
  };
  const rows = async (source: ArraySource, path: string, from: number): Promise<ArrayRows> => {
    const { nodes, total } = await source.children(path, from, CHILDREN);
    return { rows: nodes.map(rowOf), total };
  };
  const entryOf = (source: ArraySource, path: string, reading: string | undefined): Promise<ArrayEntry> => (reading !== undefined && source.readAs ? source.readAs(path, reading) : source.entry(path));

  return {
    handlers: {
      async open(params, signal) {
        const { place } = params as Parameters<ArraysApi['open']>[0];
        const { bytes, source } = await openPlace(files, place, signal);
        const id = ++lastId;
        opened.set(id, { source, bytes, walk: undefined });
        const { format, facts, problems } = source;
        return { id, file: { name: basename(bytes.name), format, bytes: bytes.length, facts, problems, root: await rows(source, '', 0) } };
      },
      children(params) {
        const { id, path, from } = aimed<Parameters<ArraysApi['children']>[0]>(params);
        return rows(find(id).source, path, from);
      },
      async line(params, signal) {
        const request = aimed<Parameters<ArraysApi['line']>[0]>(params);
        const { source } = find(request.id);
        return lineView(source, await entryOf(source, request.path, request.reading), request, signal);
      },
      async grid(params, signal) {
        const request = aimed<Parameters<ArraysApi['grid']>[0]>(params);
        const { source } = find(request.id);
        return gridView(source, await entryOf(source, request.path, request.reading), request, signal);
      },
      async table(params, signal) {
        const request = aimed<Parameters<ArraysApi['table']>[0]>(params);
        const { source } = find(request.id);
        return tableView(source, await entryOf(source, request.path, request.reading), request, signal);
      },
      startStatistics(params) {
        const { id, path, reading } = aimed<Parameters<ArraysApi['startStatistics']>[0]>(params);
        const open = find(id);
        open.walk?.abort();
        open.walk = new AbortController();
        void walk(open, id, path, reading, open.walk.signal);
      },
      stopStatistics(params) {
        find(aimed(params).id).walk?.abort();
      },
      close(params) {
        const { id } = aimed(params);
        const open = opened.get(id);
        opened.delete(id);
        open?.walk?.abort();
        open?.source.close();
        open?.bytes.dispose();
      },
    },
    dispose() {
      opened.forEach(({ source, walk: running }) => {
        running?.abort();
        source.close();
      });
      opened.clear();
      files.dispose();
    },
  };

  async function walk({ source }: Open, id: number, path: string, reading: string | undefined, signal: AbortSignal): Promise<void> {
    const statistics = new RunningStatistics();
    let total = 1;
    let seen = 0;
    const say = (complete: boolean, problem?: string) => tell('statistics', { id, view: statisticsView(path, total === 0 ? 1 : seen / total, complete, statistics.result(), problem) });
    try {
      const entry = await entryOf(source, path, reading);
      total = elementCount(entry.shape);
      if (!factsOf(entry).numeric) {
        throw new ReplyError('failed', `Elements of type ${entry.type.name} are no numbers.`);
      }
      let said = Date.now();
      for await (const values of source.values(entry, signal)) {
        statistics.add(values);
        seen += values.length;
        if (Date.now() - said >= PROGRESS) {
          said = Date.now();
          say(false);
        }
      }
      say(true);
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      say(true, error instanceof Error ? error.message : String(error));
    }
  }
};

async function openPlace(files: MemberFiles, place: MediaPlace, signal: AbortSignal): Promise<{ readonly bytes: PlaceFile; readonly source: ArraySource }> {
  const bytes = await files.open(place, signal);
  try {
    return { bytes, source: await openArrays(bytes) };
  } catch (error) {
    bytes.dispose();
    throw error;
  }
}
