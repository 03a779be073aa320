import { known } from '../../../base/absent.ts';
import { printable } from '../../../base/printable.ts';
import type { GpuProblem } from '../../gpuSample.ts';
import type { KernelFiles } from '../../kernelFiles.ts';
import { isWsl } from './sleep.ts';

/** What tells where a driver's trouble comes from; read when there is one. */
export interface Surroundings {
  readonly wsl: boolean;
  /** We are in a pid namespace of its own, as in a container. */
  readonly container: boolean;
  /** Of the kernel module that is loaded. */
  readonly moduleVersion: string | undefined;
}

export interface DriverEnd {
  readonly exitCode?: number;
  /** The tool's last words, from stderr or stdout. */
  readonly said: string;
}

/** The number of the first pid namespace: PROC_PID_INIT_INO of linux/proc_ns.h. */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

export function readSurroundings(files: KernelFiles): Surroundings {
  const namespace = known(files.link('/proc/self/ns/pid'));
  return {
    wsl: isWsl(files),
    container: namespace !== undefined && namespace !== FIRST_PID_NAMESPACE,
    moduleVersion: readModuleVersion(files),
  };
}

/** The version of the loaded kernel module: of the driver that answers, whatever is installed. */
export function readModuleVersion(files: KernelFiles): string | undefined {
  const version = known(files.text('/sys/module/nvidia/version'))?.trim();
  return version || /Kernel Module(?: for \S+)?\s+(\d[\d.]*)/.exec(known(files.text('/proc/driver/nvidia/version')) ?? '')?.[1];
}

type Reason = GpuProblem['reason'];

