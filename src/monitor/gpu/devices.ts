import { isAbsent, known, type Measured } from '../../base/absent.ts';
import type { KernelFiles } from '../kernelFiles.ts';
import { NOT_TOLD, quantityIn } from './quantity.ts';

/** Reading these wakes nothing: they are kept by the kernel, not by the device. */
const BUS = '/sys/bus/pci/devices';
const DRM = '/sys/class/drm';

export interface PciDevice {
  /** `0000:1b:00.0`. */
  readonly busId: string;
  /** `/sys/bus/pci/devices/0000:1b:00.0`. */
  readonly folder: string;
  readonly device: number;
  /** Class, subclass and interface in three bytes, as PCI SIG numbers them: 0x030200 is a 3D controller. */
  readonly class: number;
}

/** In the order of their addresses. */
export function pciDevices(files: KernelFiles, vendor: number): readonly PciDevice[] {
  return [...(known(files.list(BUS)) ?? [])].sort().flatMap((busId) => {
    const folder = `${BUS}/${busId}`;
    return hexadecimal(files.text(`${folder}/vendor`)) === vendor
      ? [{ busId, folder, device: hexadecimal(files.text(`${folder}/device`)) ?? 0, class: hexadecimal(files.text(`${folder}/class`)) ?? 0 }]
      : [];
  });
}

/** A display controller (class 03) or a processing accelerator (class 12). */
export function isAccelerator({ class: number }: PciDevice): boolean {
  return number >> 16 === 0x03 || number >> 16 === 0x12;
}

/** One GPU as its kernel driver shows it. */
export interface DrmCard {
  /** `/sys/class/drm/card0`. */
  readonly folder: string;
  readonly driver: string;
  readonly busId: string;
  /** Of PCI. */
  readonly device: number;
}

/** Those of one maker, in the order of their addresses. */
export function drmCards(files: KernelFiles, vendor: number): readonly DrmCard[] {
  const names = (known(files.list(DRM)) ?? []).filter((name) => /^card\d+$/.test(name));
  const cards = names.flatMap((name): readonly DrmCard[] => {
    const folder = `${DRM}/${name}`;
    if (hexadecimal(files.text(`${folder}/device/vendor`)) !== vendor) {
      return [];
    }
    const event = known(files.text(`${folder}/device/uevent`)) ?? '';
    const busId = /^PCI_SLOT_NAME=(\S+)$/m.exec(event)?.[1]?.toLowerCase();
    return busId === undefined
      ? []
      : [{ folder, driver: /^DRIVER=(\S+)$/m.exec(event)?.[1] ?? '', busId, device: hexadecimal(files.text(`${folder}/device/device`)) ?? 0 }];
  });
  // Partitions of one device have its address: the number tells them apart.
  return cards.sort((a, b) => (a.busId === b.busId ? cardNumber(a) - cardNumber(b) : a.busId < b.busId ? -1 : 1));
}

/** Whether the driver has cut its power, so that nearly every other file would wake it. */
export function isAsleep(files: KernelFiles, deviceFolder: string): boolean {
  const status = known(files.text(`${deviceFolder}/power/runtime_status`))?.trim();
  return status === 'suspended' || status === 'suspending' || status === 'resuming';
}

/** `0000:1b:00.0` of what tools write: upper case, domains of eight digits or of none. Undefined where it is no address. */
export function parseBusId(text: string): string | undefined {
  const [, domain, rest] = /^(?:([0-9A-Fa-f]{4,8}):)?([0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-7])$/.exec(text.trim()) ?? [];
  return rest === undefined ? undefined : `${parseInt(domain ?? '0', 16).toString(16).padStart(4, '0')}:${rest.toLowerCase()}`;
}

/** Of a lane's speed in gigatransfers per second: `16.0 GT/s PCIe` is the fourth. */
export function pcieGeneration(speed: Measured<string>): Measured<number> {
  if (isAbsent(speed)) {
    return speed;
  }
  const [, rate] = /^(\d+(?:\.\d+)?) ?GT\/s/.exec(speed.trim()) ?? [];
  const generation = ['2.5', '5', '8', '16', '32', '64'].indexOf((rate ?? '').replace(/\.0+$/, ''));
  return generation === -1 ? NOT_TOLD : generation + 1;
}

/** `x16` or `16`; no link has more than 32 lanes. */
export function pcieWidth(width: Measured<string>): Measured<number> {
  if (isAbsent(width)) {
    return width;
  }
  const lanes = quantityIn(width.trim().replace(/^x/, ''), { scale: 1, most: 32 });
  return lanes === 0 ? NOT_TOLD : lanes;
}

function cardNumber({ folder }: DrmCard): number {
  return Number(/\d+$/.exec(folder)?.[0]);
}

function hexadecimal(text: Measured<string>): number | undefined {
  const [, digits] = isAbsent(text) ? [] : (/^0x([0-9a-f]{1,8})\s*$/i.exec(text) ?? []);
  return digits === undefined ? undefined : parseInt(digits, 16);
}
