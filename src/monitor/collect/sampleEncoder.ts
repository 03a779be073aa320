import { isAbsent, known } from '../../base/absent.ts';
import type { SampleDetail } from '../collectorClient.ts';
import type { ProcessSample } from '../hostSample.ts';
import type { SystemSample } from '../systemSample.ts';
import type { MachineName } from './protocol.ts';

interface Part {
  value: unknown;
  text: string;
  /** The tick since which it reads so. */
  since: number;
}

interface Told {
  process: ProcessSample;
  /** Written when somebody is to be told. */
  text: string | undefined;
  since: number;
  seen: number;
}

/** Beyond so many that went, whoever has missed them is told all anew. */
const MOST_GONE = 4096;

/**
 * Writes samples as `SampleFrame`s. Each part of a sample is written once, when it has changed, however many are told of it; who
 * is told of each sample, and who of one in five or of none for a while, gets what differs from the sample that it has.
 */
export class SampleEncoder {
  private readonly details: Readonly<Record<SampleDetail, DetailEncoder>>;
  private sample: SystemSample | undefined;
  private tick = 0;

  constructor(machine: MachineName = null) {
    this.details = { gpus: new DetailEncoder('gpus', machine), full: new DetailEncoder('full', machine) };
  }

  /** Takes the next sample; the number that it has from now on. Nothing is written before somebody asks. */
  next(sample: SystemSample): number {
    this.sample = sample;
    return ++this.tick;
  }

  /** The line that tells what differs from sample number `since`, 0 for all: one buffer for all who ask alike. */
  frame(detail: SampleDetail, since: number): Buffer {
    if (this.sample === undefined) {
      throw new RangeError('there is no sample yet');
    }
    const encoder = this.details[detail];
    encoder.take(this.sample, this.tick);
    return encoder.frame(since);
  }
}

class DetailEncoder {
  private readonly parts = new Map<string, Part>();
  private readonly processes = new Map<number, Told>();
  /** The same once more: going through a list makes no garbage. */
  private all: readonly Told[] = [];
  private gone: { readonly pid: number; readonly tick: number }[] = [];
  /** Who has a sample before this one cannot be told the difference. */
  private oldest = 0;
  private tick = 0;
  private head = '';
  private absentProcesses: string | undefined;
  private readonly frames = new Map<number, Buffer>();

  constructor(
    private readonly detail: SampleDetail,
    private readonly machine: MachineName,
  ) {}

  take(sample: SystemSample, tick: number): void {
    if (tick === this.tick) {
      return;
    }
    this.tick = tick;
    this.frames.clear();
    this.head = `{"kind":"sample","box":${JSON.stringify(this.machine)},"detail":"${this.detail}","tick":${tick},"time":${sample.time},"host":${JSON.stringify(sample.host)}`;
    this.absentProcesses = isAbsent(sample.processes) ? JSON.stringify(sample.processes) : undefined;
    for (const [name, value] of Object.entries(sample.system)) {
      this.write(`system.${name}`, value);
    }
    for (const reading of sample.gpus) {
      this.write(`gpus.${reading.vendor}`, reading);
    }
    this.write('vendors', sample.gpus.map(({ vendor }) => vendor));
    this.write('scope', sample.processScope);
    this.write('runs', sample.runs ?? null);
    this.takeProcesses(this.detail === 'full' ? (known(sample.processes) ?? []) : processesOfGpus(sample));
  }

  frame(since: number): Buffer {
    const from = since < this.oldest || since > this.tick ? 0 : since;
    let frame = this.frames.get(from);
    if (frame === undefined) {
      this.frames.set(from, (frame = Buffer.from(this.lineSince(from))));
    }
    return frame;
  }

  /** What is the very same object reads as it did. */
  private write(name: string, value: unknown): void {
    const part = this.parts.get(name);
    if (part === undefined) {
      this.parts.set(name, { value, text: JSON.stringify(value), since: this.tick });
    } else if (part.value !== value) {
      const text = JSON.stringify(value);
      part.value = value;
      if (part.text !== text) {
        part.text = text;
        part.since = this.tick;
      }
    }
  }

  /** One that has not changed is the very same object. */
  private takeProcesses(processes: readonly ProcessSample[]): void {
    const { tick } = this;
    const before = this.all.length;
    let added = false;
    for (const process of processes) {
      const entry = this.processes.get(process.pid);
      if (entry === undefined) {
        this.processes.set(process.pid, { process, text: undefined, since: tick, seen: tick });
        added = true;
      } else {
        entry.seen = tick;
        if (entry.process !== process) {
          entry.process = process;
          entry.text = undefined;
          entry.since = tick;
        }
      }
    }
    if (this.processes.size > processes.length) {
      for (const [pid, { seen }] of this.processes) {
        if (seen !== tick) {
          this.processes.delete(pid);
          this.gone.push({ pid, tick });
        }
      }
    }
    if (added || this.processes.size !== before) {
      this.all = [...this.processes.values()];
    }
    if (this.gone.length > MOST_GONE) {
      this.oldest = this.gone[this.gone.length - MOST_GONE / 2]?.tick ?? this.tick;
      this.gone = this.gone.filter(({ tick }) => tick > this.oldest);
    }
  }

  private lineSince(since: number): string {
    const parts: string[] = [];
    for (const [name, part] of this.parts) {
      if (part.since > since) {
        parts.push(`"${name}":${part.text}`);
      }
    }
    const changed: string[] = [];
    for (const entry of this.processes.values()) {
      if (entry.since > since) {
        changed.push((entry.text ??= JSON.stringify(entry.process)));
      }
    }
    const gone = since === 0 ? [] : this.gone.filter(({ tick, pid }) => tick > since && !this.processes.has(pid)).map(({ pid }) => pid);
    const processes = this.absentProcesses ?? `[${changed.join(',')}]`;
    return `${this.head},"since":${since},"parts":{${parts.join(',')}},"processes":${processes},"gonePids":[${gone.join(',')}]}\n`;
  }
}

/** Those that use a GPU, and those that they come from: whose a run is shows in what started it. */
function processesOfGpus(sample: SystemSample): readonly ProcessSample[] {
  const all = known(sample.processes) ?? [];
  const wanted = new Set(sample.gpus.flatMap(({ uses }) => (known(uses) ?? []).map(({ pid }) => pid)));
  if (wanted.size === 0) {
    return [];
  }
  const byPid = new Map(all.map((process) => [process.pid, process]));
  for (const pid of wanted) {
    const parent = byPid.get(pid)?.parent;
    if (parent !== undefined) {
      // A set that grows is gone through to its end.
      wanted.add(parent);
    }
  }
  return all.filter(({ pid }) => wanted.has(pid));
}
