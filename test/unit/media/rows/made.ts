import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openRows } from '../../../../src/media/rows/openRows.ts';
import type { Row, RowFile } from '../../../../src/media/rows/rowFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'trainyard-rows-'));
const opened: RowFile[] = [];
let last = 0;

afterAll(() => {
  opened.forEach((rows) => rows.dispose());
  rmSync(folder, { recursive: true, force: true });
});

/** A file of its own, that goes with the tests. */
export function fileOf(content: string | Uint8Array, extension: string): string {
  const file = join(folder, `${++last}.${extension}`);
  writeFileSync(file, content);
  return file;
}

export async function rowsOf(file: string): Promise<RowFile> {
  const rows = await openRows(file);
  opened.push(rows);
  return rows;
}

export async function allRows(rows: RowFile): Promise<readonly Row[]> {
  await rows.indexed();
  const all: Row[] = [];
  for (let more = await rows.rows(0, 1000); more.length > 0; more = await rows.rows(all.length, 1000)) {
    all.push(...more);
  }
  return all;
}
