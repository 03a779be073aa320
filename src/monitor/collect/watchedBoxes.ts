import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Box } from '../boxes/box.ts';
import type { BoxReport } from '../boxes/boxState.ts';
import { RunDoctor } from '../doctor/runDoctor.ts';
import type { SystemSample } from '../systemSample.ts';
import type { Clock } from './clock.ts';

export interface WatchedBoxesOptions {
  readonly open: (alias: string, interval: number) => Box;
  readonly clock: Clock;
}

interface Watched extends Disposable {
  readonly box: Box;
  closing: Disposable | undefined;
}

/** Milliseconds for which a link is kept, and nothing read, after nobody wants samples any more. */
const LINGER = 60_000;

/** Other machines, each over one ssh however many faces want it, and over none where nobody does. */
export class WatchedBoxes implements Disposable {
  private readonly sampled = new Emitter<{ readonly alias: string; readonly sample: SystemSample }>();
  private readonly reported = new Emitter<{ readonly alias: string; readonly report: BoxReport | undefined }>();
  private readonly boxes = new Map<string, Watched>();

  readonly onSample = this.sampled.event;
  /** How a box stands now; undefined: it is no longer watched. */
  readonly onReport = this.reported.event;

  constructor(private readonly options: WatchedBoxesOptions) {}

  /** Milliseconds between samples of a box; undefined: none are wanted. */
  setInterval(alias: string, interval: number | undefined): void {
    const watched = this.boxes.get(alias);
    if (interval === undefined) {
      this.rest(alias, watched);
    } else if (watched === undefined) {
      this.boxes.set(alias, this.watch(alias, interval));
      this.report(alias);
    } else {
      watched.closing?.dispose();
      watched.closing = undefined;
      watched.box.setInterval(interval);
    }
  }

  /** Those that are read now. */
  get answering(): readonly string[] {
    return [...this.boxes].filter(([, { box, closing }]) => closing === undefined && box.state.kind === 'live').map(([alias]) => alias);
  }

  retry(alias: string): void {
    this.boxes.get(alias)?.box.retry();
  }

  dispose(): void {
    this.sampled.dispose();
    this.reported.dispose();
    this.boxes.forEach((watched) => watched.dispose());
    this.boxes.clear();
  }

  private rest(alias: string, watched: Watched | undefined): void {
    if (watched === undefined || watched.closing !== undefined) {
      return;
    }
    watched.box.setInterval(undefined);
    watched.closing = this.options.clock.after(LINGER, () => {
      this.boxes.delete(alias);
      watched.dispose();
      this.reported.fire({ alias, report: undefined });
    });
  }

  private watch(alias: string, interval: number): Watched {
    const owned = new DisposableStore();
    const box = owned.add(this.options.open(alias, interval));
    const doctor = new RunDoctor();
    owned.add(
      box.onSample((sample) => {
        const runs = doctor.examine(sample);
        this.sampled.fire({ alias, sample: runs.length === 0 ? sample : { ...sample, runs } });
      }),
    );
    owned.add(box.onDidChangeState(() => this.report(alias)));
    const watched: Watched = {
      box,
      closing: undefined,
      dispose() {
        watched.closing?.dispose();
        owned.dispose();
      },
    };
    return watched;
  }

  private report(alias: string): void {
    const box = this.boxes.get(alias)?.box;
    if (box !== undefined) {
      const { state, uid, inventory } = box;
      this.reported.fire({ alias, report: { state, ...(uid !== undefined && { uid }), ...(inventory && { inventory }) } });
    }
  }
}
