import { afterEach, describe, expect, it, vi } from 'vitest';
import { DisposableStore } from '../../../../src/base/disposable.ts';
import { Emitter } from '../../../../src/base/emitter.ts';
import type { Box } from '../../../../src/monitor/boxes/box.ts';
import type { BoxState } from '../../../../src/monitor/boxes/boxState.ts';
import { SocketClient } from '../../../../src/monitor/collect/client.ts';
import { wallClock } from '../../../../src/monitor/collect/clock.ts';
import { lead } from '../../../../src/monitor/collect/leadingCollector.ts';
import type { Keeper } from '../../../../src/monitor/collect/leadingCollector.ts';
import { Leadership } from '../../../../src/monitor/collect/leadership.ts';
import { WatchedBoxes } from '../../../../src/monitor/collect/watchedBoxes.ts';
import type { BoxClient } from '../../../../src/monitor/collectorClient.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { sample } from '../inventedSample.ts';
import { HandClock } from './handClock.ts';
import { inventedMachine } from './inventedMachine.ts';
import { temporaryFolder } from './support.ts';

const FAST = { interval: 250, detail: 'full' } as const;
const SLOW = { interval: 5000, detail: 'gpus' } as const;

let owned = new DisposableStore();
afterEach(() => {
  owned.dispose();
  owned = new DisposableStore();
});

/** A box that says what it is told to say. */
class InventedBox implements Box {
  private readonly states = new Emitter<BoxState>();
  private readonly samples = new Emitter<SystemSample>();
  readonly intervals: (number | undefined)[];
  state: BoxState = { kind: 'connecting' };
  latest: SystemSample | undefined;
  inventory: undefined;
  readonly uid = 1000;
  retries = 0;
  disposed = false;
  readonly onDidChangeState = this.states.event;
  readonly onSample = this.samples.event;

  constructor(
    readonly alias: string,
    interval: number | undefined,
  ) {
    this.intervals = [interval];
  }

  setInterval(interval: number | undefined): void {
    this.intervals.push(interval);
  }

  retry(): void {
    this.retries++;
  }

  become(state: BoxState): void {
    this.state = state;
    this.states.fire(state);
  }

  say(time = Date.now()): void {
    this.latest = { ...sample(0), time, host: this.alias };
    this.samples.fire(this.latest);
  }

  dispose(): void {
    this.disposed = true;
  }
}

function inventedBoxes(clock = wallClock) {
  const opened: InventedBox[] = [];
  const boxes = new WatchedBoxes({
    clock,
    open(alias, interval) {
      const box = new InventedBox(alias, interval);
      opened.push(box);
      return box;
    },
  });
  owned.add(boxes);
  return { boxes, opened };
}

async function leader(folder: string, boxes: WatchedBoxes, keeper?: Keeper) {
  const leadership = new Leadership(folder);
  const turn = leadership.take();
  if (turn === undefined) {
    throw new Error('somebody leads');
  }
  const machine = inventedMachine();
  const leading = await lead({ leadership, turn, machine, boxes, answer: () => machine.inventory(), onOver: () => {} });
  leading.setKeeper(keeper);
  owned.add(machine);
  owned.add(leading);
  return leading;
}

function look(folder: string, alias = 'hgx-02'): { readonly box: BoxClient; readonly samples: SystemSample[]; gone(): void } {
  const client = new SocketClient({ folder });
  owned.add(client);
  const box = client.box(alias);
  const samples: SystemSample[] = [];
  box.onSample((one) => samples.push(one));
  return { box, samples, gone: () => client.dispose() };
}

const soon = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

it('those that answer are told by name', () => {
  const { boxes, opened } = inventedBoxes();
  boxes.setInterval('hgx-02', 1000);
  boxes.setInterval('hgx-03', 1000);
  expect(boxes.answering).toEqual([]);
  opened.forEach((box) => box.become({ kind: 'live' }));
  expect(boxes.answering).toEqual(['hgx-02', 'hgx-03']);
  boxes.setInterval('hgx-02', undefined);
  expect(boxes.answering).toEqual(['hgx-03']);
});

