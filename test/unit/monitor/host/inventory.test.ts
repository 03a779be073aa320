import { hostname, release } from 'node:os';
import { describe, expect, it, vi } from 'vitest';

import { absent } from '../../../../src/base/absent.ts';
import { askSystemInformation, parseCpuModel, readInventory } from '../../../../src/monitor/host/inventory.ts';
import { createLocalFiles } from '../../../../src/monitor/localFiles.ts';
import { sentFiles } from './tree.ts';

const X86 = [0, 1, 2, 3].map((core) => `processor\t: ${core}\nmodel name\t: Intel(R) Xeon(R) Platinum 8480C\nphysical id\t: ${core % 2}\n`).join('\n');
const ARM = 'processor\t: 0\nBogoMIPS\t: 2000.00\nCPU implementer\t: 0x41\nCPU part\t: 0xd4f\n\nprocessor\t: 1\nCPU part\t: 0xd4f\n';

describe('the inventory', () => {
  it('is read from files', async () => {
    const askProcessor = vi.fn();
    const files = sentFiles({
      '/proc/sys/kernel/hostname': 'dgx-07\n',
      '/proc/sys/kernel/osrelease': '5.15.0-1053-nvidia\n',
      '/proc/cpuinfo': X86,
      '/etc/os-release': 'PRETTY_NAME="Ubuntu 22.04.4 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\n',
      '/sys/class/dmi/id/product_name': 'DGXH100\n',
      '/sys/devices/system/cpu/online': '0-3\n',
    });
    expect(await readInventory(files, { askProcessor })).toEqual({
      hostname: 'dgx-07',
      os: 'Ubuntu 22.04',
      kernel: '5.15.0-1053-nvidia',
      cpuModel: 'Intel Xeon Platinum 8480C',
      sockets: 2,
      cores: 4,
      machine: 'DGXH100',
    });
    expect(askProcessor).not.toHaveBeenCalled();
  });

  it('asks for the processor where the kernel names none', async () => {
    const files = sentFiles({ '/proc/cpuinfo': ARM, '/proc/device-tree/model': 'NVIDIA Jetson AGX Orin\0' });
    expect(await readInventory(files, { askProcessor: async () => ({ model: 'ARM Neoverse-V2', sockets: 1 }) })).toMatchObject({
      cpuModel: 'ARM Neoverse-V2',
      sockets: 1,
      cores: 2,
      machine: 'NVIDIA Jetson AGX Orin',
    });
    expect(await readInventory(files, { askProcessor: () => Promise.reject(new Error('no lscpu')) })).toMatchObject({ cpuModel: absent('not told') });
  });

  it('leaves out what the maker left to be filled in', async () => {
    const files = sentFiles({ '/sys/class/dmi/id/product_name': 'To Be Filled By O.E.M.\n', '/sys/class/dmi/id/board_name': 'WRX90\n' });
    expect((await readInventory(files)).machine).toBe('WRX90');
    expect((await readInventory(sentFiles({ '/sys/class/dmi/id/product_name': 'Default string\n' }))).machine).toEqual(absent('the maker left no name'));
  });

  it('of nothing has nothing', async () => {
    const none = absent('not told');
    expect(await readInventory(sentFiles({}))).toEqual({ hostname: '', os: none, kernel: none, cpuModel: none, sockets: none, cores: 0, machine: none });
  });

  it('of this machine is what the system says', async () => {
    const files = createLocalFiles();
    const inventory = await readInventory(files, { askProcessor: askSystemInformation });
    expect(inventory).toMatchObject({ hostname: hostname(), kernel: release() });
    expect(inventory.cpuModel).toEqual(expect.any(String));
    expect(inventory.cores).toBeGreaterThan(0);
    files.dispose();
  });

  it('knows a processor by way of systeminformation', async () => {
    expect((await askSystemInformation()).sockets).toBeGreaterThan(0);
  });
});

it.each([
  ['Intel(R) Xeon(R) CPU @ 2.20GHz', 'Intel Xeon'],
  ['AMD EPYC 7763 64-Core Processor', 'AMD EPYC 7763'],
  ['AMD Ryzen Threadripper PRO 7995WX 96-Cores', 'AMD Ryzen Threadripper PRO 7995WX 96-Cores'],
  ['Intel(R) Core(TM) i9-10900X CPU @ 3.70GHz', 'Intel Core i9-10900X'],
])('the processor %j is called %j', (line, name) => {
  expect(parseCpuModel(`model name\t: ${line}\n`)).toBe(name);
});
