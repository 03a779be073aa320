import { absent } from '../../src/base/absent.ts';
import type { PageOptions } from './harness.ts';
import type { JobCounts, JobStatus } from '../../src/convert/job.ts';
import { BASE, FAILURE, HOSTILE_NAMES, hostileRow, inventedFailures, inventedJobs, inventedRow, inventedStatus } from './invented.ts';
import type { InventedStore } from './invented.ts';
import type { OpenFace } from './openPages.ts';
import type { ThemeName } from './themes.ts';

/** A page in a state worth looking at. */
export interface Scene {
  readonly store: () => InventedStore;
  readonly options?: PageOptions;
  /** What is there once the page is drawn. */
  readonly ready: string;
  readonly act?: (face: OpenFace) => Promise<void>;
  readonly themes?: readonly ThemeName[];
}

const ROWS = '[data-index="0"]:not([aria-busy])';
const planned = (): InventedStore => inventedJobs({ statuses: [inventedStatus({ leftOut: { otherKinds: 12, duplicates: 3, ownOutputs: 0, unfollowed: 0 } })], atOnce: 8 });

export const planScenes: Readonly<Record<string, Scene>> = {
  planned: { store: planned, ready: ROWS, options: { width: 1100, height: 420 }, act: async ({ page }) => void (await page.click('[data-index="2"]')) },
  narrow: { store: planned, ready: ROWS, options: { width: 300, height: 600 }, themes: ['dark', 'light'] },
  middle: { store: planned, ready: ROWS, options: { width: 700, height: 420 }, themes: ['dark'] },
  zoomed: { store: planned, ready: ROWS, options: { width: 1100, height: 700, zoom: 2 }, themes: ['light'] },
  filtered: {
    store: planned,
    ready: ROWS,
    options: { width: 1100, height: 420 },
    themes: ['dark', 'light'],
    async act({ page }) {
      await page.click('.sum.refuse');
      await page.fill('.search input', 'dialog');
      await page.waitForSelector('[data-index="0"] [title$="dialog_0000015.wav"]');
    },
  },
  nothingMatches: {
    store: planned,
    ready: ROWS,
    options: { width: 1100, height: 420 },
    themes: ['dark'],
    async act({ page }) {
      await page.fill('.search input', 'no such file');
      await page.waitForSelector('.state');
    },
  },
  million: {
    store: () => inventedJobs({ statuses: [inventedStatus({ counts: { write: 555_556, replace: 111_111, skip: 111_111, refuse: 222_222, done: 0, failed: 0, salvaged: 0 } })], rows: 1_000_000 }),
    ready: ROWS,
    options: { width: 1100, height: 420 },
    themes: ['dark'],
    async act({ page }) {
      await page.focus('[data-index="0"]');
      await page.keyboard.press('End');
      await page.waitForSelector('[data-index="999999"]:not([aria-busy])');
    },
  },
  hostile: { store: () => inventedJobs({ statuses: [inventedStatus({ title: 'Mine \u202eeman <b>x</b>' })], row: hostileRow, rows: 30 }), ready: ROWS, options: { width: 1100, height: 420 }, themes: ['dark', 'light'] },
  planning: {
    store: () => inventedJobs({ statuses: [inventedStatus({ state: 'planning', looked: 29_891 })] }),
    ready: '.state',
    options: { width: 1100, height: 420 },
    themes: ['dark'],
  },
  running: {
    store: () =>
      inventedJobs({
        statuses: [inventedStatus({ state: 'running', startedAt: Date.now(), progress: 0.627, secondsLeft: 241, counts: { write: 4590, replace: 82, skip: 1104, refuse: 205, done: 2890, failed: 40, salvaged: 0 } })],
      }),
    ready: ROWS,
    options: { width: 1100, height: 420 },
  },
  failed: {
    store: () =>
      inventedJobs({
        statuses: [inventedStatus({ state: 'failed', endedAt: Date.now(), counts: { write: 0, replace: 0, skip: 0, refuse: 0, done: 0, failed: 0, salvaged: 0 }, problem: `${BASE}-flac cannot be written to: permission denied. Choose another output folder, or change its owner.` })],
        rows: 0,
      }),
    ready: '.problems',
    options: { width: 1100, height: 300 },
  },
  empty: {
    store: () =>
      inventedJobs({
        statuses: [
          inventedStatus({
            counts: { write: 0, replace: 0, skip: 0, refuse: 0, done: 0, failed: 0, salvaged: 0 },
            leftOut: { otherKinds: 12, duplicates: 3, ownOutputs: 1, unfollowed: 0 },
          }),
        ],
        rows: 0,
      }),
    ready: '.state',
    options: { width: 1100, height: 300 },
    themes: ['dark'],
  },
  broken: {
    store() {
      const store = inventedJobs({ statuses: [inventedStatus({ freeBytes: absent('the folder is not there yet') })], row: inventedRow });
      store.broken = '/home/me/jobs/a1/plan.jsonl:17 is not JSON';
      return store;
    },
    ready: '.problems',
    options: { width: 1100, height: 420 },
    themes: ['dark', 'contrastDark'],
  },
};

const HOUR = 3_600_000;

