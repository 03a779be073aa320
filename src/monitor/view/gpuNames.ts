import { printable } from '../../base/printable.ts';
import type { GpuReading, GpuSample, GpuVendorId } from '../gpuSample.ts';

const VENDORS: Readonly<Record<GpuVendorId, string>> = { nvidia: 'NVIDIA', amd: 'AMD', intel: 'Intel', tpu: 'TPU', jetson: 'Jetson', ascend: 'Ascend' };

export function vendorTitle(vendor: GpuVendorId): string {
  return VENDORS[vendor];
}

/** By UUID: its number, with the vendor where GPUs of several are counted from 0. */
export function gpuLabels(readings: readonly GpuReading[]): ReadonlyMap<string, string> {
  const several = readings.filter(({ gpus }) => gpus.length > 0).length > 1;
  return new Map(readings.flatMap(({ vendor, gpus }) => gpus.map((gpu) => [gpu.uuid, several ? `${VENDORS[vendor]} ${gpu.index}` : String(gpu.index)] as const)));
}

/** Without the words that say only what everybody sees: `H100 80GB HBM3` of `NVIDIA H100 80GB HBM3`. */
export function shortName(name: string): string {
  const short = printable(name).replace(/^(?:NVIDIA|AMD|Intel\(R\)|Intel|Advanced Micro Devices,? Inc\.?)\s+(?:GeForce\s+|Instinct\s+)?/i, '');
  return short === '' ? printable(name) : short;
}

/** `8 × H100 80GB HBM3`; `4 × A100 40GB, 1 × T4`. */
export function cardsLine(gpus: readonly GpuSample[]): string {
  const counts = new Map<string, number>();
  for (const { name } of gpus) {
    counts.set(shortName(name), (counts.get(shortName(name)) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(', ');
}
