import { absent, type Measured } from '../../../base/absent.ts';
import { DEGREES, MEBIBYTES, MEGAHERTZ, MILLIWATTS, NOT_TOLD, PERCENT, plainText, quantityIn } from '../quantity.ts';

export interface Tegrastats {
  readonly utilization: Measured<number>;
  readonly clock: Measured<number>;
  readonly memoryUsed: Measured<number>;
  readonly memoryTotal: Measured<number>;
  /** Share of the memory's time. */
  readonly memoryUtilization: Measured<number>;
  readonly memoryClock: Measured<number>;
  readonly temperature: Measured<number>;
  /** Of the GPU's own rail. */
  readonly power: Measured<number>;
  /** Megahertz, or that they are off. */
  readonly encoderUtilization: Measured<number>;
  readonly decoderUtilization: Measured<number>;
}

/** Rails that feed the GPU, and nothing that counts more, of one board after the other. */
const RAIL = /\b(?:VDD_GPU_SOC|VDD_GPU_CV|VDD_GPU|POM_5V_GPU|VDD_SYS_GPU|GPU) (\d+)(?:mW)?\/\d+(?:mW)?/;
const SHARED_RAIL = /\bVDD_CPU_GPU_CV \d+/;

/**
 * One line of `tegrastats` (Jetson Linux Developer Guide, tegrastats utility). What stands in it differs from board to board and
 * from one release to the next. Undefined for what is no such line.
 */
export function parseTegrastats(text: string): Tegrastats | undefined {
  const line = plainText(text);
  const memory = /\bRAM (\d+)\/(\d+)MB/.exec(line);
  const load = /\bGR3D_FREQ (\d+%|\S+?)(?:@\[?(\d+)[\d,]*\]?)?(?= |$)/.exec(line);
  if (memory === null || load === null) {
    return undefined;
  }
  const bus = /\bEMC_FREQ (\d+%)(?:@(\d+))?/.exec(line);
  return {
    utilization: quantityIn(load[1], PERCENT),
    clock: quantityIn(load[2], MEGAHERTZ),
    memoryUsed: quantityIn(memory[1], MEBIBYTES),
    memoryTotal: quantityIn(memory[2], MEBIBYTES),
    memoryUtilization: quantityIn(bus?.[1], PERCENT),
    memoryClock: quantityIn(bus?.[2], MEGAHERTZ),
    temperature: temperatureIn(line),
    power: powerIn(line),
    encoderUtilization: engineIn(line, 'NVENC'),
    decoderUtilization: engineIn(line, 'NVDEC'),
  };
}

/** A sensor that is switched off with its block says -256. */
function temperatureIn(line: string): Measured<number> {
  const [, said] = /\bgpu@(-?[\d.]+C)/i.exec(line) ?? [];
  return quantityIn(said, DEGREES);
}

function powerIn(line: string): Measured<number> {
  const said = RAIL.exec(line)?.[1];
  return said === undefined && SHARED_RAIL.test(line) ? absent('measured together with the processor') : quantityIn(said, MILLIWATTS);
}

/** `NVENC 716` and `NVENC@716` tell of a clock, and only `off` of how busy it is. */
function engineIn(line: string, name: string): Measured<number> {
  const [, said] = new RegExp(`\\b${name}[ @](\\S+)`).exec(line) ?? [];
  return said === undefined ? NOT_TOLD : said === 'off' ? absent('off') : absent(`on, at ${said.slice(0, 20)} MHz`);
}
