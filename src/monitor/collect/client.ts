import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { BoxClient, CollectorClient, CollectorState, SampleWish } from '../collectorClient.ts';
import type { GpuReading } from '../gpuSample.ts';
import type { HostInventory } from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import { BoxSubscription } from './boxSubscription.ts';
import { wallClock, type Clock } from './clock.ts';
import { checkCollectorFolder, makeCollectorFolder } from './collectorFolder.ts';
import { connectToCollector, type Connection, type ConnectionEnd } from './connection.ts';
import { Leadership, type Turn } from './leadership.ts';
import { PROTOCOL, type Question } from './protocol.ts';

export interface RunningCollector extends Disposable {
  /** Resolves when it runs no more, to the reason where that was a failure. */
  readonly ended: Promise<string | undefined>;
}

/** Starts what is to lead in the turn that this process has taken. `before`: what was known of the GPUs. May throw. */
export type StartCollector = (turn: Turn, before: readonly GpuReading[] | undefined) => RunningCollector;

export interface SocketClientOptions {
  readonly folder: string;
  /** Left out by who only looks, and does not lead. */
  readonly startCollector?: StartCollector;
  readonly log?: (line: string) => void;
  readonly clock?: Clock;
  /** For tests: as of another version. */
  readonly protocol?: number;
}

const SHORTEST_WAIT = 25;
const LONGEST_WAIT = 250;
/** Milliseconds before a collector is started again that ended by itself; twice as long each time. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 300_000;
/** One that ran for so many milliseconds was sound. */
const SOUND = 60_000;
/** Milliseconds after which is looked whether a newer version still leads. */
const NEWER_AGAIN = 30_000;
/** How often in a row a collector must have been silent before another one takes over from it. */
const OFTEN_SILENT = 2;

/**
 * A face's client. Where nobody leads it takes the turn, if it can start a collector; of several that see a leader go, the file
 * system lets one have it, and the others find that one.
 */
export class SocketClient implements CollectorClient {
  private readonly sampled = new Emitter<SystemSample>();
  private readonly stateChanged = new Emitter<CollectorState>();
  private readonly boxes = new Map<string, BoxSubscription>();
  private readonly leadership: Leadership;
  private readonly clock: Clock;
  private current: CollectorState = { kind: 'connecting' };
  private last: SystemSample | undefined;
  private wanted: SampleWish | undefined;
  private connection: Connection | undefined;
  private ready: Connection | undefined;
  private own: RunningCollector | undefined;
  private waiting: Disposable | undefined;
  private wait = SHORTEST_WAIT;
  private pause = FIRST_PAUSE;
  private pausing: Disposable | undefined;
  /** Of the collector that we started last. */
  private failure: string | undefined;
  /** The turn of the collector that was silent last, and how often in a row. */
  private silence = { turn: 0, times: 0 };
  private disposed = false;
  private readonly readied = new Emitter<void>();

  readonly onSample = this.sampled.event;
  readonly onDidChangeState = this.stateChanged.event;

  constructor(private readonly options: SocketClientOptions) {
    this.leadership = new Leadership(options.folder);
    this.clock = options.clock ?? wallClock;
    // Not before the caller has its listeners.
    this.after(0);
  }

  get state(): CollectorState {
    return this.current;
  }

  get latest(): SystemSample | undefined {
    return this.last;
  }

  wish(wish: SampleWish | undefined): void {
    if (wish?.interval !== this.wanted?.interval || wish?.detail !== this.wanted?.detail) {
      this.wanted = wish;
      this.ready?.wish(null, wish);
    }
  }

  async inventory(): Promise<HostInventory> {
    return (await this.ask({ what: 'inventory' })) as HostInventory;
  }

  /** The same for the same name. Nothing is read of it before somebody wishes for samples. */
  box(alias: string): BoxClient {
    let box = this.boxes.get(alias);
    if (box === undefined) {
      this.boxes.set(alias, (box = new BoxSubscription(alias)));
      box.setConnection(this.ready);
    }
    return box;
  }

  /** Whether the collector is ours. */
  get leads(): boolean {
    return this.own !== undefined;
  }

