import { describe, expect, it } from 'vitest';
import { missingTool, problemOf, readModuleVersion, readSurroundings } from '../../../../../src/monitor/gpu/nvidia/problems.ts';
import { nvidia } from '../../../../../src/monitor/gpu/nvidia/nvidia.ts';
import { cardFiles, filesOf } from './support.ts';

const HERE = { wsl: false, container: false, moduleVersion: '590.44.01' };
const CONTAINER = { ...HERE, container: true };
const WSL = { wsl: true, container: false, moduleVersion: undefined };

describe('what a driver says when it cannot', () => {
  it.each([
    [9, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.", HERE, 'driverNotLoaded', /modprobe nvidia/],
    [9, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", WSL, 'driverNotLoaded', /in Windows/],
    [18, 'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 590.48', HERE, 'driverMismatch', /Reboot/],
    [18, 'Failed to initialize NVML: Driver/library version mismatch', CONTAINER, 'driverMismatch', /container anew/],
    [255, 'Failed to initialize NVML: Unknown Error', CONTAINER, 'deviceCgroupLost', /container anew/],
    [255, 'Failed to initialize NVML: Unknown Error', HERE, 'unknown', /dmesg/],
    [4, 'Failed to initialize NVML: Insufficient Permissions', HERE, 'noPermission', /video/],
    [17, 'Failed to initialize NVML: GPU access blocked by the operating system', WSL, 'noPermission', /wsl --update/],
    [6, 'No devices were found', HERE, 'noDevices', /lspci/],
    [6, 'No devices were found', CONTAINER, 'noDevices', /--gpus/],
    [8, "WARNING: A GPU's external power cable is not properly attached", HERE, 'powerCable', /attach/],
    [12, "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.", HERE, 'libraryMissing', /libnvidia-ml1/],
    [15, 'Unable to determine the device handle for GPU 0000:3B:00.0: GPU is lost.  Reboot the system to recover this GPU', HERE, 'gpuLost', /reboot/],
    [18, '', HERE, 'driverMismatch', /Reboot/],
    [15, '', HERE, 'gpuLost', /reboot/],
    [1, 'something new', HERE, 'unknown', /terminal/],
    [undefined, '', HERE, 'unknown', /terminal/],
  ] as const)('exit code %s, %j', (exitCode, said, around, reason, remedy) => {
    const problem = problemOf({ ...(exitCode !== undefined && { exitCode }), said }, around);
    expect(problem.reason).toBe(reason);
    expect(problem.text).toMatch(/\.$/);
    expect(problem.remedy).toMatch(remedy);
    expect(problem.said ?? '').toBe(said.replace('\n', ' · '));
  });

  it('names both versions of a driver that was updated under us', () => {
    expect(problemOf({ exitCode: 18, said: 'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 590.48' }, HERE).text).toBe(
      'The driver was updated and the old one is still loaded: module 590.44.01, library 590.48.',
    );
  });

  it('says how to get nvidia-smi where there is none', () => {
    expect(missingTool(CONTAINER)).toMatchObject({ reason: 'toolMissing', remedy: expect.stringContaining('NVIDIA_DRIVER_CAPABILITIES') as string });
    expect(missingTool(WSL).remedy).toContain('/usr/lib/wsl/lib');
  });
});

describe('what files tell of a machine', () => {
  it('tells a container and WSL from others', () => {
    expect(readSurroundings(filesOf({ '/proc/self/ns/pid': 'pid:[4026531836]' }))).toEqual({ wsl: false, container: false, moduleVersion: undefined });
    expect(readSurroundings(filesOf({ '/proc/self/ns/pid': 'pid:[4026532800]', '/sys/module/nvidia/version': '590.48.01\n' }))).toEqual({ wsl: false, container: true, moduleVersion: '590.48.01' });
    expect(readSurroundings(filesOf({ '/proc/misc': '125 dxg\n242 rfkill\n' })).wsl).toBe(true);
  });

  it.each([
    ['NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.54.03  Tue Jun  6 22:20:39 UTC 2023', '535.54.03'],
    ['NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  590.48.01  Release Build  (root@x)', '590.48.01'],
    ['something else', undefined],
  ])('reads the loaded version in %s', (text, version) => {
    expect(readModuleVersion(filesOf({ '/proc/driver/nvidia/version': text }))).toBe(version);
  });

  it.each([
    ['a card on the bus', cardFiles('0000:01:00.0'), true],
    ['a driver that is loaded, in a container', { '/proc/driver/nvidia/version': 'NVRM version: …' }, true],
    ['a Jetson, which is read by other means', { '/proc/driver/nvidia/version': 'NVRM version: …', '/proc/device-tree/compatible': 'nvidia,p3737\0nvidia,tegra234\0' }, false],
    ['WSL', { '/proc/misc': ' 58 dxg\n' }, true],
    ['the sound function of a card alone', { '/sys/bus/pci/devices/0000:01:00.1/vendor': '0x10de\n', '/sys/bus/pci/devices/0000:01:00.1/class': '0x040300\n' }, false],
    ['a card of another vendor', { '/sys/bus/pci/devices/0000:01:00.0/vendor': '0x1002\n', '/sys/bus/pci/devices/0000:01:00.0/class': '0x030000\n' }, false],
    ['nothing', {}, false],
  ])('sees that %s is there, or not', (_, texts, present) => {
    expect(nvidia.isPresent(filesOf(texts))).toBe(present);
  });
});
