import type { ToolDescriptor } from '../toolDescriptor.ts';

export const npuSmi: ToolDescriptor = {
  id: 'npu-smi',
  title: 'npu-smi',
  purpose: 'accelerator',
  executables: [{ name: 'npu-smi' }],
  folders: ['/usr/local/sbin', '/usr/local/Ascend/driver/tools'],
  bannerArgs: ['-v'],
  identify(said) {
    const [line, version] = /\bnpu-smi\b(?:\s+version)?:?(?:\s+v?(\d\S*))?/i.exec(said) ?? [];
    return line === undefined ? undefined : { version: version ?? 'unknown', banner: line, features: new Set() };
  },
  wanted: [],
};
