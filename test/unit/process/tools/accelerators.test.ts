import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toolCatalogue, toolsFor } from '../../../../src/process/toolCatalogue.ts';
import { createToolFinder } from '../../../../src/process/toolFinder.ts';
import type { ToolId } from '../../../../src/process/toolPlan.ts';
import { temporaryFolder } from '../support.ts';

/** How each begins to answer, after what its makers' documentation and users' reports show. */
const SAID: readonly (readonly [ToolId, said: string, version: string])[] = [
  ['nvidia-smi', 'NVIDIA System Management Interface -- v590.48.01\n\nNVSMI provides monitoring information', '590.48.01'],
  ['nvidia-smi', 'nvidia-smi [OPTION1 [ARG1]]\nNVIDIA System Management Interface program', 'unknown'],
  [
    'rocm-smi',
    'usage: rocm-smi [-h] [-V] [-d DEVICE]\n\nAMD ROCm System Management Interface  |  ROCM-SMI version: 3.0.0+9101',
    '3.0.0+9101',
  ],
  ['rocm-smi', 'usage: rocm_smi.py [-h] [-i]\n\nAMD ROCm System Management Interface', 'unknown'],
  ['amd-smi', 'usage: amd-smi [-h]\n\nAMD System Management Interface | Version: 25.3.0+4179531 | ROCm version: 6.4.0', '25.3.0+4179531'],
  ['xpu-smi', '\nIntel XPU System Management Interface -- v1.2 \nIntel XPU System Management Interface provides', '1.2'],
  ['intel_gpu_top', 'intel_gpu_top - Display a top-like summary of Intel GPU usage\n\nUsage: intel_gpu_top [parameters]', 'unknown'],
  ['tpu-info', 'usage: tpu-info [-h] [-v] [--streaming]', 'unknown'],
  ['tegrastats', 'Usage: tegrastats [-option]\nOptions:\n    --interval <millisec>', 'unknown'],
  ['npu-smi', 'npu-smi version: 23.0.rc2', '23.0.rc2'],
];

function program(folder: string, name: string, said: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${said}\nEND\n`);
  chmodSync(path, 0o755);
}

describe('tools of accelerators', () => {
  it.each(SAID)('%s is taken for what it says: %j', async (id, said, version) => {
    const folder = temporaryFolder();
    program(folder, id, said);
    const search = { paths: {}, env: { PATH: folder }, sharpWorker: '/nowhere', never: [] };
    const [state] = await createToolFinder().find(search, [id]);
    expect(state?.found).toMatchObject({ id, path: join(folder, id), version });
  });

  it.each(toolsFor('accelerator'))('another program by the name of %s is not taken', (id) => {
    expect(toolCatalogue[id].identify('usage: something else\n')).toBeUndefined();
    expect(toolCatalogue[id].identify('')).toBeUndefined();
  });

  it('are all that the catalogue has but those of media, and are not looked for unless they are asked for', async () => {
    expect(toolsFor('accelerator')).toEqual([...new Set(SAID.map(([id]) => id))]);
    const states = await createToolFinder().find({ paths: {}, env: {}, sharpWorker: '/nowhere', never: [] });
    expect(states.map(({ id }) => id)).toEqual(toolsFor('media'));
  });
});
