import type { ToolDescriptor } from '../toolDescriptor.ts';

/** `--version` starts Level Zero, which takes seconds and wakes the device. */
export const xpuSmi: ToolDescriptor = {
  id: 'xpu-smi',
  title: 'xpu-smi',
  purpose: 'accelerator',
  executables: [{ name: 'xpu-smi' }],
  bannerArgs: ['--help'],
  identify(said) {
    const [line, version] = /^.*(?:Intel XPU System Management Interface|\bxpu-smi\b)(?:.*?\bv(\d[\d.]*))?.*$/im.exec(said) ?? [];
    return line === undefined ? undefined : { version: version ?? 'unknown', banner: line.trim(), features: new Set() };
  },
  wanted: [],
};

/** Tells its version nowhere. */
export const intelGpuTop: ToolDescriptor = {
  id: 'intel_gpu_top',
  title: 'intel_gpu_top',
  purpose: 'accelerator',
  executables: [{ name: 'intel_gpu_top' }],
  folders: ['/usr/sbin', '/usr/local/sbin'],
  bannerArgs: ['-h'],
  identify(said) {
    return /\bintel_gpu_top\b/.test(said) ? { version: 'unknown', banner: 'intel_gpu_top', features: new Set() } : undefined;
  },
  wanted: [],
};
