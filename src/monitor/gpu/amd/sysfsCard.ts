import { absent, isAbsent, known, type Absent, type Measured } from '../../../base/absent.ts';
import type { GpuSample } from '../../gpuSample.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { blankGpu, type GpuIdentity } from '../blankGpu.ts';
import { isAsleep, pcieGeneration, pcieWidth, type DrmCard } from '../devices.ts';
import { memoryOfHost } from '../hostMemory.ts';
import { Hwmon } from '../hwmon.ts';
import { BYTES, firstKnown, HERTZ, MICROWATTS, MILLIDEGREES, PERCENT, quantityOf, textIn } from '../quantity.ts';
import { parseDpmClock, parseDpmPcie, parseErrorCount } from './dpm.ts';
import { deviceName } from './names.ts';
import { parseUniqueId } from './toolCard.ts';

const ASLEEP: Absent = absent('asleep');
const NO_FAN: Absent = absent('no fan of its own');
/** Milliseconds between readings of what changes slowly, each of which has the card's own processor answer. */
const SLOW = 10_000;

/** What `sysfs` tells of one card (Documentation/gpu/amdgpu), as much as a sleeping one may be asked for. */
export class SysfsCard {
  readonly card: DrmCard;
  readonly uniqueId: string | undefined;
  readonly name: string;
  /** Its memory is the host's: an APU has none but what the firmware set aside for its screen. */
  readonly isUnified: boolean;
  private readonly files: KernelFiles;
  private readonly folder: string;
  private readonly total: Measured<number>;
  private readonly driverVersion: Measured<string>;
  private hwmon: Hwmon | undefined;
  private slow: Pick<GpuSample, 'clockMax' | 'pcieGeneration' | 'pcieWidth' | 'uncorrectedErrors' | 'powerLimit' | 'slowdownTemperature'> | undefined;
  private slowDue = -Infinity;

  constructor(files: KernelFiles, card: DrmCard) {
    this.files = files;
    this.card = card;
    this.folder = `${card.folder}/device`;
    // These are the kernel's own: no power is needed to read them.
    this.uniqueId = parseUniqueId(known(this.read('unique_id')) ?? '');
    const product = textIn(known(this.read('product_name')) ?? '');
    this.name = isAbsent(product) ? deviceName(card.device) : product;
    this.driverVersion = textIn(known(files.text(`/sys/module/${card.driver}/version`)) ?? '');
    this.total = quantityOf(this.read('mem_info_vram_total'), BYTES);
    this.isUnified = this.seemsUnified();
  }

  /** `now`: milliseconds. */
  sample(identity: GpuIdentity, now: number): GpuSample {
    const { busId } = this.card;
    if (isAsleep(this.files, this.folder)) {
      this.slowDue = -Infinity;
      const total = this.isUnified ? ASLEEP : this.total;
      return { ...blankGpu(identity, ASLEEP), state: 'asleep', busId, driverVersion: this.driverVersion, memoryTotal: total, unifiedMemory: this.isUnified };
    }
    const hwmon = (this.hwmon ??= new Hwmon(this.files, this.folder));
    const slow = this.slowValues(hwmon, now);
    return {
      ...blankGpu(identity),
      busId,
      driverVersion: this.driverVersion,
      utilization: quantityOf(this.read('gpu_busy_percent'), PERCENT),
      memoryUtilization: quantityOf(this.read('mem_busy_percent'), PERCENT),
      decoderUtilization: quantityOf(this.read('vcn_busy_percent'), PERCENT),
      encoderUtilization: absent('counted with the decoder'),
      memoryUsed: this.memoryUsed(),
      memoryTotal: this.isUnified ? memoryOfHost(this.files) : this.total,
      unifiedMemory: this.isUnified,
      power: firstKnown(quantityOf(hwmon.read('power1_average'), MICROWATTS), quantityOf(hwmon.read('power1_input'), MICROWATTS)),
      temperature: firstKnown(quantityOf(hwmon.labelled('temp', 'junction', 'input'), MILLIDEGREES), quantityOf(hwmon.labelled('temp', 'edge', 'input'), MILLIDEGREES)),
      memoryTemperature: quantityOf(hwmon.labelled('temp', 'mem', 'input'), MILLIDEGREES),
      fan: fanOf(hwmon.read('pwm1')),
      clock: quantityOf(hwmon.labelled('freq', 'sclk', 'input'), HERTZ),
      memoryClock: quantityOf(hwmon.labelled('freq', 'mclk', 'input'), HERTZ),
      clockLimits: absent('not told by sysfs'),
      performanceState: absent('not known to this driver'),
      recoveryAction: absent('not known to this driver'),
      ...slow,
    };
  }

  private slowValues(hwmon: Hwmon, now: number): NonNullable<SysfsCard['slow']> {
    if (this.slow !== undefined && now < this.slowDue && this.slowDue - now <= SLOW) {
      return this.slow;
    }
    this.slowDue = now + SLOW;
    const pcie = parseDpmPcie(this.read('pp_dpm_pcie'));
    this.slow = {
      clockMax: parseDpmClock(this.read('pp_dpm_sclk')).most,
      pcieGeneration: firstKnown(pcie.generation, pcieGeneration(this.read('current_link_speed'))),
      pcieWidth: firstKnown(pcie.width, pcieWidth(this.read('current_link_width'))),
      uncorrectedErrors: parseErrorCount(this.read('ras/umc_err_count')),
      powerLimit: quantityOf(hwmon.read('power1_cap'), MICROWATTS),
      slowdownTemperature: firstKnown(quantityOf(hwmon.labelled('temp', 'junction', 'crit'), MILLIDEGREES), quantityOf(hwmon.labelled('temp', 'edge', 'crit'), MILLIDEGREES)),
    };
    return this.slow;
  }

  private memoryUsed(): Measured<number> {
    const own = quantityOf(this.read('mem_info_vram_used'), BYTES);
    if (!this.isUnified || isAbsent(own)) {
      return own;
    }
    const shared = quantityOf(this.read('mem_info_gtt_used'), BYTES);
    return isAbsent(shared) ? shared : own + shared;
  }

  /** Memory chips have a maker; what the firmware sets aside has none, and is less than what the host lends. */
  private seemsUnified(): boolean {
    const maker = textIn(known(this.read('mem_info_vram_vendor')) ?? '');
    const lent = known(quantityOf(this.read('mem_info_gtt_total'), BYTES));
    const total = known(this.total);
    return isAbsent(maker) && total !== undefined && lent !== undefined && total <= 4 * 2 ** 30 && lent > total;
  }

  private read(name: string): Measured<string> {
    return this.files.text(`${this.folder}/${name}`);
  }
}

/** `pwm1` (Documentation/hwmon/sysfs-interface.rst): 0 to 255. */
function fanOf(text: Measured<string>): Measured<number> {
  const level = quantityOf(text, { scale: 100 / 255, most: 255 });
  return isAbsent(level) && level.absent === 'not there' ? NO_FAN : level;
}
