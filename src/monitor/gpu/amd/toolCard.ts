import type { Measured } from '../../../base/absent.ts';
import type { GpuSample } from '../../gpuSample.ts';

/** What a tool of AMD's tells of one GPU, in our words; all else it does not tell. */
export interface ToolCard
  extends Pick<
    GpuSample,
    | 'index'
    | 'busId'
    | 'driverVersion'
    | 'utilization'
    | 'memoryUtilization'
    | 'decoderUtilization'
    | 'memoryUsed'
    | 'memoryTotal'
    | 'power'
    | 'powerLimit'
    | 'temperature'
    | 'memoryTemperature'
    | 'slowdownTemperature'
    | 'fan'
    | 'clock'
    | 'clockMax'
    | 'memoryClock'
    | 'clockLimits'
    | 'pcieGeneration'
    | 'pcieWidth'
    | 'uncorrectedErrors'
  > {
  readonly name: Measured<string>;
  /** Sixteen hexadecimal digits, of which ROCm makes the UUID. */
  readonly uniqueId: Measured<string>;
}

/** `0x2f048617326b1ea` and `02f048617326b1ea` are one; undefined where it is none. */
export function parseUniqueId(text: string): string | undefined {
  const [, digits] = /^\s*(?:0x)?([0-9a-f]{8,16})\s*$/i.exec(text) ?? [];
  return digits === undefined || /^0+$/.test(digits) ? undefined : digits.toLowerCase().padStart(16, '0');
}
