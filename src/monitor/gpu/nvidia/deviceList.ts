/** A MIG device, as only `-L` names it. */
export interface ListedSlice {
  readonly gpuUuid: string;
  /** Within its GPU. */
  readonly index: number;
  /** `3g.40gb`. */
  readonly profile: string;
  /** `MIG-…`. */
  readonly uuid: string;
}

/** Reads `nvidia-smi -L`. MIG devices follow the GPU that they are a part of. */
export function parseDeviceList(text: string): readonly ListedSlice[] {
  const slices: ListedSlice[] = [];
  let gpuUuid: string | undefined;
  for (const line of text.split('\n')) {
    // Up to driver 460 a slice is `MIG-GPU-…/gi/ci`.
    const [, profile, index, uuid] = /^\s+MIG (\S+)\s+Device\s+(\d{1,4}): \(UUID: (MIG-[\w/-]+)\)\s*$/.exec(line) ?? [];
    if (profile !== undefined && uuid !== undefined && gpuUuid !== undefined) {
      slices.push({ gpuUuid, index: Number(index), profile, uuid });
    } else if (/^\S/.test(line)) {
      gpuUuid = /^\uFEFF?GPU \d+: .*\(UUID: (GPU-[\w-]+)\)\s*$/.exec(line)?.[1];
    }
  }
  return slices;
}
