import { absent, isAbsent, type Measured } from '../../../base/absent.ts';
import { pcieGeneration, pcieWidth } from '../devices.ts';
import { MEGAHERTZ, NOT_TOLD, quantityIn } from '../quantity.ts';

/** `pp_dpm_sclk` (Documentation/gpu/amdgpu/thermal.rst): one level a line, `1: 1500Mhz *`, the star at the one in force. */
export interface DpmClock {
  readonly current: Measured<number>;
  readonly most: Measured<number>;
}

export function parseDpmClock(text: Measured<string>): DpmClock {
  if (isAbsent(text)) {
    return { current: text, most: text };
  }
  const levels = [...text.matchAll(/^(?:\d{1,3}|S): *(\d{1,6})Mhz *(\*?)/gim)].map(([, clock, star]) => ({
    clock: quantityIn(clock, MEGAHERTZ),
    isCurrent: star === '*',
  }));
  const clocks = levels.flatMap(({ clock }) => (isAbsent(clock) ? [] : [clock]));
  return {
    current: levels.find(({ isCurrent }) => isCurrent)?.clock ?? NOT_TOLD,
    most: clocks.length > 0 ? Math.max(...clocks) : NOT_TOLD,
  };
}

/** `pp_dpm_pcie`: `1: 16.0GT/s, x16 619Mhz *`. The link to the slot, where the device's own files tell of one within the card. */
export function parseDpmPcie(text: Measured<string>): { readonly generation: Measured<number>; readonly width: Measured<number> } {
  if (isAbsent(text)) {
    return { generation: text, width: text };
  }
  const [, speed, width] = /^\d{1,3}: *(\S+GT\/s),? *(x\d{1,2})\b.*\*/im.exec(text) ?? [];
  return { generation: pcieGeneration(speed ?? NOT_TOLD), width: pcieWidth(width ?? NOT_TOLD) };
}

/** `ras/umc_err_count` (Documentation/gpu/amdgpu/ras.rst): `ue: 0`, errors that could not be corrected, since the driver was loaded. */
export function parseErrorCount(text: Measured<string>): Measured<number> {
  if (isAbsent(text)) {
    return text;
  }
  const [, count] = /^ue: *(\d{1,15})\s*$/m.exec(text) ?? [];
  return count === undefined ? absent('not told by this driver') : Number(count);
}
