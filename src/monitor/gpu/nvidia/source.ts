import { absent, isAbsent, known, type Measured } from '../../../base/absent.ts';
import { toDisposable, type Disposable } from '../../../base/disposable.ts';
import type { GpuReading, GpuSourceState, GpuUse } from '../../gpuSample.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { memoryOfHost } from '../hostMemory.ts';
import type { PciDevice } from '../devices.ts';
import type { GpuMachine, GpuSink, GpuSource } from '../vendor.ts';
import { assembleSample } from './assemble.ts';
import type { GpuRowReader } from './gpuRows.ts';
import { LoadWatch } from './loads.ts';
import { LoopStreams } from './loopStreams.ts';
import { problemOf, readSurroundings } from './problems.ts';
import { ProcessWatch } from './processes.ts';
import { GpuQuery, type NumberedRow } from './query.ts';
import { ReportWatch } from './reports.ts';
import { Rest } from './rest.ts';
import { Roster } from './roster.ts';
import { nvidiaCards, readCard, type PciCard } from './sleep.ts';
import { heldOf, joinUses } from './uses.ts';

/** How often is looked whether cards sleep, where they can: two small files for each. */
const LOOK = 2000;
/** Until a GPU that could not be opened is tried again: it takes an administrator, mostly a reboot. */
const REOPEN = 600_000;
/** Processes come and go more slowly than values change. */
const PROCESS_INTERVALS = [2000, 10_000] as const;

const ANSWERING: GpuSourceState = { kind: 'answering' };
const POLLED: GpuSourceState = { kind: 'answering', remark: 'This driver’s nvidia-smi does not repeat its answers (-lms): it is asked every few seconds instead.' };
const NOT_YET: Measured<readonly GpuUse[]> = absent('not told yet');
const ASLEEP: Measured<readonly GpuUse[]> = absent('asleep');

/** Reads the NVIDIA GPUs of one machine for as long as it is not disposed of. */
export function startNvidia(machine: GpuMachine, sink: GpuSink, interval: number): GpuSource {
  return new NvidiaSource(machine, sink, interval);
}

class NvidiaSource implements GpuSource {
  private readonly files: KernelFiles;
  private readonly now: () => number;
  private readonly sink: GpuSink;
  private readonly loops: LoopStreams;
  private readonly query: GpuQuery;
  private readonly processes: ProcessWatch;
  private readonly loads: LoadWatch;
  private readonly reports: ReportWatch;
  private readonly roster = new Roster();
  private readonly rest = new Rest();
  private readonly parts: readonly Disposable[];
  private state: GpuSourceState = { kind: 'starting' };
  private devices: readonly PciDevice[];
  /** Addresses that the driver cannot open. */
  private readonly unopened = new Set<string>();
  private reopen: NodeJS.Timeout | undefined;
  private resting = false;
  private disposed = false;
  private time = 0;
  private uses: Measured<readonly GpuUse[]> = NOT_YET;
  private hostMemory: Measured<number> | undefined;

  constructor({ files, streams, now }: GpuMachine, sink: GpuSink, interval: number) {
    this.files = files;
    this.now = now;
    this.sink = sink;
    this.devices = nvidiaCards(files);
    this.loops = new LoopStreams(streams);
    this.query = new GpuQuery(this.loops, files, interval, {
      onTick: (rows, reader) => {
        this.tick(rows, reader);
      },
      onSilent: () => {
        this.silent();
      },
      onProblem: (problem) => {
        this.become({ kind: 'failed', problem });
      },
      onUnopened: (busId, said) => {
        this.lose(busId, said);
      },
    });
    this.processes = new ProcessWatch(this.loops, processInterval(interval), () => this.state.kind === 'answering', () => {
      this.join();
    });
    this.loads = new LoadWatch(streams, now, (index) => this.roster.uuidOf(index));
    this.reports = new ReportWatch(streams, now, () => {
      this.join();
    });
    const looking = this.cards().some(({ maySleep }) => maySleep) ? setInterval(() => { this.look(); }, LOOK) : undefined;
    looking?.unref();
    this.parts = [this.query, this.processes, this.loads, this.reports, toDisposable(() => { clearInterval(looking); })];
    this.resting = this.rest.next(this.cards(), true, now());
    queueMicrotask(() => {
      this.begin();
    });
  }

