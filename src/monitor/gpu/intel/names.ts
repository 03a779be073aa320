/** PCI device ids (pci-ids.ucw.cz, 8086) of cards that are computed with. */
const NAMES: Readonly<Record<number, string>> = {
  0x0bd5: 'Intel Data Center GPU Max 1550',
  0x0bd9: 'Intel Data Center GPU Max 1100',
  0x0bda: 'Intel Data Center GPU Max 1100',
  0x56c0: 'Intel Data Center GPU Flex 170',
  0x56c1: 'Intel Data Center GPU Flex 140',
  0x56a0: 'Intel Arc A770',
  0x56a1: 'Intel Arc A750',
  0x56a5: 'Intel Arc A380',
  0xe20b: 'Intel Arc B580',
  0xe20c: 'Intel Arc B570',
  0xe211: 'Intel Arc Pro B60',
  0xe212: 'Intel Arc Pro B50',
};

export function deviceName(device: number, isIntegrated: boolean): string {
  return NAMES[device] ?? `Intel ${isIntegrated ? 'integrated ' : ''}GPU 0x${device.toString(16).padStart(4, '0')}`;
}