describe('a box that several windows look at', () => {
  it('is opened once, is told to all of them, and is read as often as who wants most', async () => {
    const folder = temporaryFolder();
    const { boxes, opened } = inventedBoxes();
    await leader(folder, boxes);
    const [tree, page] = [look(folder), look(folder)];
    tree.box.wish(SLOW);
    await soon(() => expect(opened).toHaveLength(1));
    page.box.wish(FAST);
    await soon(() => expect(opened[0]?.intervals).toEqual([5000, 250]));
    opened[0]?.become({ kind: 'live' });
    opened[0]?.say();
    await soon(() => expect([tree.samples.length, page.samples.length]).toEqual([1, 1]));
    expect(page.samples[0]).toEqual(opened[0]?.latest);
    expect(page.box.report).toEqual({ state: { kind: 'live' }, uid: 1000 });
    page.gone();
    await soon(() => expect(opened[0]?.intervals).toEqual([5000, 250, 5000]));
    expect(opened).toHaveLength(1);
  });

  it('is told at once to who comes later, with how it stands', async () => {
    const folder = temporaryFolder();
    const { boxes, opened } = inventedBoxes();
    await leader(folder, boxes);
    const first = look(folder);
    first.box.wish(SLOW);
    await soon(() => expect(opened).toHaveLength(1));
    opened[0]?.become({ kind: 'live' });
    opened[0]?.say();
    opened[0]?.become({ kind: 'signIn', since: 1, said: 'Permission denied', command: ['ssh', 'hgx-02'] });
    const second = look(folder);
    second.box.wish(SLOW);
    await soon(() => expect([second.samples.length, second.box.report.state.kind]).toEqual([1, 'signIn']));
  });

  it('stays apart from another box and from this machine', async () => {
    const folder = temporaryFolder();
    const { boxes, opened } = inventedBoxes();
    await leader(folder, boxes);
    const [one, other] = [look(folder, 'a'), look(folder, 'b')];
    one.box.wish(FAST);
    other.box.wish(FAST);
    await soon(() => expect(opened).toHaveLength(2));
    opened.find(({ alias }) => alias === 'b')?.say();
    await soon(() => expect(other.samples.map(({ host }) => host)).toEqual(['b']));
    expect(one.samples).toEqual([]);
  });

  it('is tried again on the word of any of them', async () => {
    const folder = temporaryFolder();
    const { boxes, opened } = inventedBoxes();
    await leader(folder, boxes);
    const { box } = look(folder);
    box.wish(SLOW);
    await soon(() => expect(opened).toHaveLength(1));
    box.retry();
    await soon(() => expect(opened[0]?.retries).toBe(1));
  });

  it('is asked for again of the collector that takes over', async () => {
    const folder = temporaryFolder();
    const first = inventedBoxes();
    const leading = await leader(folder, first.boxes);
    const { box } = look(folder);
    box.wish(SLOW);
    await soon(() => expect(first.opened).toHaveLength(1));
    leading.dispose();
    const second = inventedBoxes();
    await leader(folder, second.boxes);
    await soon(() => expect(second.opened.map(({ alias, intervals }) => [alias, intervals])).toEqual([['hgx-02', [5000]]]));
  });

  it('is never one that ssh could take for an option', async () => {
    const folder = temporaryFolder();
    const { boxes, opened } = inventedBoxes();
    await leader(folder, boxes);
    const [bad, good] = [look(folder, '-oProxyCommand=x'), look(folder)];
    bad.box.wish(FAST);
    good.box.wish(FAST);
    await soon(() => expect(opened.map(({ alias }) => alias)).toEqual(['hgx-02']));
  });

  it('is kept under a name that no machine has, whatever it is called', async () => {
    const folder = temporaryFolder();
    const { boxes, opened } = inventedBoxes();
    const kept: string[] = [];
    await leader(folder, boxes, { wish: { interval: 3_600_000, detail: 'full' }, keep: ({ host }) => void kept.push(host), abandon() {}, dispose() {} });
    const { box } = look(folder, 'hgx-01');
    box.wish(SLOW);
    await soon(() => expect(opened).toHaveLength(1));
    opened[0]?.say();
    expect(kept.filter((host) => host !== 'hgx-01')).toEqual(['ssh:hgx-01']);
  });
});

describe('a box that nobody looks at any more', () => {
  it('is read no more at once, and its link is closed after a while', () => {
    const clock = new HandClock(1000);
    const { boxes, opened } = inventedBoxes(clock);
    const gone: string[] = [];
    boxes.onReport(({ alias, report }) => report === undefined && gone.push(alias));
    boxes.setInterval('a', 1000);
    boxes.setInterval('a', undefined);
    expect([opened[0]?.intervals, opened[0]?.disposed]).toEqual([[1000, undefined], false]);
    clock.advance(60_000);
    expect([opened[0]?.disposed, gone, clock.pending]).toEqual([true, ['a'], 0]);
  });

  it('goes on over the same link where somebody looks again soon', () => {
    const clock = new HandClock(1000);
    const { boxes, opened } = inventedBoxes(clock);
    boxes.setInterval('a', 1000);
    boxes.setInterval('a', undefined);
    clock.advance(30_000);
    boxes.setInterval('a', 5000);
    clock.advance(120_000);
    expect([opened.length, opened[0]?.intervals, opened[0]?.disposed]).toEqual([1, [1000, undefined, 5000], false]);
  });
});
