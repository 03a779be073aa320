import { resolve } from 'node:path';
import { execa } from 'execa';

/** Packages this source tree into a VSIX, freshly built. @param file absolute path of the VSIX to be */
export async function packageExtension(file: string): Promise<void> {
  await execa('npm', ['run', '--silent', 'package', '--', '--out', file], {
    cwd: resolve(import.meta.dirname, '..', '..'),
    stdin: 'ignore',
  });
}
