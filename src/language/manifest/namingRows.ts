import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { NamingRow } from '../protocol.ts';
import { uriOfPlace } from '../pathOfUri.ts';
import { Disk } from './disk.ts';
import { ManifestModel } from './manifestModel.ts';
import { recogniseManifest } from './recogniseManifest.ts';

const NAMES = /(?:\.(?:jsonl|ndjson|json|csv|tsv)|^(?:wav\.scp|feats\.scp))$/i;
/** Folders above a medium in which its manifests are looked for. */
const LEVELS = 4;
const MAX_SIZE = 64_000_000;
const MOST_MANIFESTS = 40;
const MOST_ROWS = 500;
const MAX_TEXT = 200;

/** Rows of manifests in a medium's folder, and in those above it, that name it. */
export function findNamingRows(path: string, workspace: readonly string[]): NamingRow[] {
  const disk = new Disk();
  const rows: NamingRow[] = [];
  for (const file of manifestsNear(path, disk)) {
    rows.push(...rowsIn(file, path, disk, workspace));
    if (rows.length >= MOST_ROWS) {
      break;
    }
  }
  return rows.slice(0, MOST_ROWS);
}

function manifestsNear(path: string, disk: Disk): string[] {
  const files: string[] = [];
  let folder = dirname(path);
  for (let level = 0; level < LEVELS && folder !== dirname(folder); level++, folder = dirname(folder)) {
    files.push(...disk.filesIn(folder).filter((name) => NAMES.test(name)).map((name) => join(folder, name)));
  }
  return files.filter((file) => (statSync(file, { throwIfNoEntry: false })?.size ?? Infinity) <= MAX_SIZE).slice(0, MOST_MANIFESTS);
}

function rowsIn(file: string, path: string, disk: Disk, workspace: readonly string[]): NamingRow[] {
  const stem = basename(path).replace(/\.[^.]+$/, '');
  const bytes = readFileSync(file);
  if (!bytes.includes(stem)) {
    return [];
  }
  const text = bytes.toString('utf8');
  const recognised = recogniseManifest({ uri: '', path: file, language: '', head: text.slice(0, 65_536) });
  if (recognised === undefined) {
    return [];
  }
  const model = new ManifestModel(recognised, text, file, disk, workspace);
  const found: NamingRow[] = [];
  let line = 0;
  let counted = 0;
  for (let row = 0; row < model.count && found.length < MOST_ROWS; row++) {
    const [from, to] = model.spanOf(row);
    if (!text.slice(from, to).includes(stem)) {
      continue;
    }
    const named = model.state(row).paths.find((candidate) => candidate.file === path);
    if (named) {
      const [start, end] = model.parsed(row).locate(named.at, 'value');
      for (let at = text.indexOf('\n', counted); at >= 0 && at < from + start; at = text.indexOf('\n', at + 1)) {
        line++;
        counted = at + 1;
      }
      found.push({ uri: uriOfPlace({ file }), line, character: from + start - counted, length: end - start, text: text.slice(from, Math.min(to, from + MAX_TEXT)) });
    }
  }
  return found;
}
