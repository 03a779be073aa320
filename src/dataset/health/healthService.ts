import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as v from 'valibot';
import type { Disposable } from '../../base/disposable.ts';
import { createThrottle } from '../../base/throttle.ts';
import { DatasetError } from '../datasetError.ts';
import type { CreateService, ServiceContext } from '../service.ts';
import { answers } from './answers.ts';
import type { HealthApi, HealthEvents, HealthLevel, HealthPhase, HealthSummary } from './healthApi.ts';
import { checkHealth, formatFor } from './healthCheck.ts';
import { FILES_THERE, HealthStore } from './healthStore.ts';
import { jsonReport, markdownReport, sarifReport } from './report.ts';

/** Milliseconds between two events. */
const TELL_EVERY = 300;
const DISTANCE = 4;
const PACE = 0.5;

const ROOT = v.pipe(v.string(), v.startsWith('/'));
const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
const SPLIT = v.nullable(v.string());
const ofRoot = v.object({ root: ROOT });
const starting = v.object({
  root: ROOT,
  format: v.optional(v.string()),
  level: v.optional(v.picklist(['header', 'full'])),
  distance: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10))),
  pace: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
});
const ofProblems = v.object({ root: ROOT, code: v.optional(v.string()), file: v.optional(v.string()), offset: COUNT, count: COUNT });
const ofPairs = v.object({ root: ROOT, splits: v.optional(v.tuple([SPLIT, SPLIT])), code: v.optional(v.string()), offset: COUNT, count: COUNT });
const saving = v.object({ root: ROOT, form: v.picklist(['markdown', 'json', 'sarif']), file: ROOT });

const REPORTS = { markdown: markdownReport, json: jsonReport, sarif: sarifReport } as const;

/** The checks of the datasets that a window has open, one at a time each. */
export const createHealthService: CreateService<HealthApi, HealthEvents> = (context, tell) => {
  const checks = new Map<string, Promise<Check>>();

  function opened(root: string): Promise<Check> {
    const path = resolve(root);
    let check = checks.get(path);
    if (check === undefined) {
      check = HealthStore.open(path, context.storage).then((store) => new Check(path, store, context, (summary) => tell('changed', summary)));
      check.catch(() => checks.delete(path));
      checks.set(path, check);
    }
    return check;
  }

  return {
    handlers: {
      async start(params) {
        const { root, ...options } = taken(starting, params);
        return (await opened(root)).start(options);
      },
      async stop(params) {
        (await opened(taken(ofRoot, params).root)).stop();
      },
      summary: async (params) => (await opened(taken(ofRoot, params).root)).summary(),
      groups: async (params) => answers((await opened(taken(ofRoot, params).root)).store).groups(),
      async problems(params) {
        const { root, ...query } = taken(ofProblems, params);
        return answers((await opened(root)).store).problems(query);
      },
      compared: async (params) => answers((await opened(taken(ofRoot, params).root)).store).compared(),
      async pairs(params) {
        const { root, ...query } = taken(ofPairs, params);
        return answers((await opened(root)).store).pairs(query);
      },
      async saveReport(params) {
        const { root, form, file } = taken(saving, params);
        const check = await opened(root);
        try {
          await writeFile(file, REPORTS[form]({ ...check.summary(), problems: check.store.problems() }), { flag: 'wx' });
        } catch (error) {
          throw new DatasetError('unreadable', `The report cannot be written to ${file}: ${(error as Error).message}`, { cause: error });
        }
      },
    },
    dispose() {
      for (const check of checks.values()) {
        void check.then((one) => one.dispose());
      }
      checks.clear();
    },
  };
};

function taken<T>(schema: v.GenericSchema<unknown, T>, params: unknown): T {
  return v.parse(schema, params);
}

interface StartOptions {
  readonly format?: string | undefined;
  readonly level?: HealthLevel | undefined;
  readonly distance?: number | undefined;
  readonly pace?: number | undefined;
}

/** The check of one dataset: running or not, and what it has found. */
class Check implements Disposable {
  private running: AbortController | undefined;
  private phase: HealthPhase | undefined;
  private failure: string | undefined;
  private generation = 0;
  private disposed = false;
  private readonly telling;

  constructor(
    private readonly root: string,
    readonly store: HealthStore,
    private readonly context: ServiceContext,
    tell: (summary: HealthSummary) => void,
  ) {
    this.telling = createThrottle(TELL_EVERY, () => tell(this.summary()));
  }

  start({ format, level = 'header', distance = DISTANCE, pace = PACE }: StartOptions): HealthSummary {
    if (this.running === undefined) {
      formatFor(this.root, format);
      const controller = new AbortController();
      this.running = controller;
      this.failure = undefined;
      this.store.setFact('state', 'running');
      void this.work(controller, { format, level, distance, pace });
    }
    return this.summary();
  }

  stop(): void {
    this.running?.abort();
  }

  summary(): HealthSummary {
    const { store, phase, failure } = this;
    const kept = store.fact('state');
    // A check that runs by what was kept, and does not run here, was ended with its window.
    const state = this.running !== undefined ? 'running' : kept === undefined ? 'never' : kept === 'running' ? 'cancelled' : (kept as HealthSummary['state']);
    return {
      root: this.root,
      format: store.fact('format') ?? '',
      state,
      ...(this.running !== undefined && phase !== undefined && { phase }),
      level: store.fact('level') === 'full' ? 'full' : 'header',
      notes: [...(failure === undefined ? [] : [failure]), ...(JSON.parse(store.fact('notes') ?? '[]') as string[])],
      files: store.number(FILES_THERE),
      checked: store.number('SELECT COUNT(*) FROM files WHERE level >= ? AND size IS NOT NULL', store.fact('level') === 'full' ? 1 : 0),
      rows: Number(store.fact('rows') ?? 0),
      problems: store.problemCounts(),
      at: Number(store.fact('at') ?? 0),
      generation: this.generation,
    };
  }

  dispose(): void {
    this.disposed = true;
    this.telling.dispose();
    this.stop();
    if (this.running === undefined) {
      this.store.close();
    }
  }

  private async work(controller: AbortController, options: Required<Pick<StartOptions, 'level' | 'distance' | 'pace'>> & Pick<StartOptions, 'format'>): Promise<void> {
    const { level, distance, pace, format } = options;
    let state: HealthSummary['state'] = 'complete';
    try {
      await checkHealth(this.store, {
        root: this.root,
        format,
        level: level ?? 'header',
        distance: distance ?? DISTANCE,
        pace: pace ?? PACE,
        search: this.context.search,
        signal: controller.signal,
        onPhase: (phase) => {
          this.phase = phase;
          this.changed();
        },
        onProgress: () => this.changed(),
      });
    } catch (error) {
      state = controller.signal.aborted ? 'cancelled' : 'failed';
      this.failure = state === 'failed' ? (error instanceof Error ? error.message : String(error)) : undefined;
    }
    this.running = undefined;
    this.phase = undefined;
    try {
      this.store.flush();
      this.store.setFact('state', state);
      this.store.setFact('at', String(Date.now()));
    } finally {
      if (this.disposed) {
        this.store.close();
      }
    }
    this.changed();
  }

  private changed(): void {
    this.generation++;
    if (!this.disposed) {
      this.telling.request();
    }
  }
}
