import { absent, isAbsent, known, type Measured } from '../../base/absent.ts';
import type { TemperatureSample } from '../hostSample.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { NOT_TOLD } from './counters.ts';
import { Turn } from './moments.ts';

const NONE = absent('no sensors here');

const SURVEY_SECONDS = 60;
/** Sensors are slow to answer, some take milliseconds, and so is what they measure. */
const READ_SECONDS = 5;

/** Chips that are read elsewhere, which a reading would wake, or for which it would keep a disk from going to rest. */
const LEFT_OUT = new Set(['amdgpu', 'radeon', 'nouveau', 'i915', 'xe', 'drivetemp']);
/** Each is read by waking its core; their package is as warm as the warmest. */
const CORE = /^Core \d+$/;

interface Sensor {
  readonly sensor: string;
  readonly input: string;
  readonly critical: Measured<number>;
}

export class TemperatureMeter {
  private sensors: readonly Sensor[] = [];
  private last: Measured<readonly TemperatureSample[]> = NONE;
  private readonly survey = new Turn(SURVEY_SECONDS);
  private readonly turn = new Turn(READ_SECONDS);

  next(files: KernelFiles, moment: number): Measured<readonly TemperatureSample[]> {
    if (this.survey.comes(moment)) {
      const chips = chipSensors(files);
      this.sensors = chips.length > 0 ? chips : zoneSensors(files);
    }
    if (this.turn.comes(moment)) {
      const samples = this.sensors.flatMap(({ sensor, input, critical }): readonly TemperatureSample[] => {
        const temperature = parseMillidegrees(files.text(input));
        return isAbsent(temperature) ? [] : [{ sensor, temperature, critical }];
      });
      this.last = this.sensors.length === 0 ? NONE : samples;
    }
    return this.last;
  }
}

/** Thousandths of a degree Celsius (Documentation/hwmon/sysfs-interface.rst), as degrees; absent where no sensor can mean it. */
export function parseMillidegrees(text: Measured<string>): Measured<number> {
  if (isAbsent(text)) {
    return text;
  }
  const degrees = /^-?\d{1,7}$/.test(text.trim()) ? Number(text) / 1000 : NaN;
  // Sensors that are not wired say -128, 127.5 and the like; a box in the cold is below zero.
  return degrees >= -55 && degrees <= 125 && degrees !== 0 ? degrees : NOT_TOLD;
}

function chipSensors(files: KernelFiles): readonly Sensor[] {
  return inOrder(known(files.list('/sys/class/hwmon')) ?? []).flatMap((chip): readonly Sensor[] => {
    const folder = `/sys/class/hwmon/${chip}`;
    const name = known(files.text(`${folder}/name`))?.trim() ?? chip;
    if (LEFT_OUT.has(name)) {
      return [];
    }
    const inputs = (known(files.list(folder)) ?? []).filter((file) => /^temp\d+_input$/.test(file));
    return inOrder(inputs).flatMap((input): readonly Sensor[] => {
      const stem = `${folder}/${input.slice(0, -'_input'.length)}`;
      const label = known(files.text(`${stem}_label`))?.trim() ?? '';
      return CORE.test(label)
        ? []
        : [{ sensor: label === '' ? name : `${name}: ${label}`, input: `${folder}/${input}`, critical: parseMillidegrees(files.text(`${stem}_crit`)) }];
    });
  });
}

/** Machines of Arm tell of their zones alone. Where there are chips, zones are the same sensors again. */
function zoneSensors(files: KernelFiles): readonly Sensor[] {
  const zones = (known(files.list('/sys/class/thermal')) ?? []).filter((name) => /^thermal_zone\d+$/.test(name));
  return inOrder(zones).map((zone) => ({
    sensor: known(files.text(`/sys/class/thermal/${zone}/type`))?.trim() ?? zone,
    input: `/sys/class/thermal/${zone}/temp`,
    critical: NOT_TOLD,
  }));
}

function inOrder(names: readonly string[]): readonly string[] {
  return [...names].sort((a, b) => Number(/\d+/.exec(a)?.[0]) - Number(/\d+/.exec(b)?.[0]));
}
