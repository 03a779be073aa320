import { absent, isAbsent, known, type Measured } from '../../base/absent.ts';
import type { InfinibandSample } from '../hostSample.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { measuredCount, NOT_TOLD, Rate } from './counters.ts';
import { Turn } from './moments.ts';

const ROOT = '/sys/class/infiniband';
/** `port_xmit_data` and `port_rcv_data` count words of four bytes, as the standard has it. */
const WORD_BYTES = 4;
/** Counters of 32 bits stay at their largest value instead of beginning anew. */
const FULL_32 = 0xffff_ffff;
const IS_FULL = absent('counter is full');

const ERRORS = ['symbol_error', 'link_error_recovery', 'link_downed', 'port_rcv_errors'];

const SURVEY_SECONDS = 30;
/** The card's firmware is asked for each. */
const STATE_SECONDS = 10;

/** Traffic of RDMA, which no network interface counts. */
export class InfinibandMeter {
  private ports: readonly PortMeter[] = [];
  private readonly survey = new Turn(SURVEY_SECONDS);

  next(files: KernelFiles, moment: number): Measured<readonly InfinibandSample[]> {
    if (this.survey.comes(moment)) {
      const found = portsOf(files);
      this.ports = found.map(({ device, port }) => this.ports.find((meter) => meter.isOf(device, port)) ?? new PortMeter(device, port));
    }
    return this.ports.map((port) => port.next(files, moment));
  }
}

class PortMeter {
  private readonly received = new Rate();
  private readonly sent = new Rate();
  private readonly turn = new Turn(STATE_SECONDS);
  private active = false;
  private speed: Measured<number> = NOT_TOLD;
  private errors: Measured<number> = NOT_TOLD;
  private readonly device: string;
  private readonly port: number;

  constructor(device: string, port: number) {
    this.device = device;
    this.port = port;
  }

  isOf(device: string, port: number): boolean {
    return this.device === device && this.port === port;
  }

  next(files: KernelFiles, moment: number): InfinibandSample {
    const folder = `${ROOT}/${this.device}/ports/${this.port}`;
    if (this.turn.comes(moment)) {
      this.active = /^4\b/.test(known(files.text(`${folder}/state`)) ?? '');
      this.speed = parsePortRate(files.text(`${folder}/rate`));
      this.errors = errorsOf(files, folder);
    }
    return {
      device: this.device,
      port: this.port,
      active: this.active,
      received: this.received.next(bytesOf(files.text(`${folder}/counters/port_rcv_data`)), moment),
      sent: this.sent.next(bytesOf(files.text(`${folder}/counters/port_xmit_data`)), moment),
      speed: this.speed,
      errors: this.errors,
    };
  }
}

function portsOf(files: KernelFiles): readonly { readonly device: string; readonly port: number }[] {
  const devices = known(files.list(ROOT)) ?? [];
  return [...devices].sort().flatMap((device) =>
    (known(files.list(`${ROOT}/${device}/ports`)) ?? [])
      .map(Number)
      .filter((port) => Number.isInteger(port) && port > 0)
      .sort((a, b) => a - b)
      .map((port) => ({ device, port })),
  );
}

function bytesOf(text: Measured<string>): Measured<number> {
  const words = measuredCount(text);
  return isAbsent(words) ? words : words === FULL_32 ? IS_FULL : words * WORD_BYTES;
}

/** `400 Gb/sec (4X NDR)`, in bits per second. */
export function parsePortRate(text: Measured<string>): Measured<number> {
  const gigabits = isAbsent(text) ? undefined : /^(\d{1,6}(?:\.\d{1,3})?) Gb\/sec/.exec(text)?.[1];
  return gigabits === undefined ? NOT_TOLD : Number(gigabits) * 1e9;
}

/** The sum of those that this card counts. */
function errorsOf(files: KernelFiles, folder: string): Measured<number> {
  const counts = ERRORS.map((name) => known(measuredCount(files.text(`${folder}/counters/${name}`)))).filter((count) => count !== undefined);
  return counts.length === 0 ? NOT_TOLD : counts.reduce((total, count) => total + count, 0);
}
