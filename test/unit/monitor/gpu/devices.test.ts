import { describe, expect, it } from 'vitest';
import { absent } from '../../../../src/base/absent.ts';
import { drmCards, parseBusId, pcieGeneration, pcieWidth } from '../../../../src/monitor/gpu/devices.ts';
import { kernelTree, pciCard } from './kernelTree.ts';

describe('devices', () => {
  it('are listed by their address, and not by the number that the kernel happened to give', () => {
    const device = { vendor: '0x1002', device: '0x74a1', driver: 'amdgpu' };
    const tree = kernelTree({ ...pciCard('card10', { ...device, busId: '0000:0c:00.0' }), ...pciCard('card2', { ...device, busId: '0000:c1:00.0' }), ...pciCard('card3', { ...device, vendor: '0x10de', busId: '0000:01:00.0' }) });
    // Connectors have the card's name before their own.
    tree.write('/sys/class/drm/card2-DP-1/status', 'connected\n');
    expect(drmCards(tree.files, 0x1002).map(({ folder, busId }) => [folder, busId])).toEqual([
      ['/sys/class/drm/card10', '0000:0c:00.0'],
      ['/sys/class/drm/card2', '0000:c1:00.0'],
    ]);
  });

  it.each([
    ['00000000:1B:00.0', '0000:1b:00.0'],
    ['0000:C1:00.0', '0000:c1:00.0'],
    ['0c:00.1', '0000:0c:00.1'],
    ['00010000:00:00.0', '10000:00:00.0'],
    ['0000:0c:00', undefined],
    ['N/A', undefined],
  ])('%j is at %j', (text, address) => {
    expect(parseBusId(text)).toBe(address);
  });

  it.each([
    ['2.5 GT/s PCIe', 1],
    ['5.0GT/s', 2],
    ['8.0 GT/s PCIe\n', 3],
    ['16.0GT/s', 4],
    ['32 GT/s', 5],
    ['64.0 GT/s PCIe', 6],
    ['Unknown', absent('not told')],
  ])('%j is generation %j', (text, generation) => {
    expect(pcieGeneration(text)).toEqual(generation);
  });

  it.each([['x16', 16], ['8\n', 8], ['0', absent('not told')], ['255', absent('cannot be: 255')]])('%j are %j lanes', (text, lanes) => {
    expect(pcieWidth(text)).toEqual(lanes);
  });
});
