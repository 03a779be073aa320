import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type AcceleratorTool = 'rocm-smi' | 'amd-smi' | 'xpu-smi' | 'intel_gpu_top' | 'tpu-info' | 'tegrastats' | 'npu-smi';

export interface AcceleratorFake {
  /** Absolute path of a text to replay in place of the invented one. */
  readonly output?: string;
  readonly fault?: 'denied' | 'crash' | 'nothing' | 'hangs' | 'half';
}

/**
 * Puts stand-ins for tools of accelerators into `folder`, which is made. Tools are run with a cleared environment, so what each is
 * to do stands in the program.
 *
 * @returns the folder, for PATH
 */
export function simulateAccelerators(folder: string, tools: Partial<Record<AcceleratorTool, AcceleratorFake>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [tool, { output = '', fault = '' }] of Object.entries(tools)) {
    const words = Object.entries({ TRAINYARD_FAKE_TOOL: tool, TRAINYARD_FAKE_OUTPUT: output, TRAINYARD_FAKE_FAULT: fault });
    const exports = words.filter(([, value]) => value !== '').map(([name, value]) => `${name}=${quoted(value)}`);
    const standIn = join(import.meta.dirname, 'accelerator-stand-in');
    writeFileSync(join(folder, tool), `#!/bin/sh\nexport ${exports.join(' ')}\nexec ${quoted(standIn)} "$@"\n`, { mode: 0o755 });
  }
  return folder;
}

/** An invented text in the form of a tool's, of which no real one is at hand. */
export function syntheticText(name: string): string {
  return readFileSync(join(import.meta.dirname, 'accelerators', name), 'utf8');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
