import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A peer that is no package of ours to install: from PATH, or unpacked into a folder of the bench. */
export interface Unpacked {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds a program, or fetches its Debian packages and unpacks them; nothing is installed, no daemon of theirs is started.
 * undefined where it can be had neither way.
 */
export function unpack(program: string, packages: readonly string[], folder: string): Unpacked | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, program));
  const installed = onPath.find((path) => existsSync(path));
  if (installed !== undefined) {
    return { path: installed, env: {} };
  }
  const root = join(folder, program);
  mkdirSync(root, { recursive: true });
  if (spawnSync('apt-get', ['download', ...packages], { cwd: root, stdio: 'ignore' }).status !== 0) {
    return undefined;
  }
  for (const archive of readdirSync(root).filter((name) => name.endsWith('.deb'))) {
    spawnSync('dpkg-deb', ['--extract', archive, 'unpacked'], { cwd: root, stdio: 'ignore' });
  }
  const libraries = join(root, 'unpacked/usr/lib');
  const places = existsSync(libraries) ? readdirSync(libraries).map((name) => join(libraries, name)) : [];
  const lib = join(root, 'unpacked/lib');
  const path = join(root, 'unpacked/usr/bin', program);
  const env = { LD_LIBRARY_PATH: [...places, ...(existsSync(lib) ? readdirSync(lib).map((name) => join(lib, name)) : [])].join(':') };
  return existsSync(path) ? { path, env } : undefined;
}
