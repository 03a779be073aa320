/** `npm run docs`: renews the generated tables of README.md, and the table of rules. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleTable } from './ruleTable.ts';
import { withTables, type Manifest } from './readmeTables.ts';

const root = join(import.meta.dirname, '../..');
const readme = join(root, 'README.md');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
writeFileSync(readme, withTables(readFileSync(readme, 'utf8'), manifest));
mkdirSync(join(root, 'docs'), { recursive: true });
writeFileSync(join(root, 'docs', 'rules.md'), ruleTable());
