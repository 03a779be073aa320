/** `npm run docs`: renews the generated tables of README.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables, type Manifest } from './readmeTables.ts';

const root = join(import.meta.dirname, '../..');
const readme = join(root, 'README.md');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
writeFileSync(readme, withTables(readFileSync(readme, 'utf8'), manifest));