  /** Resolves when a collector listens; false where none does for so many milliseconds, or none can be. */
  isThere(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (is: boolean): void => {
        late.dispose();
        listening.dispose();
        changing.dispose();
        resolve(is);
      };
      const listening = this.readied.event(() => settle(true));
      const changing = this.stateChanged.event(({ kind }) => kind === 'stopped' && settle(false));
      const late = this.clock.after(milliseconds, () => settle(false));
      if (this.ready !== undefined) {
        settle(true);
      }
    });
  }

  /** Rejects where no collector answers now. */
  async ask(question: Question): Promise<unknown> {
    if (this.ready === undefined) {
      throw new Error('no collector answers now');
    }
    return this.ready.ask(question);
  }

  dispose(): void {
    this.disposed = true;
    this.waiting?.dispose();
    this.pausing?.dispose();
    this.connection?.dispose();
    this.own?.dispose();
    this.sampled.dispose();
    this.stateChanged.dispose();
    this.readied.dispose();
    this.boxes.forEach((box) => box.dispose());
  }

  /** One look at who leads: connects there, or leads, or looks again a little later. */
  private step(): void {
    const { folder, startCollector } = this.options;
    try {
      if (startCollector === undefined) {
        checkCollectorFolder(folder);
      } else {
        makeCollectorFolder(folder);
      }
      const current = this.leadership.current();
      const isSilent = current !== undefined && current.number === this.silence.turn && this.silence.times >= OFTEN_SILENT;
      const turn = (isSilent ? this.lead(current) : undefined) ?? current ?? this.lead();
      if (turn === undefined) {
        this.lookAgain();
      } else {
        this.connect(turn);
      }
    } catch (error) {
      this.setState({ kind: 'stopped', reason: error instanceof Error ? error.message : String(error) });
      this.after(NEWER_AGAIN);
    }
  }

  /** `silent`: the turn of one that is to be taken over from though it may still be there. */
  private lead(silent?: Turn): Turn | undefined {
    const { startCollector, log } = this.options;
    if (startCollector === undefined || this.own !== undefined || this.pausing !== undefined) {
      return undefined;
    }
    const turn = this.leadership.take(silent);
    if (turn === undefined) {
      return undefined;
    }
    try {
      log?.(`leads, turn ${turn.number}${silent === undefined ? '' : ', as the collector of the turn before does not answer'}`);
      this.follow(startCollector(turn, this.last?.gpus), turn);
      return turn;
    } catch (error) {
      this.failedToLead(turn);
      throw error;
    }
  }

  private follow(own: RunningCollector, turn: Turn): void {
    const began = this.clock.now();
    this.own = own;
    void own.ended.then((failure) => {
      this.own = undefined;
      this.failure = failure;
      if (this.clock.now() - began >= SOUND) {
        this.pause = FIRST_PAUSE;
      }
      this.failedToLead(turn);
    });
  }

  /** Others may have more luck. */
  private failedToLead(turn: Turn): void {
    if (!this.disposed) {
      this.pausing = this.clock.after(this.pause, () => (this.pausing = undefined));
      this.pause = Math.min(LONGEST_PAUSE, this.pause * 2);
    }
    try {
      if (this.leadership.isOurs(turn)) {
        this.leadership.release(turn);
      }
    } catch {
      // The folder has gone, and with it the turn.
    }
  }

  private connect(turn: Turn): void {
    const connection = connectToCollector(
      turn.socket,
      {
        onSample: (machine, sample) => {
          if (machine === null) {
            this.takeSample(sample);
          } else {
            this.boxes.get(machine)?.takeSample(sample);
          }
        },
        onReport: (box, report) => this.boxes.get(box)?.takeReport(report),
        onReady: () => this.setReady(connection),
        onEnd: (why) => this.ended(why, turn),
      },
      this.options.protocol ?? PROTOCOL,
    );
    this.connection = connection;
  }

  private setReady(connection: Connection | undefined): void {
    this.ready = connection;
    connection?.wish(null, this.wanted);
    this.boxes.forEach((box) => box.setConnection(connection));
    if (connection !== undefined) {
      this.readied.fire();
    }
  }

  private takeSample(sample: SystemSample): void {
    this.last = sample;
    this.failure = undefined;
    this.silence.times = 0;
    this.wait = SHORTEST_WAIT;
    this.setState({ kind: 'live' });
    this.sampled.fire(sample);
  }

  private ended(why: ConnectionEnd, { number }: Turn): void {
    this.connection = undefined;
    this.setReady(undefined);
    this.silence = { turn: number, times: why !== 'silent' ? 0 : this.silence.turn === number ? this.silence.times + 1 : 1 };
    if (why === 'newer') {
      this.setState({ kind: 'stopped', reason: 'Another window runs a newer Trainyard, which watches this machine. Reload this window to see what it sees.' });
      this.after(NEWER_AGAIN);
    } else {
      this.lookAgain();
    }
  }

  private lookAgain(): void {
    this.setState(this.failure === undefined ? { kind: 'connecting' } : { kind: 'stopped', reason: this.failure });
    this.after(this.wait);
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
  }

  private after(milliseconds: number): void {
    if (!this.disposed) {
      this.waiting?.dispose();
      this.waiting = this.clock.after(milliseconds, () => this.step());
    }
  }

  private setState(state: CollectorState): void {
    const { current } = this;
    const same = state.kind === current.kind && (state.kind !== 'stopped' || (current.kind === 'stopped' && state.reason === current.reason));
    if (!same && !this.disposed) {
      this.current = state;
      this.stateChanged.fire(state);
    }
  }
}
