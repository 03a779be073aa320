import { Emitter } from '../../base/emitter.ts';
import type { BoxReport } from '../boxes/boxState.ts';
import type { BoxClient, SampleWish } from '../collectorClient.ts';
import type { SystemSample } from '../systemSample.ts';
import type { Connection } from './connection.ts';

/** A face's look at a box. Outlives the collector that reads it: the next one is told the same wish. */
export class BoxSubscription implements BoxClient {
  private readonly sampled = new Emitter<SystemSample>();
  private readonly reported = new Emitter<BoxReport>();
  private current: BoxReport = { state: { kind: 'connecting' } };
  private last: SystemSample | undefined;
  private wanted: SampleWish | undefined;
  private connection: Connection | undefined;

  readonly onSample = this.sampled.event;
  readonly onDidReport = this.reported.event;

  constructor(readonly alias: string) {}

  get report(): BoxReport {
    return this.current;
  }

  get latest(): SystemSample | undefined {
    return this.last;
  }

  wish(wish: SampleWish | undefined): void {
    if (wish?.interval !== this.wanted?.interval || wish?.detail !== this.wanted?.detail) {
      this.wanted = wish;
      this.connection?.wish(this.alias, wish);
    }
  }

  retry(): void {
    this.connection?.retry(this.alias);
  }

  /** With the connection to a collector, or with none. */
  setConnection(connection: Connection | undefined): void {
    this.connection = connection;
    if (this.wanted !== undefined) {
      connection?.wish(this.alias, this.wanted);
    }
  }

  takeSample(sample: SystemSample): void {
    this.last = sample;
    this.sampled.fire(sample);
  }

  takeReport(report: BoxReport): void {
    if (JSON.stringify(report) !== JSON.stringify(this.current)) {
      this.current = report;
      this.reported.fire(report);
    }
  }

  dispose(): void {
    this.sampled.dispose();
    this.reported.dispose();
  }
}
