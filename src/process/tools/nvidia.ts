import type { ToolDescriptor } from '../toolDescriptor.ts';

/**
 * `--version` loads the driver's library, and fails where that and the driver differ; `--help` needs neither, and begins
 * `NVIDIA System Management Interface -- v590.48.01`.
 */
export const nvidiaSmi: ToolDescriptor = {
  id: 'nvidia-smi',
  title: 'nvidia-smi',
  purpose: 'accelerator',
  executables: [{ name: 'nvidia-smi' }],
  // WSL's is on nobody's PATH but a login shell's; the second is where Kubernetes' device plugin puts it.
  folders: ['/usr/lib/wsl/lib', '/usr/local/nvidia/bin'],
  bannerArgs: ['--help'],
  identify(said) {
    const [line, version] = /^.*NVIDIA System Management Interface(?:.*?\bv(\d[\d.]*))?.*$/m.exec(said) ?? [];
    return line === undefined ? undefined : { version: version ?? 'unknown', banner: line.trim(), features: new Set() };
  },
  wanted: [],
};
