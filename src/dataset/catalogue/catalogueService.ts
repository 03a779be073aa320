import { resolve } from 'node:path';
import * as v from 'valibot';
import { lazy } from '../../base/lazy.ts';
import { loadSqlite, type SqliteRow } from '../../base/sqlite.ts';
import { completeFilter, type KnownValues } from '../../media/filter/completeFilter.ts';
import { FilterError } from '../../media/filter/filterError.ts';
import { EVERYTHING, type FilterNode } from '../../media/filter/filterTree.ts';
import { COLUMNS } from '../../media/filter/filterTypes.ts';
import { parseFilter } from '../../media/filter/parseFilter.ts';
import type { ProbeOptions } from '../../media/probe.ts';
import { SEVERITIES } from '../../media/problem.ts';
import { DatasetError } from '../datasetError.ts';
import type { CreateService, Service, ServiceContext } from '../service.ts';
import { annotate } from './annotate.ts';
import { Catalogue } from './catalogue.ts';
import type { CatalogueApi, CatalogueEvents, CatalogueItem } from './catalogueApi.ts';
import type { Lost } from './catalogueFile.ts';
import { childrenOf } from './children.ts';
import { exportManifest } from './exportManifest.ts';
import { facetOf } from './facets.ts';
import { hasWords } from './itemLists.ts';
import { ITEM_COLUMNS, itemOf } from './storedItem.ts';
import { sumsOf } from './sums.ts';

/** Items of one answer. */
const MOST_ITEMS = 1000;

const root = v.pipe(v.string(), v.startsWith('/'));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const column = v.picklist(COLUMNS);
const ofRoot = v.object({ root });
const opening = v.object({ root, format: v.optional(v.string()) });
const query = v.object({ root, filter: v.string(), sort: v.optional(v.object({ column, descending: v.boolean() })), group: v.exactOptional(column) });
const paging = { offset: count, count };
const itemsQuery = v.object({ ...query.entries, ...paging });
const idQuery = v.object({ ...query.entries, id: count });
const oneItem = v.object({ root, id: count });
const facetsQuery = v.object({ ...query.entries, columns: v.array(column) });
const sumsQuery = v.object({ ...query.entries, column });
const completing = v.object({ root, filter: v.string(), caret: count });
const childrenQuery = v.object({ root, folder: v.string(), ...paging });
const severity = v.picklist(SEVERITIES);
const note = v.object({
  place: v.object({ file: v.pipe(v.string(), v.startsWith('/')), member: v.exactOptional(v.string()) }),
  hash: v.exactOptional(v.string()),
  health: v.exactOptional(v.nullable(v.object({ severity, message: v.string() }))),
});
const annotating = v.object({ root, notes: v.pipe(v.array(note), v.maxLength(MOST_ITEMS)) });
const exporting = v.object({
  ...query.entries,
  ids: v.optional(v.array(count)),
  form: v.picklist(['jsonl', 'csv', 'hf']),
  file: v.pipe(v.string(), v.startsWith('/')),
});

export interface CatalogueServiceOptions {
  /** Whether nobody waits for anything else meanwhile: the command line. */
  readonly eager?: boolean;
}

export interface CatalogueService extends Service<CatalogueApi> {
  /** Resolves when nothing runs for a dataset any more. */
  settled(root: string): Promise<void>;
}

/** The catalogues of the datasets that a window has open. */
export const createCatalogueService: CreateService<CatalogueApi, CatalogueEvents> = (context, tell) => createCatalogues(context, (summary) => tell('changed', summary));

