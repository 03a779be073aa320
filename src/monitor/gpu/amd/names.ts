/** PCI device ids (pci-ids.ucw.cz, 1002) of what is trained on, so that no tool need be started for a name. */
const NAMES: Readonly<Record<number, string>> = {
  0x66a0: 'AMD Radeon Instinct MI60',
  0x66a1: 'AMD Radeon Instinct MI50',
  0x66af: 'AMD Radeon VII',
  0x738c: 'AMD Instinct MI100',
  0x7408: 'AMD Instinct MI250X',
  0x740c: 'AMD Instinct MI250X/MI250',
  0x740f: 'AMD Instinct MI210',
  0x74a0: 'AMD Instinct MI300A',
  0x74a1: 'AMD Instinct MI300X',
  0x74a2: 'AMD Instinct MI308X',
  0x74a5: 'AMD Instinct MI325X',
  0x74b5: 'AMD Instinct MI300X VF',
  0x75a0: 'AMD Instinct MI350X',
  0x75a3: 'AMD Instinct MI355X',
  0x73bf: 'AMD Radeon RX 6800/6900',
  0x73df: 'AMD Radeon RX 6700',
  0x73ff: 'AMD Radeon RX 6600',
  0x744c: 'AMD Radeon RX 7900',
  0x7448: 'AMD Radeon PRO W7900',
  0x745e: 'AMD Radeon PRO W7800',
  0x747e: 'AMD Radeon RX 7700/7800',
  0x7550: 'AMD Radeon RX 9070',
  0x1586: 'AMD Radeon 8060S',
  0x150e: 'AMD Radeon 890M',
  0x15bf: 'AMD Radeon 780M',
};

export function deviceName(device: number): string {
  return NAMES[device] ?? `AMD GPU 0x${device.toString(16).padStart(4, '0')}`;
}
