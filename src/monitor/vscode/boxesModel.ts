import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { boxHosts } from '../boxes/boxHosts.ts';
import type { SocketClient } from '../collect/client.ts';
import { boxNode } from '../view/boxTree.ts';
import type { SystemNode } from '../view/tree.ts';
import { BoxModel } from './boxModel.ts';
import type { Look } from './machineModel.ts';
import type { MonitorConfig } from './monitorConfig.ts';

/** Milliseconds between samples for who shows all boxes at once. */
export const BOXES_INTERVAL = 5000;

interface Watched extends Disposable {
  readonly model: BoxModel;
  readonly look: Look;
}

/** The other machines of the settings. Each is read by the collector, and only while somebody looks at it. */
export class BoxesModel implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<void>());
  private readonly boxes = new Map<string, Watched>();
  private readonly viewers = new Set<object>();

  /** A box has come or gone, or has told something. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly config: Pick<MonitorConfig, 'boxes' | 'onDidChange'>,
    private readonly client: Pick<SocketClient, 'box' | 'state' | 'onDidChangeState'>,
  ) {
    this.owned.add(config.onDidChange(() => this.renew()));
    this.renew();
  }

  get aliases(): readonly string[] {
    return [...this.boxes.keys()];
  }

  get all(): readonly BoxModel[] {
    return [...this.boxes.values()].map(({ model }) => model);
  }

  box(alias: string): BoxModel | undefined {
    return this.boxes.get(alias)?.model;
  }

  /** Whether somebody shows all of them: the tree, the fleet. */
  setShown(viewer: object, shown: boolean): void {
    if (shown) {
      this.viewers.add(viewer);
    } else {
      this.viewers.delete(viewer);
    }
    this.boxes.forEach(({ look }) => this.sendWish(look));
  }

  nodes(now: number): readonly SystemNode[] {
    return this.all.map(({ alias, link, holdings, viewer, watch }) => boxNode(alias, link, holdings, { viewer, now, watch }));
  }

  dispose(): void {
    this.boxes.forEach((box) => box.dispose());
    this.boxes.clear();
    this.owned.dispose();
  }

  private renew(): void {
    const wanted = boxHosts(this.config.boxes, []);
    for (const [alias, box] of this.boxes) {
      if (!wanted.includes(alias)) {
        box.dispose();
        this.boxes.delete(alias);
      }
    }
    const before = new Map(this.boxes);
    this.boxes.clear();
    // In the order of the settings.
    for (const alias of wanted) {
      this.boxes.set(alias, before.get(alias) ?? this.watch(alias));
    }
    this.changed.fire();
  }

  private watch(alias: string): Watched {
    const model = new BoxModel(this.client.box(alias), this.client);
    const look = model.look();
    const listening = model.onDidChange(() => this.changed.fire());
    this.sendWish(look);
    return {
      model,
      look,
      dispose() {
        listening.dispose();
        look.dispose();
        model.dispose();
      },
    };
  }

  private sendWish(look: Look): void {
    look.wish(this.viewers.size > 0 ? { interval: BOXES_INTERVAL, detail: 'gpus' } : undefined);
  }
}