export function createCatalogues(context: ServiceContext, onChange: (summary: Parameters<CatalogueEvents['changed']>[0]) => void, { eager = false }: CatalogueServiceOptions = {}): CatalogueService {
  const catalogues = new Map<string, Promise<Catalogue>>();
  const sqlite = lazy(loadSqlite);
  const ffprobe = lazy(() => findFfprobe(context));

  /** The catalogue of a dataset, opened where it is not yet. */
  function opened(at: string): Promise<Catalogue> {
    const path = resolve(at);
    return catalogues.get(path) ?? open(path);
  }

  function open(path: string, lost?: Lost): Promise<Catalogue> {
    const catalogue = (async () => {
      const options = { sqlite: await sqlite(), storage: context.storage, root: path, ffprobe, eager, onChange };
      return Catalogue.open({ ...options, ...(lost && { lost }), onLost: (reason) => void reopen(path, reason) });
    })();
    catalogues.set(path, catalogue);
    catalogue.catch(() => catalogues.delete(path));
    return catalogue;
  }

  /** Begins again with another file, or in memory; who asks meanwhile is answered by the new one. */
  async function reopen(path: string, lost: Lost): Promise<void> {
    const old = await catalogues.get(path);
    const next = old?.closed().then(() => open(path, lost));
    if (next !== undefined) {
      catalogues.set(path, next);
      (await next).start(false);
    }
  }

  const handlers: Service<CatalogueApi>['handlers'] = {
    async open(params) {
      const { root: at, format } = taken(opening, params);
      const catalogue = await opened(at);
      if (format !== undefined) {
        await catalogue.pin(format);
      }
      catalogue.start(false);
      return catalogue.summary();
    },
    summary: async (params) => (await opened(taken(ofRoot, params).root)).summary(),
    async close(params) {
      await (await catalogues.get(resolve(taken(ofRoot, params).root)))?.stop();
    },
    async refresh(params) {
      const catalogue = await opened(taken(ofRoot, params).root);
      await catalogue.stop();
      catalogue.start(true);
      return catalogue.summary();
    },
    async items(params, signal) {
      const { root: at, filter, sort, group, offset, count: wanted } = taken(itemsQuery, params);
      const catalogue = await opened(at);
      const node = understood(filter);
      if (node instanceof FilterError) {
        return { items: [], total: 0, generation: catalogue.summary().generation, problem: node.problem };
      }
      const { ids, generation } = await catalogue.answering(() => catalogue.lists.sorted(node, sort, signal, group));
      const page = ids.subarray(offset, offset + Math.min(wanted, MOST_ITEMS));
      catalogue.show([...page]);
      return { items: itemsById(catalogue, page), total: ids.length, generation };
    },
    async indexOf(params, signal) {
      const { root: at, filter, sort, group, id } = taken(idQuery, params);
      const catalogue = await opened(at);
      return (await catalogue.answering(() => catalogue.lists.sorted(must(filter), sort, signal, group))).ids.indexOf(id);
    },
    async item(params) {
      const { root: at, id } = taken(oneItem, params);
      const catalogue = await opened(at);
      catalogue.show([id]);
      return itemsById(catalogue, [id])[0] ?? null;
    },
    async facets(params, signal) {
      const { root: at, filter, columns } = taken(facetsQuery, params);
      const catalogue = await opened(at);
      const node = must(filter);
      return catalogue.answering(async () => {
        const facets = [];
        for (const one of columns) {
          facets.push(await facetOf(catalogue.lists, node, one, signal));
        }
        return facets;
      });
    },
    async sums(params, signal) {
      const { root: at, filter, column: by } = taken(sumsQuery, params);
      return sumsOf((await opened(at)).lists, must(filter), by, signal);
    },
    async complete(params, signal) {
      const { root: at, filter, caret } = taken(completing, params);
      const catalogue = await opened(at);
      return catalogue.answering(() => completeFilter(filter, caret, knownValues(catalogue, signal)));
    },
    async children(params) {
      const { root: at, folder, offset, count: wanted } = taken(childrenQuery, params);
      const catalogue = await opened(at);
      return childrenOf(catalogue, folder, offset, Math.min(wanted, MOST_ITEMS));
    },
    async annotate(params) {
      const { root: at, notes } = taken(annotating, params);
      const catalogue = await opened(at);
      const known = annotate(catalogue, notes);
      if (known > 0) {
        catalogue.changed();
      }
      return known;
    },
    async exportManifest(params, signal) {
      const { root: at, filter, sort, ids: chosen, form, file } = taken(exporting, params);
      const catalogue = await opened(at);
      const ids = chosen === undefined ? (await catalogue.lists.sorted(must(filter), sort, signal)).ids : Uint32Array.from(chosen);
      return exportManifest(file, form, pagesOf(catalogue, ids, signal));
    },
  };
  return {
    handlers,
    async settled(at) {
      for (let now = catalogues.get(resolve(at)), before; now !== before; now = catalogues.get(resolve(at))) {
        before = now;
        await (await now)?.settled();
      }
    },
    dispose() {
      for (const catalogue of catalogues.values()) {
        catalogue.then((one) => one.dispose(), () => undefined);
      }
      catalogues.clear();
    },
  };
}

function knownValues({ lists }: Catalogue, signal: AbortSignal): KnownValues {
  return {
    async values(column) {
      const facet = hasWords(column) ? await facetOf(lists, EVERYTHING, column, signal) : undefined;
      return facet?.kind === 'values' ? facet.values.flatMap(({ value, count }) => (value === null ? [] : [{ value, count }])) : [];
    },
    unknown: async (column) => (await lists.matching({ kind: 'test', column, test: { op: 'unknown' } }, signal)).length,
  };
}

/** @throws {DatasetError} `filter` */
function must(filter: string): FilterNode {
  const node = understood(filter);
  if (node instanceof FilterError) {
    throw new DatasetError('filter', node.message, { cause: node });
  }
  return node;
}

function understood(filter: string): FilterNode | FilterError {
  try {
    return parseFilter(filter);
  } catch (error) {
    if (error instanceof FilterError) {
      return error;
    }
    throw error;
  }
}

/** In the order of the ids; what is gone meanwhile is left out. */
export function itemsById({ database, base }: Catalogue, ids: Iterable<number>): readonly CatalogueItem[] {
  const wanted = [...ids];
  const rows = database
    .prepare(`SELECT ${ITEM_COLUMNS} FROM item JOIN folder ON folder.id = item.folder WHERE item.id IN (SELECT value FROM json_each(?))`)
    .all(JSON.stringify(wanted));
  const byId = new Map<number, SqliteRow>(rows.map((row) => [Number(row['id']), row]));
  return wanted.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : [itemOf(base, row)];
  });
}

async function* pagesOf(catalogue: Catalogue, ids: Uint32Array, signal: AbortSignal): AsyncGenerator<readonly CatalogueItem[]> {
  for (let from = 0; from < ids.length; from += MOST_ITEMS) {
    signal.throwIfAborted();
    yield itemsById(catalogue, ids.subarray(from, from + MOST_ITEMS));
    await new Promise<void>((done) => setImmediate(done));
  }
}

async function findFfprobe({ search }: ServiceContext): Promise<ProbeOptions['ffprobe']> {
  if (search === undefined) {
    return undefined;
  }
  const { ffprobeRunner } = await import('../../process/ffprobeRunner.ts');
  return ffprobeRunner(search);
}

function taken<T extends v.GenericSchema>(schema: T, params: unknown): v.InferOutput<T> {
  const result = v.safeParse(schema, params);
  if (!result.success) {
    throw new DatasetError('unknown', `The catalogue was asked wrongly: ${v.summarize(result.issues)}`);
  }
  return result.output;
}

