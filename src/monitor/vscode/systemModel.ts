import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { CollectorClient, CollectorState, SampleWish } from '../collectorClient.ts';
import type { OwnProcesses } from '../ownProcesses.ts';
import type { SystemSample } from '../systemSample.ts';
import { readHoldings } from '../view/holders.ts';
import type { Holdings } from '../view/holders.ts';
import type { Viewer } from '../view/viewer.ts';
import { STALE_AFTER } from '../view/statusBar.ts';
import { GpuWatch } from '../view/watch.ts';

/** Milliseconds between two times that silence is told. */
const SAID_AGAIN = 30_000;

/** Somebody who looks at the machine: the status bar, the tree, a dashboard. */
export interface Look extends Disposable {
  /** undefined: not now. */
  wish(wish: SampleWish | undefined): void;
}

/** This machine as this window sees it: the last sample with whose everything is, for as long as somebody looks. */
export class SystemModel implements Disposable {
  readonly watch = new GpuWatch();
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<void>());
  private readonly sampled = this.owned.add(new Emitter<SystemSample>());
  private readonly looks = new Map<object, SampleWish>();
  private folders: readonly string[] = [];
  /** Always as the workspace is now. */
  readonly viewer: Viewer;
  private current: Holdings | undefined;
  private silence: NodeJS.Timeout | undefined;

  /** A new sample, or a change of the collector's state. */
  readonly onDidChange = this.changed.event;
  readonly onSample = this.sampled.event;

  constructor(
    private readonly client: CollectorClient,
    private readonly ownProcesses: OwnProcesses,
  ) {
    const folders = (): readonly string[] => this.folders;
    this.viewer = {
      uid: process.getuid?.() ?? -1,
      get folders() {
        return folders();
      },
      ownProcess: (one) => ownProcesses.look(one),
      isSame: (_use, one) => ownProcesses.holdsDevice(one),
    };
    this.owned.add(client.onSample((sample) => this.take(sample)));
    this.owned.add(client.onDidChangeState(() => this.changed.fire()));
  }

  get holdings(): Holdings | undefined {
    return this.current;
  }

  get collector(): CollectorState {
    return this.client.state;
  }

  /** Absolute paths of the workspace's folders, links resolved. */
  setFolders(folders: readonly string[]): void {
    this.folders = folders;
    if (this.client.latest !== undefined) {
      this.take(this.client.latest);
    }
  }

  look(): Look {
    const key = {};
    return {
      wish: (wish) => {
        if (wish === undefined) {
          this.looks.delete(key);
        } else {
          this.looks.set(key, wish);
        }
        this.sendWish();
      },
      dispose: () => {
        this.looks.delete(key);
        this.sendWish();
      },
    };
  }

  dispose(): void {
    clearTimeout(this.silence);
    this.owned.dispose();
  }

  private sendWish(): void {
    const wishes = [...this.looks.values()];
    this.client.wish(
      wishes.length === 0
        ? undefined
        : {
            interval: Math.min(...wishes.map(({ interval }) => interval)),
            detail: wishes.some(({ detail }) => detail === 'full') ? 'full' : 'gpus',
          },
    );
  }

  /** Whoever looks has to say that values are old, and how old, though nothing comes that would tell. */
  private waitForSilence(milliseconds: number): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      if (this.looks.size > 0) {
        this.changed.fire();
        this.waitForSilence(SAID_AGAIN);
      }
    }, milliseconds);
  }

  private take(sample: SystemSample): void {
    this.current = readHoldings(sample, this.viewer);
    this.ownProcesses.sweep();
    this.watch.observe(this.current);
    this.sampled.fire(sample);
    this.waitForSilence(STALE_AFTER + 1);
    this.changed.fire();
  }
}
