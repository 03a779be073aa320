/** `npm run docs`: renews the generated tables of README.md, and the files that are made as a whole. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MADE_FILES } from './madeFiles.ts';
import { withTables, type Manifest } from './readmeTables.ts';

const root = join(import.meta.dirname, '../..');
const readme = join(root, 'README.md');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
writeFileSync(readme, withTables(readFileSync(readme, 'utf8'), manifest));
for (const [path, made] of Object.entries(MADE_FILES)) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, made());
}
