import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import { announcement } from '../../../../src/monitor/webview/announcement.ts';
import { NOTHING } from '../../../../src/monitor/webview/model.ts';
import { parsePageState } from '../../../../src/monitor/webview/pageState.ts';
import { DEFAULT_SORTING, filterProcesses, inHeldOrder, nextSorting, sortProcesses } from '../../../../src/monitor/webview/processOrder.ts';
import type { Head, ProcessRow } from '../../../../src/monitor/webview/protocol.ts';
import { RowsEncoder, applyRows } from '../../../../src/monitor/webview/rowsChange.ts';
import { linked } from '../../../../src/monitor/webview/selection.ts';
import { agoWords, liveAxis, rangeWords, stepFor } from '../../../../src/monitor/webview/timeWindow.ts';

const MINUTE = 60_000;

function row(pid: number, changes: Partial<ProcessRow> = {}): ProcessRow {
  return { key: String(pid), pid, more: 0, user: 'lena', owner: 'mine', command: 'python train.py', note: '', gpus: String(pid), gpuKeys: [`g${pid}`], vram: pid, gpu: 0, cpu: 0, memory: 0, read: 0, written: 0, started: 0, ...changes };
}

const pids = (rows: readonly ProcessRow[]) => rows.map(({ pid }) => pid);

describe('what changed of rows', () => {
  interface Row {
    readonly key: string;
    readonly a: number | { readonly absent: string } | null;
    readonly b: readonly number[];
  }

  it('is nothing where nothing changed, and else only the fields that did', () => {
    const encoder = new RowsEncoder<Row>();
    const rows: Row[] = [{ key: 'x', a: 1, b: [1] }, { key: 'y', a: absent('no'), b: [] }];
    expect(encoder.next(rows)).toEqual({ changed: rows, order: ['x', 'y'] });
    expect(encoder.next(rows.map((one) => ({ ...one, b: [...one.b] })))).toBeUndefined();
    expect(encoder.next([{ ...rows[0]!, a: 2 }, rows[1]!])).toEqual({ changed: [{ key: 'x', a: 2 }] });
    expect(encoder.next([rows[1]!])).toEqual({ changed: [], order: ['y'] });
    encoder.reset();
    expect(encoder.next([rows[1]!])).toEqual({ changed: [rows[1]], order: ['y'] });
  });

  it('comes to the same rows at the other end, whatever comes, goes and moves', () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(null), fc.constant(absent('no')));
    const rows = fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), a: value, b: fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }) }), { selector: ({ key }) => key });
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 6 }), (steps) => {
        const encoder = new RowsEncoder<Row>();
        let there: readonly Row[] = [];
        for (const step of steps) {
          const change = encoder.next(step);
          there = change ? applyRows(there, JSON.parse(JSON.stringify(change)) as typeof change) : there;
          expect(there).toEqual(step);
        }
      }),
    );
  });
});

describe('the order of processes', () => {
  it('is by the memory of GPUs at first, what is not known and what uses none last', () => {
    const rows = [row(1, { vram: absent('no') }), row(2, { vram: null, cpu: 300 }), row(3), row(9)];
    expect(pids(sortProcesses(rows, DEFAULT_SORTING))).toEqual([9, 3, 2, 1]);
    expect(pids(sortProcesses(rows, { column: 'vram', descending: false }))).toEqual([3, 9, 2, 1]);
  });

  it('counts GPUs as numbers and users as words', () => {
    expect(pids(sortProcesses([row(1, { gpus: '10' }), row(2, { gpus: '9' })], { column: 'gpus', descending: false }))).toEqual([2, 1]);
    expect(pids(sortProcesses([row(1, { user: 'raj' }), row(2, { user: 'ana' })], { column: 'user', descending: false }))).toEqual([2, 1]);
  });

  it('goes back to the default with the third click', () => {
    const first = nextSorting(DEFAULT_SORTING, 'cpu');
    const second = nextSorting(first, 'cpu');
    expect([first, second, nextSorting(second, 'cpu')]).toEqual([{ column: 'cpu', descending: true }, { column: 'cpu', descending: false }, DEFAULT_SORTING]);
  });

  it('stays while somebody points at the table, new rows last', () => {
    expect(pids(inHeldOrder([row(3), row(1), row(4), row(2)], ['1', '2', '3']))).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['raj', [2]],
    ['RAJ kernel', [2]],
    ['gpu 2', [3]],
    ['gpu 7', [2]],
    ['gpu 1', [3]],
    ['rank', [1]],
    ['48', []],
    ['', [1, 2, 3]],
  ])('filtered by %j are %j', (text, found) => {
    const rows = [row(1, { note: 'rank 0', gpus: '' }), row(2, { user: 'raj', command: 'ipykernel', owner: 'others', gpus: '7 · 3g' }), row(3, { gpus: '0–3, 6' })];
    expect(pids(filterProcesses(rows, text, false))).toEqual(found);
  });

  it('can be of mine alone', () => {
    expect(pids(filterProcesses([row(1), row(2, { owner: 'others' }), row(3, { owner: 'workspace' }), row(4, { owner: 'hidden' })], '', true))).toEqual([1, 3]);
  });
});

