import { describe, expect, it } from 'vitest';
import { announcement, countPieces, inOrder, isExpandable, timeWords } from '../../../../src/convert/webview/jobWords.ts';
import { parseJobsState } from '../../../../src/convert/webview/jobsState.ts';
import { ROW_ACTIONS } from '../../../../src/convert/webview/protocol.ts';
import { parsePlanList, toggled } from '../../../../src/webview/planList.ts';
import { planFate, startLabel } from '../../../../src/convert/webview/planWords.ts';
import type { Counts, JobSummary } from '../../../../src/convert/webview/protocol.ts';
import { job } from './jobs.ts';

const words = (changes: Partial<JobSummary>, counts: Partial<Counts> = {}) =>
  countPieces(job(changes, counts))
    .map(({ text }) => text)
    .join(' · ');

describe('what a job has come to', () => {
  it.each<[Partial<JobSummary>, Partial<Counts>, string]>([
    [{ state: 'planning', looked: 29_891 }, {}, 'planning · 29,891 files looked at'],
    [{ state: 'planned' }, { refuse: 4 }, 'not started · 100 to write · 4 cannot'],
    [{ state: 'running' }, { done: 60, failed: 3 }, '63 of 100 · 3 failed'],
    [{ state: 'done' }, { done: 100 }, '100 done'],
    [{ state: 'done' }, { done: 91, failed: 9, salvaged: 2 }, '91 done · 9 failed · 2 with damage'],
    [{ state: 'done' }, { write: 0, replace: 0, skip: 5981 }, '5,981 up to date'],
    [{ state: 'failed', problem: 'The disk is full.\nmore' }, {}, 'stopped: The disk is full.'],
    [{ state: 'cancelled' }, { done: 12 }, 'cancelled · 12 of 100 done'],
    [{ state: 'interrupted' }, { done: 12, failed: 1 }, 'interrupted · 12 of 100 done · 1 failed'],
  ])('%o %o: %s', (changes, counts, expected) => {
    expect(words(changes, counts)).toBe(expected);
  });

  it('has failures in the tone of an error, with the word', () => {
    expect(countPieces(job({}, { failed: 9 }))).toContainEqual({ text: '9 failed', tone: 'error' });
  });

  it('shows a hostile problem in one line that cannot be turned', () => {
    expect(words({ state: 'failed', problem: '\u202eevil\u0007' })).toBe('stopped: \\u202eevil\\u0007');
  });

  it('tells the time left while it runs, none where none is known, and the time taken after', () => {
    expect(timeWords(job({ progress: 0.62, secondsLeft: 241 }))).toBe('62\u202f% · ~4 min');
    expect(timeWords(job({ progress: 0.62 }))).toBe('62\u202f%');
    expect(timeWords(job({ state: 'done', startedAt: 1000, endedAt: 373_000 }))).toBe('6 min 12 s');
    expect(timeWords(job({ state: 'planned' }))).toBe('');
  });

  it('can be opened only where there is more to see', () => {
    expect(isExpandable(job({ state: 'done' }, { done: 100 }))).toBe(false);
    expect(isExpandable(job({ state: 'done' }, { failed: 1 }))).toBe(true);
    expect(isExpandable(job({ noteCount: 1 }))).toBe(true);
    expect(isExpandable(job({ problem: 'x' }))).toBe(true);
  });
});

describe('the order of jobs', () => {
  it('is: at work, then interrupted, then the rest, each the newest first', () => {
    const jobs = (['done', 'running', 'interrupted', 'planned', 'planning'] as const).map((state, index) => job({ id: String(index), state }));
    expect(inOrder(jobs).map(({ state }) => state)).toEqual(['running', 'planning', 'interrupted', 'done', 'planned']);
  });
});

describe('what a screen reader is told of jobs', () => {
  it('is how a job ended', () => {
    expect(announcement([job({})], [job({ state: 'done' }, { done: 98, failed: 2 })])).toBe('FLAC: finished, 98 done, 2 failed');
  });

  it('is every tenth of the way, and nothing between', () => {
    expect(announcement([job({ progress: 0.58 })], [job({ progress: 0.61 })])).toBe('FLAC: 60\u202f%');
    expect(announcement([job({ progress: 0.61 })], [job({ progress: 0.69 })])).toBeUndefined();
  });

  it('is nothing of jobs that were there when the page was opened', () => {
    expect(announcement([], [job({ state: 'done' })])).toBeUndefined();
  });
});

describe('what has come of a plan', () => {
  const at = new Date(2026, 10, 2, 14, 31).getTime();

  it.each<[Partial<JobSummary>, Partial<Counts>, string]>([
    [{ state: 'planning' }, {}, 'being made · nothing written yet'],
    [{ state: 'planned' }, {}, 'made 14:31 · nothing written yet'],
    [{ state: 'running' }, {}, 'made 14:31 · running'],
    [{ state: 'done', endedAt: at + 60_000 }, { done: 99 }, 'made 14:31 · ended 14:32 · 99 of 100 files written'],
    [{ state: 'failed' }, {}, 'made 14:31 · stopped · nothing written'],
    [{ state: 'interrupted' }, { done: 1 }, 'made 14:31 · interrupted · 1 of 100 files written'],
  ])('%o %o: %s', (changes, counts, expected) => {
    expect(planFate(job({ createdAt: at, ...changes }, counts), at)).toBe(expected);
  });

  it('is started with the number of files that are written or replaced', () => {
    expect(startLabel(job({}, { write: 4590, replace: 82, skip: 1104 }))).toBe('Start 4,672 files');
    expect(startLabel(job({}, { write: 1, replace: 0 }))).toBe('Start 1 file');
  });
});

describe('what a page finds again', () => {
  it('is what it saved', () => {
    const state = { id: 'a1', actions: ['skip', 'refuse'] as const, text: 'take', place: { offset: 2400, active: 103 } };
    expect(parsePlanList(structuredClone(state), ROW_ACTIONS)).toEqual(state);
    expect(parseJobsState({ open: ['a', 'b'] })).toEqual({ open: ['a', 'b'] });
  });

  it.each([undefined, null, 7, 'x', [], { id: 3, actions: 'all', text: {}, place: 9 }, { actions: ['format c:'], place: { offset: -1, active: NaN } }])(
    'is nothing where %j is not understood',
    (saved) => {
      expect(parsePlanList(saved, ROW_ACTIONS)).toEqual({ id: '', actions: [], text: '', place: { offset: 0, active: 0 } });
      expect(parseJobsState(saved)).toEqual({ open: [] });
    },
  );
});

describe('the filter by action', () => {
  it('adds and takes away, and all is the same as none', () => {
    expect(toggled([], 'refuse', ROW_ACTIONS)).toEqual(['refuse']);
    expect(toggled(['refuse'], 'write', ROW_ACTIONS)).toEqual(['write', 'refuse']);
    expect(toggled(['refuse'], 'refuse', ROW_ACTIONS)).toEqual([]);
    expect(toggled(['write', 'replace', 'refuse'], 'skip', ROW_ACTIONS)).toEqual([]);
  });
});
