import type { ToolDescriptor } from './toolDescriptor.ts';
import type { ToolId } from './toolPlan.ts';
import { amdSmi, rocmSmi } from './tools/amd.ts';
import { npuSmi } from './tools/ascend.ts';
import { ffmpeg, ffprobe } from './tools/ffmpeg.ts';
import { imagemagick } from './tools/imagemagick.ts';
import { intelGpuTop, xpuSmi } from './tools/intel.ts';
import { tegrastats } from './tools/jetson.ts';
import { nvidiaSmi } from './tools/nvidia.ts';
import { sharp } from './tools/sharp.ts';
import { sox } from './tools/sox.ts';
import { tpuInfo } from './tools/tpu.ts';

/** Every tool there is to know, in the order to show them. */
export const toolCatalogue: Readonly<Record<ToolId, ToolDescriptor>> = {
  ffmpeg,
  ffprobe,
  sox,
  imagemagick,
  sharp,
  'nvidia-smi': nvidiaSmi,
  'rocm-smi': rocmSmi,
  'amd-smi': amdSmi,
  'xpu-smi': xpuSmi,
  intel_gpu_top: intelGpuTop,
  'tpu-info': tpuInfo,
  tegrastats,
  'npu-smi': npuSmi,
};

/** In the catalogue's order. */
export function toolsFor(purpose: ToolDescriptor['purpose']): readonly ToolId[] {
  return Object.values(toolCatalogue).flatMap((tool) => (tool.purpose === purpose ? [tool.id] : []));
}
