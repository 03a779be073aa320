import { describe, expect, it } from 'vitest';
import { isAbsent } from '../../../../src/base/absent.ts';
import { fleet } from '../../../../src/monitor/view/fleet.ts';
import { filterBoxes, orderBoxes } from '../../../../src/monitor/webview/fleetOrder.ts';
import { NOW, eightGpus } from './invented.ts';
import { fleetMachine, inventedFleet, unknownFleet } from './inventedFleet.ts';

const shown = fleet(inventedFleet(NOW), NOW);
const box = (key: string) => shown.boxes.find((one) => one.key === key)!;

describe('the fleet', () => {
  it('has a row for each box in the order of the settings, with how it stands', () => {
    expect(shown.boxes.map(({ key, tone, note, free }) => [key, tone, note, free])).toEqual([
      ['', 'ok', 'GPU 3 at 87 °C', 0],
      ['hgx-02', 'ok', '', 4],
      ['hgx-03', 'ok', '', 0],
      ['atlas-02', 'warn', 'GPU 11 lost', 2],
      ['lab-04', 'off', 'Stale, seen 6 min ago', null],
      ['lab-05', 'ok', '', 2],
      ['render-1', 'off', 'Signed out', null],
      ['hgx-04', 'bad', 'Not answering for 8 min', null],
    ]);
  });

  it('counts what is known, and says which boxes are left out', () => {
    expect([shown.known, shown.freeCount, shown.mine]).toEqual([43, 8, 13]);
    expect(shown.uncounted).toEqual(['lab-04 (stale, seen 6 min ago)', 'render-1 (signed out)', 'hgx-04 (not answering for 8 min)']);
  });

  it('shows nothing of a box that is not read as free or as of now', () => {
    expect(box('hgx-04').tiles.map(({ who }) => who)).toEqual([...Array.from({ length: 6 }, () => 'joon'), 'was free', 'was free']);
    for (const { isRead, tiles, cpu, memory } of shown.boxes.filter((one) => !one.isRead)) {
      expect([isRead, isAbsent(cpu), isAbsent(memory), tiles.every(({ busy }) => isAbsent(busy))]).toEqual([false, true, true, true]);
    }
    expect(shown.free.map(({ key }) => key)).not.toContain('hgx-04');
    expect(shown.holders.find(({ name }) => name === 'joon')?.gpus).toBe(10);
  });

  it('says who holds how many GPUs in which boxes, oneself first, and how many of them rest', () => {
    expect(shown.holders.slice(0, 3).map(({ name, where, gpus }) => [name, where, gpus])).toEqual([
      ['you', '2 boxes', 13],
      ['joon', '2 boxes', 10],
      ['mkim', '3 boxes', 9],
    ]);
    expect(shown.holders.filter(({ idle }) => idle > 0).map(({ name, idle }) => [name, idle])).toEqual([['ana', 1], ['raj', 1]]);
  });

  it('names free blocks, the largest first', () => {
    expect(shown.free.map(({ title, count, model, numbers }) => `${title} ${count} × ${model} ${numbers}`)).toEqual(['hgx-02 4 × H100 80GB HBM3 4–7', 'atlas-02 2 × A100-SXM4-80GB 14, 15', 'lab-05 2 × RTX 6000 Ada Generation 0, 1', 'atlas-02 2 × MIG 1g.10gb on GPU 6']);
  });

  it('tells what can be done about a box that cannot be read', () => {
    expect(shown.boxes.flatMap(({ key, way }) => (way === null ? [] : [[key, way]]))).toEqual([['lab-04', 'retryBox'], ['render-1', 'signIn'], ['hgx-04', 'retryBox']]);
    expect(box('render-1').message).toMatch(/until you sign in/);
  });

  it('calls one’s runs in a box that is not read stale, whatever was said of them', () => {
    expect(shown.runs.filter(({ key }) => key === 'lab-04').map(({ verdict }) => verdict)).toEqual(['stale', 'stale']);
  });

  it('goes by the age of a sample too: a collector may end without a word', () => {
    const [late] = fleet([fleetMachine('hgx-02', { kind: 'live' }, { ...eightGpus(), time: NOW - 16_000 })], NOW).boxes;
    expect([late?.isRead, late?.note, late?.free]).toEqual([false, 'Stale, seen 16 s ago', null]);
  });

  it('has words for boxes of which nothing is known', () => {
    expect(fleet(unknownFleet(NOW), NOW).boxes.map(({ key, note, cards, way }) => [key, note, cards, way])).toEqual([
      ['', '', 'no GPU', null],
      ['hgx-02', 'Connecting…', '', null],
      ['mac-1', 'No shell that can be read from', '', 'retryBox'],
      ['gone-1', 'Not answering for 1 min', '', 'retryBox'],
      ['arm-1', '', 'no GPU', null],
    ]);
  });

  it('is found by box, card and person, and put in order by what is free, the unknown last', () => {
    expect(filterBoxes(shown.boxes, 'h200').map(({ key }) => key)).toEqual(['hgx-03']);
    expect(filterBoxes(shown.boxes, 'ana lab').map(({ key }) => key)).toEqual(['lab-04', 'lab-05']);
    const order = orderBoxes(shown.boxes, 'free').map(({ key }) => key);
    expect([order[0], order.slice(-3)]).toEqual(['hgx-02', ['lab-04', 'render-1', 'hgx-04']]);
  });
});
