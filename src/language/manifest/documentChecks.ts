import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { RuleCode } from '../../media/rules/index.ts';
import type { Finding } from '../../media/rules/rule.ts';
import { quoted } from '../../media/rules/rule.ts';
import type { CrossFinding } from './crossChecks.ts';
import type { Disk } from './disk.ts';
import type { ParsedRow, RowValue } from './forms/form.ts';
import type { ManifestKind } from './kinds/kind.ts';

interface Document {
  readonly kind: ManifestKind;
  readonly count: number;
  readonly form: { readonly id: string };
  parsed(row: number): ParsedRow;
}

/** Rules of documents that are one row, and those of a whole manifest by its form. */
export function checkDocument(document: Document, disk: Disk, path: string): CrossFinding[] {
  const { kind, count, form } = document;
  if (kind.id === 'nemo' && form.id === 'json' && count > 0) {
    return [{ row: 0, finding: { code: 'nemo/array', message: 'The file is a JSON array; NeMo reads one object a line.' } }];
  }
  const value = kind.id === 'yolo' && count > 0 ? document.parsed(0).value : undefined;
  return value === undefined ? [] : checkYoloFolders(value, dirname(path), disk).map((finding) => ({ row: 0, finding }));
}

const SPLITS = ['train', 'val', 'test'];

/** Folders and lists of the splits, from `path` or from the folder of data.yaml itself. */
function checkYoloFolders(value: RowValue, folder: string, disk: Disk): Finding<RuleCode>[] {
  const stated = typeof value.path === 'string' ? resolve(folder, value.path) : folder;
  const findings: Finding<RuleCode>[] = [];
  if (typeof value.path === 'string' && !existsSync(stated)) {
    findings.push({ code: 'yolo/folder-missing', key: 'path', message: `path ${quoted(value.path)} is not there.`, related: stated, mends: [{ do: 'set', value: '.' }] });
  }
  const bases = [stated, folder];
  for (const split of SPLITS) {
    const entry = value[split];
    const entries: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
    for (const [index, item] of entries.entries()) {
      const at = Array.isArray(entry) ? [split, index] : [split];
      if (typeof item !== 'string') {
        if (item !== undefined && item !== null) {
          findings.push({ code: 'row/type', key: split, at, message: `${split} is ${quoted(item)} and no folder.` });
        }
        continue;
      }
      if (item !== '' && !bases.some((base) => existsSync(isAbsolute(item) ? item : resolve(base, item)))) {
        const bare = item.replace(/^(?:\.\.\/)+/, '');
        const instead = bare !== item && existsSync(resolve(folder, bare)) ? bare : item.includes('\\') && existsSync(resolve(folder, item.replaceAll('\\', '/'))) ? item.replaceAll('\\', '/') : caseOf(folder, item, disk);
        findings.push({ code: 'yolo/folder-missing', key: split, at, message: `${split} ${quoted(item)} is not there.`, related: resolve(stated, item), ...(instead !== undefined && { mends: [{ do: 'set', value: instead }] }) });
      }
      const same = SPLITS.slice(0, SPLITS.indexOf(split)).find((other) => value[other] === item && item !== '');
      if (same !== undefined) {
        findings.push({ code: 'split/same-path', key: split, at, message: `${split} is the same as ${same}.` });
      }
    }
  }
  return findings;
}

function caseOf(folder: string, item: string, disk: Disk): string | undefined {
  const facts = disk.at(item, folder, []);
  return facts?.presence.is === 'case' ? facts.instead : undefined;
}
