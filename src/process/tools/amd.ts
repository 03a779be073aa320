import type { ToolDescriptor } from '../toolDescriptor.ts';

/** A Python script. Before ROCm 6 it knows no `--version`; its `--help` tells it in the description. */
export const rocmSmi: ToolDescriptor = {
  id: 'rocm-smi',
  title: 'rocm-smi',
  purpose: 'accelerator',
  executables: [{ name: 'rocm-smi' }],
  // The others under /opt are looked in for every tool.
  folders: ['/opt/rocm/bin'],
  bannerArgs: ['--help'],
  identify(said) {
    if (!/\brocm[-_]smi\b/i.test(said) && !/ROCm System Management Interface/i.test(said)) {
      return undefined;
    }
    const version = /ROCM-SMI version:\s*(\S+)/i.exec(said)?.[1] ?? 'unknown';
    return { version, banner: `rocm-smi ${version}`, features: new Set() };
  },
  wanted: [],
};

/** A Python script too; `version` would have it open every device. */
export const amdSmi: ToolDescriptor = {
  id: 'amd-smi',
  title: 'amd-smi',
  purpose: 'accelerator',
  executables: [{ name: 'amd-smi' }],
  folders: ['/opt/rocm/bin'],
  bannerArgs: ['--help'],
  identify(said) {
    if (!/\bamd-?smi\b/i.test(said) && !/AMD System Management Interface/i.test(said)) {
      return undefined;
    }
    const version = /(?:System Management Interface[^\n]*?\bVersion|AMDSMI Tool):\s*(\S+)/i.exec(said)?.[1] ?? 'unknown';
    return { version, banner: `amd-smi ${version}`, features: new Set() };
  },
  wanted: [],
};
