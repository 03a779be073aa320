import { absent, isAbsent, known } from '../base/absent.ts';
import type { Measured } from '../base/absent.ts';
import { parseProcessStat } from '../process/processIdentity.ts';
import type { ProcessSample } from './hostSample.ts';
import type { KernelFiles } from './kernelFiles.ts';
import type { OwnProcess } from './view/viewer.ts';

/** A process may change its folder, and its environment by exec; neither happens often. */
const RENEWED_AFTER = 60_000;
const DEVICES = /^\/dev\/(?:nvidia|dri\/|kfd|accel|davinci|dxg)/;

const ENDED: OwnProcess = { cwd: absent('it has ended'), environment: absent('it has ended') };

interface Looked {
  readonly at: number;
  readonly own: OwnProcess;
  readonly holdsDevice: () => boolean;
}

/** What may be read of one's own processes beyond the sample; read once a minute at most, and forgotten with the process. */
export class OwnProcesses {
  private looked = new Map<string, Looked>();
  private asked = new Set<string>();

  constructor(
    private readonly files: KernelFiles,
    private readonly now: () => number = Date.now,
  ) {}

  look(process: ProcessSample): OwnProcess {
    return this.of(process).own;
  }

  /** Whether it has a GPU's device open: then a driver's pid that is also its own may well mean it. */
  holdsDevice(process: ProcessSample): boolean {
    return this.of(process).holdsDevice();
  }

  /** Forgets what nobody has asked for since the last time. */
  sweep(): void {
    this.looked = new Map([...this.looked].filter(([key]) => this.asked.has(key)));
    this.asked = new Set();
  }

  private of(process: ProcessSample): Looked {
    const key = `${process.pid}/${process.startTicks}`;
    this.asked.add(key);
    const last = this.looked.get(key);
    if (last !== undefined && this.now() - last.at < RENEWED_AFTER) {
      return last;
    }
    const fresh = this.isSame(process) ? this.read(process.pid) : { at: this.now(), own: ENDED, holdsDevice: () => false };
    this.looked.set(key, fresh);
    return fresh;
  }

  /** A process of the past may have ended, and another have its number. */
  private isSame({ pid, startTicks }: ProcessSample): boolean {
    return parseProcessStat(known(this.files.text(`/proc/${pid}/stat`)) ?? '')?.startTicks === startTicks;
  }

  private read(pid: number): Looked {
    let holds: boolean | undefined;
    return {
      at: this.now(),
      own: { cwd: this.files.link(`/proc/${pid}/cwd`), environment: environment(this.files.text(`/proc/${pid}/environ`)) },
      holdsDevice: () => (holds ??= this.opensDevice(pid)),
    };
  }

  private opensDevice(pid: number): boolean {
    const folder = `/proc/${pid}/fd`;
    return (known(this.files.list(folder)) ?? []).some((name) => DEVICES.test(known(this.files.link(`${folder}/${name}`)) ?? ''));
  }
}

function environment(text: Measured<string>): Measured<Readonly<Record<string, string>>> {
  if (isAbsent(text)) {
    return text;
  }
  const pairs = text.split('\0').flatMap((entry) => {
    const at = entry.indexOf('=');
    return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)] as const] : [];
  });
  return Object.fromEntries(pairs);
}
