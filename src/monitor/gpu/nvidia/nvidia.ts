import { isAbsent, known } from '../../../base/absent.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import type { GpuVendor } from '../vendor.ts';
import { isWsl, nvidiaCards } from './sleep.ts';
import { startNvidia } from './source.ts';

export const nvidia: GpuVendor = {
  id: 'nvidia',
  title: 'NVIDIA',
  tool: 'nvidia-smi',
  // A container may see the driver and no bus.
  isPresent: (files) => nvidiaCards(files).length > 0 || (!isAbsent(files.text('/proc/driver/nvidia/version')) && !isTegra(files)) || isWsl(files),
  start: startNvidia,
};

/** A Jetson's own GPU has such a driver and is on no bus; `jetson` reads it. */
function isTegra(files: KernelFiles): boolean {
  return known(files.text('/proc/device-tree/compatible'))?.includes('nvidia,tegra') ?? false;
}
