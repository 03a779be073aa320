import type { BoxReport } from '../boxes/boxState.ts';
import type { SystemSample } from '../systemSample.ts';
import type { FromCollector, MachineName } from './protocol.ts';
import { SampleEncoder } from './sampleEncoder.ts';
import type { Subscriber } from './subscriber.ts';

/** Milliseconds for which a sample is worth telling to who has just come. */
const FRESH = 2000;
/** The same of a box, which is read less often; older than that is stale. */
const FRESH_OF_BOX = 10_000;

/** What is told of one machine to all who want it, written once. */
export class Broadcast {
  private readonly encoder: SampleEncoder;
  private last: { readonly tick: number; readonly time: number } | undefined;
  private reported: FromCollector | undefined;

  constructor(private readonly machine: MachineName) {
    this.encoder = new SampleEncoder(machine);
  }

  publish(sample: SystemSample, subscribers: Iterable<Subscriber>): void {
    this.last = { tick: this.encoder.next(sample), time: sample.time };
    for (const subscriber of subscribers) {
      subscriber.tell(this.machine, this.encoder, this.last);
    }
  }

  report(report: BoxReport, subscribers: Iterable<Subscriber>): void {
    if (this.machine !== null) {
      this.reported = { kind: 'box', box: this.machine, report };
      for (const subscriber of subscribers) {
        subscriber.inform(this.machine, this.reported);
      }
    }
  }

  /** What is known now, to one who has just come or wants more than before. */
  greet(subscriber: Subscriber): void {
    if (this.machine !== null && this.reported !== undefined) {
      subscriber.inform(this.machine, this.reported);
    }
    if (this.last !== undefined && Math.abs(Date.now() - this.last.time) < (this.machine === null ? FRESH : FRESH_OF_BOX)) {
      subscriber.tell(this.machine, this.encoder, this.last);
    }
  }
}
