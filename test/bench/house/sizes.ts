import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { alone, type Bench, type BenchRow } from '../row.ts';

/** What is loaded when the extension is activated, what each page loads, and what is downloaded. */
export const sizes: Bench = {
  room: 'house',
  name: 'sizes',
  run({ root, folder }) {
    const dist = join(root, 'dist');
    const pages = join(dist, 'pages');
    const vsix = join(folder, 'trainyard.vsix');
    const packed = spawnSync('npx', ['vsce', 'package', '--target', `linux-${process.arch}`, '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsix], { cwd: root, encoding: 'utf8' });
    if (packed.status !== 0) {
      throw new Error(`vsce: ${packed.stderr}`);
    }
    const rows: BenchRow[] = [
      alone('house', 'extension bundle, loaded at activation', kilobytes(loadedBy(join(dist, 'extension.js'))), 1000, 'kB'),
      alone('house', 'command line, loaded at its start', kilobytes(loadedBy(join(dist, 'cli.js'))), null, 'kB'),
      ...(existsSync(pages) ? readdirSync(pages) : [])
        .filter((name) => name.endsWith('.js'))
        .map((name) => alone('house', `page ${name}`, kilobytes([join(pages, name)]), null, 'kB')),
      alone('house', 'VSIX, libvips for pictures included', statSync(vsix).size / 1e6, null, 'MB'),
    ];
    return Promise.resolve(rows);
  },
};

/** A bundle and the chunks that it imports at once. */
function loadedBy(entry: string, seen = new Set<string>()): readonly string[] {
  if (!seen.has(entry)) {
    seen.add(entry);
    for (const [, chunk = ''] of readFileSync(entry, 'utf8').matchAll(/(?:^|[;}\n])import(?:[^"'()]*from)?\s*["'](\.[^"']+)["']/g)) {
      loadedBy(join(dirname(entry), chunk), seen);
    }
  }
  return [...seen];
}

function kilobytes(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0) / 1000;
}
