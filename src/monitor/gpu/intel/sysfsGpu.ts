import { absent, isAbsent, known, type Absent, type Measured } from '../../../base/absent.ts';
import type { ClockLimit, GpuSample } from '../../gpuSample.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { blankGpu, type GpuIdentity } from '../blankGpu.ts';
import { isAsleep, pcieGeneration, pcieWidth, type DrmCard } from '../devices.ts';
import { memoryOfHost } from '../hostMemory.ts';
import { Hwmon } from '../hwmon.ts';
import { BYTES, COUNT, firstKnown, MEGAHERTZ, MICROWATTS, MILLIDEGREES, quantityIn, quantityOf, textIn } from '../quantity.ts';
import { deviceName } from './names.ts';

const ASLEEP: Absent = absent('asleep');
const FIRST: Absent = absent('first sample');
const NO_COUNTER: Absent = absent('counter began anew');
/** Where the one on the processor always is; all others are cards. */
const INTEGRATED = '0000:00:02.0';

/** Files `throttle_reason_pl1` of i915 and `throttle/reason_pl1` of xe (Documentation/gpu/xe/xe_gt_freq.rst). */
const REASONS: readonly (readonly [string, ClockLimit])[] = [
  ['pl1', 'powerCap'],
  ['pl2', 'powerCap'],
  ['pl4', 'powerCap'],
  ['thermal', 'hardwareThermal'],
  ['prochot', 'hardwareThermal'],
  ['vr_thermalert', 'hardwareThermal'],
  ['ratl', 'softwareThermal'],
  ['vr_tdc', 'hardwareSlowdown'],
];

/** Where a driver keeps the files of its first engine group. */
interface Places {
  readonly clock: readonly string[];
  readonly clockMax: readonly string[];
  /** Whether anything throttles it. */
  readonly throttled: string;
  /** What comes before the name of a reason. */
  readonly reason: string;
}

/** What `sysfs` tells of one GPU of the drivers i915 and xe: all but what it is busy with. */
export class SysfsGpu {
  readonly card: DrmCard;
  readonly name: string;
  readonly isUnified: boolean;
  private readonly files: KernelFiles;
  private readonly folder: string;
  private readonly places: Places;
  private readonly driverVersion: Measured<string>;
  private hwmon: Hwmon | undefined;
  private energy: { readonly joules: number; readonly time: number } | undefined;

  constructor(files: KernelFiles, card: DrmCard) {
    this.files = files;
    this.card = card;
    this.folder = `${card.folder}/device`;
    this.isUnified = card.busId === INTEGRATED;
    this.name = deviceName(card.device, this.isUnified);
    this.places = card.driver === 'xe' ? placesOfXe(this.folder) : placesOfI915(card.folder);
    this.driverVersion = textIn(known(files.text(`/sys/module/${card.driver}/version`)) ?? '');
  }

  /** `now`: milliseconds. */
  sample(identity: GpuIdentity, now: number): GpuSample {
    const { busId } = this.card;
    const { isUnified: unifiedMemory, driverVersion } = this;
    if (isAsleep(this.files, this.folder)) {
      this.energy = undefined;
      return { ...blankGpu(identity, ASLEEP), state: 'asleep', busId, driverVersion, unifiedMemory };
    }
    const hwmon = (this.hwmon ??= new Hwmon(this.files, this.folder));
    return {
      ...blankGpu(identity),
      busId,
      driverVersion,
      memoryTotal: unifiedMemory ? memoryOfHost(this.files) : quantityOf(this.files.text(`${this.folder}/tile0/physical_vram_size_bytes`), BYTES),
      unifiedMemory,
      power: this.power(hwmon, now),
      powerLimit: quantityOf(hwmon.read('power1_max'), MICROWATTS),
      temperature: firstKnown(quantityOf(hwmon.labelled('temp', 'pkg', 'input'), MILLIDEGREES), quantityOf(hwmon.read('temp1_input'), MILLIDEGREES)),
      memoryTemperature: quantityOf(hwmon.labelled('temp', 'vram', 'input'), MILLIDEGREES),
      slowdownTemperature: quantityOf(hwmon.labelled('temp', 'pkg', 'crit'), MILLIDEGREES),
      clock: this.firstOf(this.places.clock),
      clockMax: this.firstOf(this.places.clockMax),
      clockLimits: this.limits(),
      performanceState: absent('not known to this driver'),
      recoveryAction: absent('not known to this driver'),
      pcieGeneration: unifiedMemory ? absent('part of the processor') : pcieGeneration(this.files.text(`${this.folder}/current_link_speed`)),
      pcieWidth: unifiedMemory ? absent('part of the processor') : pcieWidth(this.files.text(`${this.folder}/current_link_width`)),
    };
  }

  /** `energy1_input` counts microjoules. */
  private power(hwmon: Hwmon, now: number): Measured<number> {
    const microjoules = firstKnown(quantityOf(hwmon.read('energy1_input'), COUNT), quantityOf(hwmon.read('energy2_input'), COUNT));
    if (isAbsent(microjoules)) {
      return microjoules;
    }
    const before = this.energy;
    const joules = microjoules / 1e6;
    this.energy = { joules, time: now };
    if (before === undefined || now <= before.time) {
      return FIRST;
    }
    const gained = joules - before.joules;
    return gained < 0 ? NO_COUNTER : quantityIn((gained * 1000) / (now - before.time), { scale: 1, most: 20_000 });
  }

  private firstOf(paths: readonly string[]): Measured<number> {
    const [first, ...others] = paths.map((path) => quantityOf(this.files.text(path), MEGAHERTZ));
    return firstKnown(first ?? absent('not there'), ...others);
  }

  private limits(): Measured<readonly ClockLimit[]> {
    const isSet = (path: string): Measured<number> => quantityOf(this.files.text(path), COUNT);
    const status = isSet(this.places.throttled);
    if (isAbsent(status) || status === 0) {
      return isAbsent(status) ? status : [];
    }
    return [...new Set(REASONS.flatMap(([name, limit]) => (known(isSet(this.places.reason + name)) ? [limit] : [])))];
  }
}

function placesOfXe(device: string): Places {
  const gt = `${device}/tile0/gt0/freq0`;
  return { clock: [`${gt}/act_freq`], clockMax: [`${gt}/rp0_freq`], throttled: `${gt}/throttle/status`, reason: `${gt}/throttle/reason_` };
}

/** Before groups of engines were told apart the files lay beside each other. */
function placesOfI915(card: string): Places {
  const gt = `${card}/gt/gt0`;
  return {
    clock: [`${gt}/rps_act_freq_mhz`, `${card}/gt_act_freq_mhz`],
    clockMax: [`${gt}/rps_RP0_freq_mhz`, `${card}/gt_RP0_freq_mhz`],
    throttled: `${gt}/throttle_reason_status`,
    reason: `${gt}/throttle_reason_`,
  };
}
