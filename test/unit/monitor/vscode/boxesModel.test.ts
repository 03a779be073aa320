import { describe, expect, it } from 'vitest';
import { Emitter } from '../../../../src/base/emitter.ts';
import type { BoxReport } from '../../../../src/monitor/boxes/boxState.ts';
import type { BoxClient, CollectorState, SampleWish } from '../../../../src/monitor/collectorClient.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { BoxesModel } from '../../../../src/monitor/vscode/boxesModel.ts';
import { GPU, PROCESS, reading, sample } from '../inventedSample.ts';

class InventedBoxClient implements BoxClient {
  private readonly reports = new Emitter<BoxReport>();
  private readonly samples = new Emitter<SystemSample>();
  report: BoxReport = { state: { kind: 'connecting' } };
  latest: SystemSample | undefined;
  wanted: SampleWish | undefined;
  retries = 0;
  readonly onDidReport = this.reports.event;
  readonly onSample = this.samples.event;

  constructor(readonly alias: string) {}

  wish(wish: SampleWish | undefined): void {
    this.wanted = wish;
  }

  retry(): void {
    this.retries++;
  }

  tell(report: BoxReport): void {
    this.report = report;
    this.reports.fire(report);
  }

  say(one: SystemSample): void {
    this.latest = one;
    this.samples.fire(one);
  }
}

function face(...boxes: readonly unknown[]) {
  const clients = new Map<string, InventedBoxClient>();
  const changes = new Set<() => void>();
  const config = {
    boxes: boxes as unknown,
    onDidChange(listener: () => void) {
      changes.add(listener);
      return { dispose: () => void changes.delete(listener) };
    },
  };
  const states = new Emitter<CollectorState>();
  const model = new BoxesModel(config, {
    state: { kind: 'live' },
    onDidChangeState: states.event,
    box(alias) {
      const client = clients.get(alias) ?? new InventedBoxClient(alias);
      clients.set(alias, client);
      return client;
    },
  });
  return {
    model,
    client: (alias: string) => clients.get(alias)!,
    set(next: unknown) {
      config.boxes = next;
      changes.forEach((change) => change());
    },
  };
}

const USE = { gpuUuid: GPU.uuid, pid: PROCESS.pid, kind: 'compute', name: 'python', memoryUsed: 70 * 2 ** 30, utilization: 50 } as const;
const HELD = sample(0, { host: 'a', gpus: [reading([GPU], { uses: [USE] })] });

describe('the boxes of the settings', () => {
  it('are read while anybody shows them, and not otherwise', () => {
    const { model, client } = face('a', 'b');
    const [tree, fleet] = [{}, {}];
    expect(client('a').wanted).toBeUndefined();
    model.setShown(tree, true);
    model.setShown(fleet, true);
    model.setShown(tree, false);
    expect([client('a').wanted, client('b').wanted]).toEqual([{ interval: 5000, detail: 'gpus' }, { interval: 5000, detail: 'gpus' }]);
    model.setShown(fleet, false);
    expect([client('a').wanted, client('b').wanted]).toEqual([undefined, undefined]);
  });

  it('are read closer by who looks at one of them', () => {
    const { model, client } = face('a', 'b');
    model.setShown({}, true);
    const look = model.box('a')!.look();
    look.wish({ interval: 1000, detail: 'full' });
    expect([client('a').wanted, client('b').wanted?.interval]).toEqual([{ interval: 1000, detail: 'full' }, 5000]);
    look.dispose();
    expect(client('a').wanted).toEqual({ interval: 5000, detail: 'gpus' });
  });

  it('come, go and stand as in the settings, and what is no host is none', () => {
    const { model, client, set } = face('a', 'b', '-oProxyCommand=x', 7);
    model.setShown({}, true);
    const kept = model.box('a');
    set(['c', 'a']);
    expect([model.aliases, model.box('a') === kept, model.box('b'), client('b').wanted]).toEqual([['c', 'a'], true, undefined, undefined]);
    expect(client('c').wanted?.interval).toBe(5000);
    set('nonsense');
    expect(model.aliases).toEqual([]);
  });

  it('say whose everything is by the account that signs in there', () => {
    const { model, client } = face('a');
    client('a').tell({ state: { kind: 'live' } });
    client('a').say(HELD);
    expect(model.box('a')?.holdings?.gpus[0]?.owner).toBe('others');
    let told = 0;
    model.onDidChange(() => told++);
    client('a').tell({ state: { kind: 'live' }, uid: PROCESS.uid });
    expect([model.box('a')?.holdings?.gpus[0]?.owner, told > 0]).toEqual(['mine', true]);
  });

  it('keep what was seen of one whose link is cut, with how it stands', () => {
    const { model, client } = face('a');
    client('a').say(HELD);
    client('a').tell({ state: { kind: 'stale', since: 1 } });
    expect([model.box('a')?.link.kind, model.box('a')?.holdings?.sample, model.nodes(2)[0]?.description]).toEqual(['stale', HELD, 'stale, seen 0 s ago']);
  });

  it('are left alone once the window closes', () => {
    const { model, client } = face('a');
    model.setShown({}, true);
    model.dispose();
    expect(client('a').wanted).toBeUndefined();
    client('a').say(HELD);
    expect(model.all).toEqual([]);
  });
});