/** Jobs of every kind, as after a day of work. */
export function dayOfJobs(): InventedStore {
  const now = Date.now();
  const counts = (changes: Partial<JobCounts>): JobCounts => ({ write: 0, replace: 0, skip: 0, refuse: 0, done: 0, failed: 0, salvaged: 0, ...changes });
  const job = (id: string, changes: Partial<JobStatus>) => inventedStatus({ id, createdAt: now - HOUR, startedAt: now - HOUR, ...changes });
  return inventedJobs({
    failures: inventedFailures(45),
    statuses: [
      job('g', { state: 'planned', title: 'Frames at 2 fps → JPEG', base: '/data/home-mm/video', counts: counts({ write: 2410, refuse: 4 }) }),
      job('f', {
        state: 'running',
        title: 'FLAC, lossless',
        counts: counts({ write: 4623, replace: 82, done: 3111, failed: 9 }),
        progress: 0.667,
        secondsLeft: 241,
        running: [
          { input: `${BASE}/dialog_1182.wav`, fraction: 0.72 },
          { input: `${BASE}/field_0119.wav`, fraction: 0.31 },
          { input: `${BASE}/deep/in/a/tree/of/folders/${'long '.repeat(30)}field_0120.wav`, fraction: absent('the tool does not say') },
          ...Array.from({ length: 5 }, (_, index) => ({ input: `${BASE}/x_${index}.wav`, fraction: 0.1 })),
        ],
        runningMore: 5,
        failures: inventedFailures(9),
        notes: [{ input: `${BASE}/quiet_003.wav`, text: 'loudness: dynamic normalisation, because the true peak limit left no room' }],
      }),
      job('e', { state: 'planning', title: 'Opus 64 kbit/s', base: '/data/speech-cmd-v2', counts: counts({}), looked: 29_891 }),
      job('d', { state: 'done', title: 'Fit long edge to 1024', base: '/data/kinetics-mini', endedAt: now - HOUR + 372_000, counts: counts({ write: 12_004, done: 12_004 }), progress: 1 }),
      job('c', { state: 'done', title: '16 kHz mono WAV', salvage: true, endedAt: now, counts: counts({ write: 400, done: 391, failed: 9, salvaged: 3 }), progress: 1 }),
      job('b', { state: 'interrupted', title: 'H.264', base: '/data/home-mm/video', counts: counts({ write: 80, done: 31 }), progress: 0.4, failures: [] }),
      job('a', { state: 'cancelled', title: 'Spectrogram PNG', base: '/data/home-mm/audio', endedAt: now - HOUR + 12_000, counts: counts({ write: 900, done: 120 }), progress: 0.13 }),
      job('9', { state: 'failed', title: 'Loudness −23 LUFS', endedAt: now, problem: 'The disk is full: /data has 0 B left. 120 of 900 files were written and stay.', counts: counts({ write: 900, done: 120 }) }),
      job('8', { state: 'done', title: 'FLAC, lossless', endedAt: now - HOUR + 900, counts: counts({ skip: 5981 }), progress: 1 }),
    ],
  });
}

async function openFirst({ page }: OpenFace): Promise<void> {
  await page.click('.row.job >> nth=0');
  await page.click('.row.failure >> nth=0');
  await page.hover('.row.job >> nth=0');
}

export const jobsScenes: Readonly<Record<string, Scene>> = {
  day: { store: dayOfJobs, ready: '.row.job', options: { width: 1100, height: 300 } },
  open: { store: dayOfJobs, ready: '.row.job', options: { width: 1100, height: 560 }, act: openFirst },
  narrow: { store: dayOfJobs, ready: '.row.job', options: { width: 300, height: 700 }, act: openFirst, themes: ['dark', 'light'] },
  middle: { store: dayOfJobs, ready: '.row.job', options: { width: 640, height: 600 }, act: openFirst, themes: ['dark'] },
  zoomed: { store: dayOfJobs, ready: '.row.job', options: { width: 1100, height: 700, zoom: 2 }, act: openFirst, themes: ['light'] },
  empty: { store: () => inventedJobs({ statuses: [] }), ready: '.welcome', options: { width: 600, height: 160 } },
  hostile: {
    store() {
      const failures = HOSTILE_NAMES.map((name, index) => ({ ...FAILURE, seq: index, input: `${BASE}/${name}`, reason: `sox stopped with 2 · ${name}`, command: ['/usr/bin/sox', `${BASE}/${name}`], stderr: `sox FAIL ${name}` }));
      const first = inventedStatus({ state: 'running', title: 'Mine \u202eeman <b>x</b>', base: '/data/\u202eevil', failures, counts: { write: 30, replace: 0, skip: 0, refuse: 0, done: 3, failed: 10, salvaged: 0 }, progress: 0.4, secondsLeft: 5, running: HOSTILE_NAMES.slice(0, 3).map((name) => ({ input: `${BASE}/${name}`, fraction: 0.5 })) });
      return inventedJobs({ statuses: [first], failures });
    },
    ready: '.row.job',
    options: { width: 1100, height: 560 },
    async act({ page }) {
      await page.click('.row.job >> nth=0');
      await page.click('.row.failure >> nth=1');
      await page.click('.row.failure >> nth=2');
    },
    themes: ['dark', 'light'],
  },
};
