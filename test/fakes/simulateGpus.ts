import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const STAND_IN = join(import.meta.dirname, 'nvidia-smi');

/**
 * Puts an `nvidia-smi` into a folder of its own under `home`, which answers for cards that are not there, named “Simulated …”.
 * Tools are run with a cleared environment, so what it is to simulate stands in the program.
 *
 * @returns the folder, for PATH
 */
export async function simulateGpus(home: string, count: number, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = gpuFolder(home);
  await mkdir(folder, { recursive: true });
  const words = Object.entries({ ...env, TRAINYARD_FAKE_GPUS: String(count) }).map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'`);
  await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\nexport ${words.join(' ')}\nexec '${STAND_IN}' "$@"\n`, { mode: 0o755 });
  return folder;
}

/** Where `simulateGpus` puts it, whether it has or not. */
export function gpuFolder(home: string): string {
  return join(home, 'simulated-gpus');
}
