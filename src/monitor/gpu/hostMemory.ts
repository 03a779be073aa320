import { isAbsent, type Measured } from '../../base/absent.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { KIBIBYTES, NOT_TOLD, quantityIn } from './quantity.ts';

/** All the memory of the host, where a GPU has none of its own. */
export function memoryOfHost(files: KernelFiles): Measured<number> {
  const text = files.text('/proc/meminfo');
  if (isAbsent(text)) {
    return text;
  }
  const kibibytes = quantityIn(/^MemTotal: +(\d+) kB$/m.exec(text)?.[1], KIBIBYTES);
  return kibibytes === 0 ? NOT_TOLD : kibibytes;
}
