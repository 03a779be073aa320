import { known } from '../../base/absent.ts';
import type { GpuSample, GpuSlice } from '../gpuSample.ts';

/** What of a machine can be given to a process: a GPU, or a slice of one. */
export type Device = { readonly gpu: GpuSample; readonly slice?: GpuSlice };

/** What UUIDs are made of; anything else would be a shell's to interpret. */
const SAFE = /^[\w:.-]+$/;

/**
 * The line for a shell that shows a process these devices and no others: `CUDA_VISIBLE_DEVICES=GPU-…,GPU-…`. By UUID, because
 * CUDA counts by speed and nvidia-smi by bus. undefined where a device cannot be named so, or none is given, or makers differ.
 */
export function visibleDevicesLine(devices: readonly Device[]): string | undefined {
  const [first] = devices;
  if (first === undefined || devices.some(({ gpu }) => gpu.vendor !== first.gpu.vendor)) {
    return undefined;
  }
  const form = FORMS[first.gpu.vendor];
  const names = devices.map((device) => form?.name(device));
  return form === undefined || names.some((name) => name === undefined || !SAFE.test(name)) ? undefined : `${form.variable}=${names.join(',')}`;
}

interface Form {
  readonly variable: string;
  readonly name: (device: Device) => string | undefined;
}

const byUuid = ({ gpu, slice }: Device) => (slice === undefined ? gpu.uuid : known(slice.uuid));
const byIndex = ({ gpu, slice }: Device) => (slice === undefined ? String(gpu.index) : undefined);

const FORMS: Readonly<Partial<Record<GpuSample['vendor'], Form>>> = {
  nvidia: { variable: 'CUDA_VISIBLE_DEVICES', name: byUuid },
  jetson: { variable: 'CUDA_VISIBLE_DEVICES', name: byIndex },
  amd: { variable: 'HIP_VISIBLE_DEVICES', name: byIndex },
  ascend: { variable: 'ASCEND_RT_VISIBLE_DEVICES', name: byIndex },
  tpu: { variable: 'TPU_VISIBLE_CHIPS', name: byIndex },
};
