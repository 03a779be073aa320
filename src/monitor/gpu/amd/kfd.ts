import { isAbsent, known, type Measured } from '../../../base/absent.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { BYTES, quantityOf } from '../quantity.ts';

const KFD = '/sys/class/kfd/kfd';

export interface KfdUse {
  readonly pid: number;
  readonly busId: string;
  readonly memoryUsed: Measured<number>;
}

/**
 * Processes that compute, of all users, as the kernel's driver for ROCm lists them: `/sys/class/kfd/kfd/proc/<pid>/vram_<gpu>`,
 * which drivers/gpu/drm/amd/amdkfd/kfd_process.c makes.
 */
export class Kfd {
  private readonly files: KernelFiles;
  /** Bus addresses by the driver's number for a GPU. */
  private nodes: ReadonlyMap<string, string> | undefined;

  constructor(files: KernelFiles) {
    this.files = files;
  }

  /** Has the list of devices read anew at the next reading. */
  forgetDevices(): void {
    this.nodes = undefined;
  }

  /** Absent where there is no such driver. */
  read(): Measured<readonly KfdUse[]> {
    const pids = this.files.list(`${KFD}/proc`);
    if (isAbsent(pids)) {
      return pids;
    }
    const uses: KfdUse[] = [];
    for (const name of pids) {
      if (!/^[1-9]\d{0,8}$/.test(name)) {
        continue;
      }
      for (const file of known(this.files.list(`${KFD}/proc/${name}`)) ?? []) {
        const busId = file.startsWith('vram_') ? (this.nodes ??= this.readNodes()).get(file.slice('vram_'.length)) : undefined;
        if (busId !== undefined) {
          uses.push({ pid: Number(name), busId, memoryUsed: quantityOf(this.files.text(`${KFD}/proc/${name}/${file}`), BYTES) });
        }
      }
    }
    return uses;
  }

  private readNodes(): ReadonlyMap<string, string> {
    const folder = `${KFD}/topology/nodes`;
    return new Map(
      (known(this.files.list(folder)) ?? []).flatMap((node): readonly (readonly [string, string])[] => {
        const id = known(this.files.text(`${folder}/${node}/gpu_id`))?.trim() ?? '0';
        const properties = known(this.files.text(`${folder}/${node}/properties`)) ?? '';
        const place = Number(/^location_id (\d{1,10})$/m.exec(properties)?.[1]);
        const domain = Number(/^domain (\d{1,10})$/m.exec(properties)?.[1] ?? '0');
        // A node with the number 0 is a processor.
        return id === '0' || !Number.isInteger(place) ? [] : [[id, busIdOf(domain, place)]];
      }),
    );
  }
}

/** Bus in the upper byte, then five bits of device and three of function, as PCI has them. */
function busIdOf(domain: number, place: number): string {
  const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
  return `${hex(domain, 4)}:${hex((place >> 8) & 0xff, 2)}:${hex((place >> 3) & 0x1f, 2)}.${(place & 7).toString()}`;
}
