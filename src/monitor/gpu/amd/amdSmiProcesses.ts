import { absent, isAbsent, type Measured } from '../../../base/absent.ts';
import { membersOf } from '../jsonPieces.ts';
import { BYTES, GIBIBYTES, KIBIBYTES, MEBIBYTES, NOT_TOLD, quantityIn, textIn, type Quantity } from '../quantity.ts';
import { amdSmiObjects, gpuIndex } from './amdSmiValues.ts';

export const AMD_SMI_PROCESS: readonly string[] = ['process', '--json'];

export interface ToolUse {
  readonly gpu: number;
  readonly pid: number;
  readonly name: Measured<string>;
  readonly memoryUsed: Measured<number>;
}

const UNITS: Readonly<Record<string, Quantity>> = { B: BYTES, KB: KIBIBYTES, MB: MEBIBYTES, GB: GIBIBYTES };

/**
 * Reads `amd-smi process --json`. A GPU without processes has a sentence in their place; where no GPU is in it the whole is
 * undefined.
 */
export function parseAmdSmiProcesses(text: string): readonly ToolUse[] | undefined {
  const objects = amdSmiObjects(text).filter(({ gpu }) => gpuIndex(gpu) !== undefined);
  if (objects.length === 0) {
    return undefined;
  }
  return objects.flatMap((object) => {
    const list: readonly unknown[] = Array.isArray(object.process_list) ? object.process_list : [];
    return list.flatMap((entry): readonly ToolUse[] => {
      const info = membersOf(membersOf(entry).process_info ?? entry);
      const pid = Number(info.pid);
      const gpu = gpuIndex(object.gpu);
      if (gpu === undefined || info.pid === undefined || !Number.isSafeInteger(pid) || pid <= 0) {
        return [];
      }
      const memory = membersOf(info.memory_usage).vram_mem ?? info.mem_usage ?? info.mem;
      return [{ gpu, pid, name: typeof info.name === 'string' ? textIn(info.name) : NOT_TOLD, memoryUsed: bytesIn(memory) }];
    });
  });
}

/** `{ "value": 1024, "unit": "B" }`, or a bare number of bytes. */
function bytesIn(value: unknown): Measured<number> {
  const { value: amount = value, unit = 'B' } = membersOf(value);
  const quantity = UNITS[String(unit)];
  if (quantity === undefined) {
    return absent(`unknown unit: ${String(unit).slice(0, 20)}`);
  }
  const bytes = typeof amount === 'string' || typeof amount === 'number' ? quantityIn(amount, quantity) : NOT_TOLD;
  return isAbsent(bytes) ? bytes : Math.round(bytes);
}
