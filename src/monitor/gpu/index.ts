import { amd } from './amd/amd.ts';
import { ascend } from './ascend/ascend.ts';
import { intel } from './intel/intel.ts';
import { jetson } from './jetson/jetson.ts';
import { nvidia } from './nvidia/nvidia.ts';
import { tpu } from './tpu/tpu.ts';
import type { GpuVendor } from './vendor.ts';

/** Every vendor there is to know, in the order to show them. */
export const GPU_VENDORS: readonly GpuVendor[] = [nvidia, amd, intel, tpu, jetson, ascend];
