import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { BoxState } from '../boxes/boxState.ts';
import type { CollectorClient, CollectorState, SampleWish } from '../collectorClient.ts';
import type { HostInventory } from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import { readHoldings } from '../view/holders.ts';
import type { Holdings } from '../view/holders.ts';
import { STALE_AFTER } from '../view/statusBar.ts';
import type { Viewer } from '../view/viewer.ts';
import { GpuWatch } from '../view/watch.ts';

/** Milliseconds between two times that silence is told. */
const SAID_AGAIN = 30_000;

/** Somebody who looks at a machine: the status bar, the tree, a page. */
export interface Look extends Disposable {
  /** undefined: not now. */
  wish(wish: SampleWish | undefined): void;
}

/** A machine as this window sees it: the last sample with whose everything is, for as long as somebody looks. */
export abstract class MachineModel implements Disposable {
  readonly watch = new GpuWatch();
  protected readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<void>());
  private readonly sampled = this.owned.add(new Emitter<SystemSample>());
  private readonly looks = new Map<object, SampleWish>();
  private current: Holdings | undefined;
  private silence: NodeJS.Timeout | undefined;

  /** A new sample, or a change of how it is read. */
  readonly onDidChange = this.changed.event;
  readonly onSample = this.sampled.event;

  /** The name by which ssh knows it; undefined: the machine that this window is on. */
  abstract readonly alias: string | undefined;
  abstract readonly viewer: Viewer;
  abstract readonly collector: CollectorState;
  /** How a box stands; undefined for this machine. */
  abstract readonly link: BoxState | undefined;
  /** undefined where it is not known yet. */
  abstract inventory(): Promise<HostInventory | undefined>;

  protected constructor(private readonly source: Pick<CollectorClient, 'latest' | 'onSample' | 'wish'>) {
    this.owned.add(source.onSample((sample) => this.take(sample)));
  }

  get holdings(): Holdings | undefined {
    return this.current;
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
    this.looks.clear();
    this.source.wish(undefined);
    this.owned.dispose();
  }

  /** To all who look: something is different beside the sample. */
  protected tell(): void {
    this.changed.fire();
  }

  /** Reads the last sample anew: who looks, and from where, has changed. */
  protected readAgain(): void {
    if (this.source.latest !== undefined) {
      this.take(this.source.latest);
    }
  }

  protected take(sample: SystemSample): void {
    this.current = readHoldings(sample, this.viewer);
    this.watch.observe(this.current);
    this.sampled.fire(sample);
    this.waitForSilence(STALE_AFTER + 1);
    this.changed.fire();
  }

  private sendWish(): void {
    const wishes = [...this.looks.values()];
    this.source.wish(
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
}
