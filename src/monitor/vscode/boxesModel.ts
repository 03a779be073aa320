import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Log } from '../../platform/log.ts';
import { systemTimers } from '../../process/timers.ts';
import { createSshClient } from '../../process/ssh/client.ts';
import type { SshClient } from '../../process/ssh/client.ts';
import { createBox } from '../boxes/box.ts';
import type { Box } from '../boxes/box.ts';
import { boxHosts } from '../boxes/boxHosts.ts';
import { GPU_VENDORS } from '../gpu/index.ts';
import { boxNode } from '../view/boxTree.ts';
import { readHoldings } from '../view/holders.ts';
import type { SystemNode } from '../view/tree.ts';
import type { Viewer } from '../view/viewer.ts';
import { GpuWatch } from '../view/watch.ts';
import type { MonitorConfig } from './monitorConfig.ts';

const INTERVAL = 5000;
/** Milliseconds after which links are closed that nobody looks at. */
const PATIENCE = 60_000;

interface WatchedBox {
  readonly box: Box;
  readonly watch: GpuWatch;
}

/** Other machines, each over one ssh of the person's own, for as long as somebody looks at them. */
export class BoxesModel implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<void>());
  private readonly boxes = new Map<string, WatchedBox>();
  private readonly ssh: SshClient;
  private shown = false;
  private closing: NodeJS.Timeout | undefined;

  readonly onDidChange = this.changed.event;

  /** @param never folders from which nothing is run */
  constructor(
    private readonly config: MonitorConfig,
    private readonly log: Log,
    never: readonly string[],
  ) {
    this.ssh = createSshClient({ env: process.env, timers: systemTimers, never });
    this.owned.add(config.onDidChange(() => this.renew()));
  }

  get aliases(): readonly string[] {
    return boxHosts(this.config.boxes, []);
  }

  setShown(shown: boolean): void {
    this.shown = shown;
    clearTimeout(this.closing);
    if (shown) {
      this.renew();
    } else if (this.boxes.size > 0) {
      this.closing = setTimeout(() => this.closeAll(), PATIENCE);
    }
  }

  nodes(now: number): readonly SystemNode[] {
    return this.aliases.map((alias) => {
      const watched = this.boxes.get(alias);
      if (watched === undefined) {
        return boxNode(alias, { kind: 'connecting' }, undefined, { viewer: viewerOf(undefined), now });
      }
      const { box, watch } = watched;
      const viewer = viewerOf(box);
      const holdings = box.latest && readHoldings(box.latest, viewer);
      return boxNode(alias, box.state, holdings, { viewer, now, watch });
    });
  }

  box(alias: string): Box | undefined {
    return this.boxes.get(alias)?.box;
  }

  dispose(): void {
    clearTimeout(this.closing);
    this.closeAll();
    this.owned.dispose();
  }

  private renew(): void {
    const wanted = this.aliases;
    for (const [alias, { box }] of this.boxes) {
      if (!wanted.includes(alias)) {
        box.dispose();
        this.boxes.delete(alias);
      }
    }
    for (const alias of this.shown ? wanted.filter((each) => !this.boxes.has(each)) : []) {
      this.boxes.set(alias, this.open(alias));
    }
    this.changed.fire();
  }

  private open(alias: string): WatchedBox {
    const box = createBox(alias, { ssh: this.ssh, vendors: GPU_VENDORS, interval: INTERVAL, log: (line) => this.log.debug(`box ${line}`) });
    const watch = new GpuWatch();
    box.onSample((sample) => {
      watch.observe(readHoldings(sample, viewerOf(box)));
      this.changed.fire();
    });
    box.onDidChangeState(() => this.changed.fire());
    return { box, watch };
  }

  private closeAll(): void {
    this.boxes.forEach(({ box }) => box.dispose());
    this.boxes.clear();
  }
}

/** There is nothing of a workspace there; the account that we sign in with is us. */
function viewerOf(box: Box | undefined): Viewer {
  return { uid: box?.uid ?? -1, folders: [] };
}
