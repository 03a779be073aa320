import { absent } from '../../src/base/absent.ts';
import type { JobCounts, JobFailure, JobStatus, PlanItem } from '../../src/convert/job.ts';
import type { Page, PlanFilter } from '../../src/convert/jobStore.ts';
import type { Jobs } from '../../src/convert/jobs.ts';

/** Invented jobs for looking at pages and for their tests. */

export const BASE = '/data/home-mm/audio';
const MADE = Date.UTC(2026, 10, 2, 13, 31);

const COUNTS: JobCounts = { write: 4590, replace: 82, skip: 1104, refuse: 205, done: 0, failed: 0, salvaged: 0 };

export function inventedStatus(changes: Partial<JobStatus> = {}): JobStatus {
  return {
    id: '20261102-133100-a1',
    state: 'planned',
    preset: 'audio.flac',
    title: 'FLAC, lossless',
    base: BASE,
    output: `${BASE}-flac`,
    salvage: false,
    createdAt: MADE,
    counts: COUNTS,
    bytes: 48_912_331_008,
    freeBytes: 412_003_221_504,
    progress: 0,
    secondsLeft: absent('not started'),
    running: [],
    failures: [],
    notes: [],
    firstCommand: ['/usr/bin/sox', `${BASE}/bench_take_01.wav`, `${BASE}-flac/bench_take_01.flac`],
    ...changes,
  };
}

export const HOSTILE_NAMES = [
  '<img src=x onerror=alert(1)>.wav',
  'two\nlines\tand a tab.wav',
  'invoice\u202efdp.wav',
  '\u202eevil.wav',
  'bell\u0007 and escape\u001b[31m.wav',
  `${'a very long name that goes on '.repeat(8)}end_0001.wav`,
  'תקליט עברי 01.wav',
  'e\u0301te\u0301 👩‍👩‍👧‍👦 family take.wav',
  '${jndi:ldap}`$(reboot)`;rm -rf.wav',
  "it's \"quoted\" &amp; done.wav",
];

const REASONS: Readonly<Record<PlanItem['action'], readonly string[]>> = {
  write: ['new'],
  replace: ['input changed', 'preset changed', 'tool changed: sox 14.4.2'],
  skip: ['up to date'],
  refuse: ['empty file', 'no audio in this file', '32-bit float, FLAC has no float'],
};

/** A plan's line of any number. */
export function inventedRow(index: number): PlanItem {
  const kind = index % 9;
  const action = kind === 3 ? 'skip' : kind === 5 ? 'replace' : kind === 6 || kind === 7 ? 'refuse' : 'write';
  const name = index < 9 ? `bench_take_${String(index + 1).padStart(2, '0')}` : `session-${Math.floor(index / 1000)}/dialog_${String(index).padStart(7, '0')}`;
  const reasons = REASONS[action];
  return {
    seq: index,
    action,
    reason: reasons[index % reasons.length] ?? '',
    input: `${BASE}/${name}.wav`,
    ...(action !== 'refuse' && { output: `${BASE}-flac/${name}.flac`, engine: 'sox' as const }),
    size: action === 'refuse' && index % 3 === 0 ? 0 : ((index * 7_919_317) % 60_000_000) + 44,
    cost: 3,
  };
}

export function hostileRow(index: number): PlanItem {
  const name = HOSTILE_NAMES[index % HOSTILE_NAMES.length] ?? '';
  return { ...inventedRow(index), input: `${BASE}/${name}`, output: `${BASE}-flac/${name.replace(/wav$/, 'flac')}`, reason: `because of ${name}` };
}

export const FAILURE: JobFailure = {
  seq: 77,
  input: `${BASE}/field_0077.wav`,
  reason: 'sox stopped with 2 · source ends early',
  command: ['/usr/bin/sox', '-V2', '--no-glob', '-t', 'wav', `${BASE}/field_0077.wav`, '-C', '8', '-t', 'flac', `${BASE}-flac/.field_0077.flac.part`],
  stderr: [
    'sox WARN wav: Premature EOF on .wav input file',
    "sox FAIL sox: `/data/home-mm/audio/field_0077.wav' expected 94371840 samples, got 93323264",
  ].join('\n'),
  exitCode: 2,
};