/** Words first: what a code means has changed over the versions, and a shell or a container may have put its own in place. */
const WORDS: readonly (readonly [RegExp, Reason])[] = [
  [/Driver\/library version mismatch/i, 'driverMismatch'],
  [/couldn't find libnvidia-ml|libnvidia-ml\.so.*(?:not found|cannot open)|NVML Shared Library Not Found/i, 'libraryMissing'],
  [/couldn't communicate with the NVIDIA driver|NVML: Driver Not Loaded/i, 'driverNotLoaded'],
  [/GPU is lost|fallen off the bus|Unable to determine the device handle/i, 'gpuLost'],
  [/power cable|external power/i, 'powerCable'],
  [/Insufficient Permissions|GPU access blocked by the operating system/i, 'noPermission'],
  [/Failed to initialize NVML: Unknown Error/i, 'deviceCgroupLost'],
  [/No devices were found/i, 'noDevices'],
  [/Function Not Found/i, 'driverMismatch'],
];

/** nvidia-smi(1), RETURN VALUE; 17 and 18 as nvml.h has them. */
const CODES: Readonly<Record<number, Reason>> = {
  4: 'noPermission',
  6: 'noDevices',
  8: 'powerCable',
  9: 'driverNotLoaded',
  12: 'libraryMissing',
  13: 'driverMismatch',
  15: 'gpuLost',
  17: 'noPermission',
  18: 'driverMismatch',
};

/** What an nvidia-smi that ended by itself says of the driver. */
export function problemOf({ exitCode, said }: DriverEnd, around: Surroundings): GpuProblem {
  const found = WORDS.find(([pattern]) => pattern.test(said))?.[1] ?? (exitCode === undefined ? undefined : CODES[exitCode]) ?? 'unknown';
  // Outside of a container nobody takes devices away: the words are then what they say, unknown.
  const reason = found === 'deviceCgroupLost' && !around.container ? 'unknown' : found;
  const words = printable(said.trim().replace(/\s*\n\s*/g, ' · ').slice(0, 600));
  return { reason, ...wordsFor(reason, said, around, exitCode), ...(words !== '' && { said: words }) };
}

/** There is no nvidia-smi. */
export function missingTool(around: Surroundings): GpuProblem {
  return {
    reason: 'toolMissing',
    text: 'An NVIDIA GPU is here, but no nvidia-smi was found.',
    remedy: around.wsl
      ? 'Install the NVIDIA driver in Windows, then run `wsl --shutdown`: it puts nvidia-smi into /usr/lib/wsl/lib.'
      : around.container
        ? 'Start the container with the driver’s utilities: `--gpus all`, or NVIDIA_DRIVER_CAPABILITIES=compute,utility.'
        : 'Install the driver’s utilities (`nvidia-utils`, on Debian `nvidia-smi`) in the version of the driver.',
  };
}

function wordsFor(reason: Reason, said: string, around: Surroundings, exitCode: number | undefined): { readonly text: string; readonly remedy?: string } {
  switch (reason) {
    case 'driverMismatch':
      return mismatch(said, around);
    case 'driverNotLoaded':
      return {
        text: 'The NVIDIA driver is installed and not loaded.',
        remedy: around.wsl
          ? 'Update the NVIDIA driver in Windows, then run `wsl --update` and `wsl --shutdown`.'
          : around.container
            ? 'Load the driver on the host (`sudo modprobe nvidia`), then start the container anew.'
            : 'Run `sudo modprobe nvidia`; if that fails, the module was not built for this kernel or Secure Boot does not let it load: `sudo dmesg` says which.',
      };
    case 'noPermission':
      return {
        text: 'This account may not use the GPU’s devices.',
        remedy: around.wsl
          ? 'Update the NVIDIA driver in Windows, then run `wsl --update` and `wsl --shutdown`.'
          : around.container
            ? 'Start the container with `--gpus all`, and with the capability `utility`.'
            : 'Look at `ls -l /dev/nvidia*`: the account has to be in their group, mostly `video` or `render`; sign in anew afterwards.',
      };
    case 'noDevices':
      return {
        text: 'The driver is loaded and finds no GPU.',
        remedy: around.container
          ? 'Start the container with `--gpus all`.'
          : 'See whether `lspci -d 10de:` lists it and whether `sudo dmesg` tells of an Xid; a GPU handed to a virtual machine is not there for the host.',
      };
    case 'deviceCgroupLost':
      return {
        text: 'This container has lost its access to the GPUs.',
        remedy:
          'Start the container anew. `systemctl daemon-reload` on the host takes the devices away; the cgroup driver `cgroupfs`, or naming each /dev/nvidia* by `--device`, prevents it.',
      };
    case 'libraryMissing':
      return {
        text: 'The driver’s library libnvidia-ml.so is not there.',
        remedy: around.container
          ? 'Start the container with `--gpus all`, and with the capability `utility`.'
          : 'Install the driver’s libraries (`libnvidia-compute`, on Debian `libnvidia-ml1`) in the version of the driver.',
      };
    case 'gpuLost':
      return {
        text: 'A GPU no longer answers on its bus.',
        remedy: 'End what runs on it and reboot; if it comes again, look at its power, its cooling and the slot. `sudo dmesg` tells the Xid.',
      };
    case 'powerCable':
      return { text: 'A GPU’s external power cable is not attached.', remedy: 'Switch the machine off and attach all power cables of the GPU.' };
    case 'toolMissing':
      return missingTool(around);
    case 'unknown':
      return {
        text: exitCode === undefined ? 'nvidia-smi ended without saying why.' : `nvidia-smi ended with exit code ${exitCode}.`,
        remedy: 'Run `nvidia-smi` in a terminal, and look for NVRM or Xid in `sudo dmesg`.',
      };
  }
}

function mismatch(said: string, { moduleVersion, wsl, container }: Surroundings): { readonly text: string; readonly remedy: string } {
  const library = /NVML library version:\s*(\d[\d.]*)/.exec(said)?.[1];
  const loaded = moduleVersion === undefined ? '' : ` ${moduleVersion}`;
  return {
    text: `The driver was updated and the old one is still loaded: module${loaded}, library${library === undefined ? ' of another version' : ` ${library}`}.`,
    remedy: wsl
      ? 'Run `wsl --shutdown` in Windows.'
      : container
        ? 'Start the container anew; if it stays so, reboot the host.'
        : 'Reboot, or end everything that uses the GPUs and run `sudo rmmod nvidia_uvm nvidia_drm nvidia_modeset nvidia && sudo modprobe nvidia`.',
  };
}
