import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UnreadBytes } from '../../../../src/media/rows/rowFile.ts';
import { openRows } from '../../../../src/media/rows/openRows.ts';

const FIXTURES = process.env['TRAINYARD_FIXTURES'] ?? '../shared/fixtures';
const PARQUET = join(FIXTURES, 'media/parquet');

describe.skipIf(!existsSync(PARQUET))('rows of Parquet', () => {
  it('gives every row of every sample file, and no row is broken', async () => {
    for (const name of readdirSync(PARQUET).filter((entry) => entry.endsWith('.parquet'))) {
      const rows = await openRows(join(PARQUET, name));
      const total = rows.count.total;
      const read = await rows.rows(0, 100_000);
      expect({ name, columns: rows.columns.length > 0, read: read.length, broken: read.filter(({ problem }) => problem) }).toEqual({
        name,
        columns: true,
        read: Math.min(1000, total as number),
        broken: [],
      });
      rows.dispose();
    }
  });

  it('leaves the bytes of pictures where they are, and names the member that has them', async () => {
    const rows = await openRows(join(FIXTURES, 'media/img2dataset/test_1000.parquet'));
    const [row] = await rows.rows(3, 1);
    expect(Object.values(row?.values ?? {}).some((value) => value instanceof UnreadBytes)).toBe(false);
    expect(row?.index).toBe(3);
    rows.dispose();
  });
});
