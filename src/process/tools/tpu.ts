import type { ToolDescriptor } from '../toolDescriptor.ts';

/** A Python script, of libtpu's environment as a rule. `--version` loads libtpu, which takes hold of the chips. */
export const tpuInfo: ToolDescriptor = {
  id: 'tpu-info',
  title: 'tpu-info',
  purpose: 'accelerator',
  executables: [{ name: 'tpu-info' }],
  bannerArgs: ['--help'],
  identify(said) {
    // The first releases take no options and print their tables whatever they are asked.
    if (!/\btpu-info\b/.test(said) && !/TPU Chips/.test(said)) {
      return undefined;
    }
    const version = /tpu-info version:\s*(\S+)/.exec(said)?.[1] ?? 'unknown';
    return { version, banner: `tpu-info ${version}`, features: new Set() };
  },
  wanted: [],
};
