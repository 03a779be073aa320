import { isAbsent, known } from '../../../base/absent.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { isAccelerator, isAsleep, pciDevices, type PciDevice } from '../devices.ts';

/** An NVIDIA GPU on the PCI bus, as the kernel sees it; reading this wakes nothing. */
export interface PciCard {
  /** `0000:01:00.0`. */
  readonly busId: string;
  /** Its power is cut while nobody uses it (`power/control` is `auto`). */
  readonly maySleep: boolean;
  readonly suspended: boolean;
}

const NVIDIA = 0x10de;

/** GPUs alone: the sound and USB functions of a card and the switches between cards are others. */
export function nvidiaCards(files: KernelFiles): readonly PciDevice[] {
  return pciDevices(files, NVIDIA).filter(isAccelerator);
}

export function readCard(files: KernelFiles, { busId, folder }: PciDevice): PciCard {
  return { busId, maySleep: known(files.text(`${folder}/power/control`))?.trim() === 'auto', suspended: isAsleep(files, folder) };
}

/** What the driver tells of a card without turning to it: `/proc/driver/nvidia/gpus/0000:01:00.0/information`. */
export function readInformation(files: KernelFiles, busId: string): { readonly name?: string; readonly uuid?: string } {
  const text = files.text(`/proc/driver/nvidia/gpus/${busId}/information`);
  if (isAbsent(text)) {
    return {};
  }
  const name = /^Model:\s*(\S.*?)\s*$/m.exec(text)?.[1];
  // All question marks until the card has been used.
  const uuid = /^GPU UUID:\s*(GPU-[0-9A-Fa-f-]{36})\s*$/m.exec(text)?.[1];
  return { ...(name !== undefined && { name }), ...(uuid !== undefined && { uuid }) };
}

/** WSL shows no PCI card: the kernel's door to the host's GPUs is a device of its own. */
export function isWsl(files: KernelFiles): boolean {
  return /\bdxg\b/.test(known(files.text('/proc/misc')) ?? '') || !isAbsent(files.list('/sys/class/misc/dxg'));
}
