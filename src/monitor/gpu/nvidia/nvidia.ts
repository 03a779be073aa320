import { isAbsent } from '../../../base/absent.ts';
import type { GpuVendor } from '../vendor.ts';
import { isWsl, nvidiaCards } from './sleep.ts';
import { startNvidia } from './source.ts';

export const nvidia: GpuVendor = {
  id: 'nvidia',
  title: 'NVIDIA',
  tool: 'nvidia-smi',
  // A container may see the driver and no bus.
  isPresent: (files) => nvidiaCards(files).length > 0 || !isAbsent(files.text('/proc/driver/nvidia/version')) || isWsl(files),
  start: startNvidia,
};