export function inventedFailures(count: number): readonly JobFailure[] {
  return Array.from({ length: count }, (_, index) => ({
    ...FAILURE,
    seq: FAILURE.seq + index,
    input: `${BASE}/field_${String(77 + index).padStart(4, '0')}.wav`,
    ...(index % 4 === 3 && { reason: 'the output is shorter than the input: 1.20 s of 3.00 s', stderr: '', command: FAILURE.command }),
  }));
}

export interface InventedStore {
  readonly jobs: Jobs;
  /** Sets or, without a status, removes a job, and tells who watches. */
  set(id: string, status: JobStatus | undefined): void;
  /** Who watches now. */
  readonly watchers: number;
  /** What was asked of the plan. */
  readonly planReads: { readonly offset: number; readonly count: number; readonly filter: PlanFilter | undefined }[];
  /** Makes reads of rows and failures fail, with these words. */
  broken: string | undefined;
}

export interface InventedOptions {
  readonly statuses: readonly JobStatus[];
  readonly row?: (index: number) => PlanItem;
  /** Lines of each plan. */
  readonly rows?: number;
  readonly failures?: readonly JobFailure[];
  readonly atOnce?: number;
}

export function inventedJobs({ statuses, row = inventedRow, rows = 5981, failures = inventedFailures(9), atOnce }: InventedOptions): InventedStore {
  const byId = new Map(statuses.map((status) => [status.id, status]));
  const watching = new Set<(id: string) => void>();
  const planReads: InventedStore['planReads'] = [];
  const store: InventedStore = {
    set(id, status) {
      if (status) {
        byId.set(id, status);
      } else {
        byId.delete(id);
      }
      watching.forEach((onChange) => onChange(id));
    },
    get watchers() {
      return watching.size;
    },
    planReads,
    broken: undefined,
    jobs: {
      store: {
        folder: '/home/me/jobs',
        create: () => Promise.reject(new Error('not here')),
        list: async () => [...byId.values()],
        status: async (id: string) => byId.get(id),
        request: async () => ({
          preset: 'audio.flac',
          options: {},
          inputs: [BASE],
          salvage: false,
          imageEngine: 'auto' as const,
          toolPaths: {},
          customPresets: [],
          ...(atOnce !== undefined && { jobs: atOnce }),
        }),
        async plan(_id: string, offset: number, count: number, filter?: PlanFilter): Promise<Page<PlanItem>> {
          planReads.push({ offset, count, filter });
          if (store.broken !== undefined) {
            throw new Error(store.broken);
          }
          return filter?.actions || filter?.text ? pageOf(filtered(rows, row, filter), offset, count) : lazyPage(rows, row, offset, count);
        },
        async failures(_id: string, offset: number, count: number): Promise<Page<JobFailure>> {
          if (store.broken !== undefined) {
            throw new Error(store.broken);
          }
          return pageOf(failures, offset, count);
        },
        logFile: (id: string) => `/home/me/jobs/${id}/job.log`,
        remove: async (id: string) => store.set(id, undefined),
        watch(onChange: (id: string) => void) {
          watching.add(onChange);
          return { dispose: () => void watching.delete(onChange) };
        },
      },
      plan: () => Promise.reject(new Error('not here')),
      run: () => Promise.reject(new Error('not here')),
      cancel: () => Promise.reject(new Error('not here')),
      retryRequest: () => Promise.reject(new Error('not here')),
    },
  };
  return store;
}

function filtered(rows: number, row: (index: number) => PlanItem, { actions, text }: PlanFilter): readonly PlanItem[] {
  return Array.from({ length: rows }, (_, index) => row(index)).filter(
    (item) => (!actions || actions.includes(item.action)) && (!text || item.input.toLowerCase().includes(text.toLowerCase())),
  );
}

function lazyPage(total: number, row: (index: number) => PlanItem, offset: number, count: number): Page<PlanItem> {
  return { items: Array.from({ length: Math.max(0, Math.min(count, total - offset)) }, (_, index) => row(offset + index)), total };
}

function pageOf<T>(items: readonly T[], offset: number, count: number): Page<T> {
  return { items: items.slice(offset, offset + count), total: items.length };
}