  setInterval(milliseconds: number): void {
    this.query.setInterval(milliseconds);
    this.processes.setInterval(processInterval(milliseconds));
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.reopen);
    for (const part of this.parts) {
      part.dispose();
    }
  }

  private begin(): void {
    if (this.disposed) {
      return;
    }
    if (this.resting) {
      this.fallAsleep();
    } else {
      this.emit();
      this.query.run();
    }
  }

  private tick(rows: readonly NumberedRow[], reader: GpuRowReader): void {
    const isFirst = this.state.kind !== 'answering';
    this.state = this.loops.isPolling ? POLLED : ANSWERING;
    this.time = this.now();
    const samples = rows.map((row) => {
      const before = row.uuid === undefined ? this.roster.find(reader.busId(row), row.index) : this.roster.get(row.uuid);
      const uuid = row.uuid ?? before?.uuid ?? '';
      return assembleSample(
        row,
        reader,
        {
          report: this.reports.reports.get(uuid),
          listed: this.reports.listed,
          hostMemory: () => (this.hostMemory ??= memoryOfHost(this.files)),
          held: () => heldOf(this.uses, uuid),
        },
        before,
      );
    });
    this.roster.tick(samples, (busId) => !isAbsent(this.files.text(`/sys/bus/pci/devices/${busId}/vendor`)));
    if (isFirst) {
      this.processes.run();
    }
    this.reports.tick({
      divided: rows.some((row) => reader.cell(row, 'mig') === 'Enabled'),
      withoutAdvice: !reader.columns.some((column) => column?.field === 'recoveryAction'),
    });
    this.emit();
  }

  private silent(): void {
    if (this.state.kind !== 'silent') {
      this.become({ kind: 'silent', since: this.time === 0 ? this.now() : this.time });
    }
  }

  private become(state: GpuSourceState): void {
    this.state = state;
    this.emit();
  }

  /** The driver stops at the first GPU that it cannot open: the others are asked for by name. */
  private lose(busId: string, said: string): void {
    const isNew = !this.unopened.has(busId);
    this.unopened.add(busId);
    this.roster.lose(busId, this.devices.findIndex((device) => device.busId === busId), said);
    const addresses = this.devices.length > 0 ? this.devices.map((device) => device.busId) : this.roster.samples.flatMap((sample) => known(sample.busId) ?? []);
    const others = addresses.filter((other) => !this.unopened.has(other));
    if (others.length === 0 || !isNew) {
      this.query.stop();
      this.processes.stop();
      this.become({ kind: 'failed', problem: problemOf({ said }, readSurroundings(this.files)) });
    } else {
      this.emit();
      this.query.run(others);
      this.processes.narrow(others);
    }
    clearTimeout(this.reopen);
    this.reopen = setTimeout(() => {
      this.unopened.clear();
      this.devices = nvidiaCards(this.files);
      if (!this.resting) {
        this.query.run();
        this.processes.narrow([]);
      }
    }, REOPEN);
    this.reopen.unref();
  }

  /** New processes, loads or a report: what the next reading tells of uses. */
  private join(): void {
    const { rows } = this.processes;
    if (isAbsent(rows)) {
      this.uses = rows;
      return;
    }
    this.uses = joinUses(rows, [...this.reports.reports.values()], this.loads.utilizations);
    if (rows.length > 0) {
      this.loads.run();
    } else {
      this.loads.stop();
    }
  }

  private look(): void {
    // A desktop that draws on it lets it sleep.
    const idle = this.roster.idle && known(this.uses)?.every(({ kind }) => kind === 'graphics') === true;
    const cards = this.cards();
    const resting = this.rest.next(cards, idle, this.now());
    if (resting !== this.resting) {
      this.resting = resting;
      if (resting) {
        this.query.stop();
        this.processes.stop();
        this.loads.stop();
      } else {
        this.state = { kind: 'starting' };
        this.uses = NOT_YET;
        this.begin();
        return;
      }
    }
    // Until it sleeps what was seen last is shown: that it is idle.
    if (resting && cards.every(({ suspended }) => suspended) && this.uses !== ASLEEP) {
      this.fallAsleep();
    }
  }

  private fallAsleep(): void {
    this.state = { kind: 'answering' };
    this.time = this.now();
    this.uses = ASLEEP;
    this.roster.sleep(this.cards(), this.files);
    this.emit();
  }

  private cards(): readonly PciCard[] {
    return this.devices.map((device) => readCard(this.files, device));
  }

  private emit(): void {
    if (!this.disposed) {
      const reading: GpuReading = { vendor: 'nvidia', state: this.state, time: this.time, gpus: this.roster.samples, uses: this.uses };
      this.sink(reading);
    }
  }
}

function processInterval(interval: number): number {
  return Math.min(PROCESS_INTERVALS[1], Math.max(PROCESS_INTERVALS[0], Math.round(2 * interval)));
}