describe('a selection', () => {
  const gpus = [{ key: 'g1' }, { key: 'g2' }] as never[];
  const processes = [row(1, { gpuKeys: ['g1'] }), row(2, { gpuKeys: ['g1', 'g2'] })];

  it('of a GPU takes its processes along, of a process its GPUs', () => {
    expect([...linked({ gpus, processes, runs: [] }, 'g1')].sort()).toEqual(['1', '2', 'g1']);
    expect([...linked({ gpus, processes, runs: [] }, '1')].sort()).toEqual(['1', 'g1']);
    expect(linked({ gpus, processes, runs: [] }, undefined).size).toBe(0);
  });
});

describe('what a screen reader is told', () => {
  const head = { state: 'ok', troubles: [] } as unknown as Head;

  it('is a lost GPU, and a driver that fell silent or came back, and never a number', () => {
    const before = { ...NOTHING, head, gpus: [{ key: 'a', label: '3', stateTone: 'plain', state: 'Busy' } as never] };
    expect(announcement(before, { ...before, time: 5 })).toBeUndefined();
    expect(announcement(before, { ...before, gpus: [{ key: 'a', label: '3', stateTone: 'bad', state: 'Lost' } as never] })).toBe('GPU 3: Lost');
    const silent = { ...before, head: { ...head, state: 'silent' as const, troubles: [{ title: 'NVIDIA driver not answering for 4 min' } as never] } };
    expect([announcement(before, silent), announcement(silent, before)]).toEqual(['NVIDIA driver not answering for 4 min', 'Values are live again']);
  });
});

describe('what was saved', () => {
  it.each([undefined, null, 'x', { span: 'long', sorting: 7, scope: 'root' }, { sorting: { column: '__proto__' } }, { span: 1e12 }])('that is not understood (%j) is as if it were new', (saved) => {
    expect(parsePageState(saved)).toEqual({ span: 15 * MINUTE, sorting: DEFAULT_SORTING, mineOnly: false, scope: 'gpu', machine: '' });
  });

  it('is found again', () => {
    const state = { span: 60 * MINUTE, sorting: { column: 'cpu', descending: true }, mineOnly: true, scope: 'all', machine: 'hgx-02' } as const;
    expect(parsePageState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });
});

describe('a window of time', () => {
  it.each([
    [5 * MINUTE, 1000],
    [15 * MINUTE, 2000],
    [60 * MINUTE, 5000],
    [360 * MINUTE, 30_000],
    [1440 * MINUTE, 120_000],
  ])('of %d ms has columns of %d ms', (span, step) => {
    expect(stepFor(span)).toBe(step);
  });

  it('says its thirds', () => {
    expect(liveAxis(15 * MINUTE)).toEqual(['−15 min', '−10', '−5', 'now']);
    expect(liveAxis(1440 * MINUTE)).toEqual(['−24 h', '−16', '−8', 'now']);
    expect([rangeWords({ from: 0, to: 18 * MINUTE }), agoWords(0, 33 * MINUTE), agoWords(5, 5)]).toEqual(['18 min', '33 min before now', 'now']);
  });
});
