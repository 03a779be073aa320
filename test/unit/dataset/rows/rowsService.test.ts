import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { createRowsService } from '../../../../src/dataset/rows/rowsService.ts';
import type { RowsApi } from '../../../../src/dataset/rows/rowsApi.ts';
import { openRows } from '../../../../src/media/rows/openRows.ts';
import { RowsError } from '../../../../src/media/rows/rowsError.ts';

const root = mkdtempSync(join(tmpdir(), 'trainyard-rows-service-'));
const service = createRowsService();
afterAll(() => {
  service.dispose();
  rmSync(root, { recursive: true, force: true });
});

async function ask<K extends keyof RowsApi>(method: K, params: Parameters<RowsApi[K]>[0]): Promise<Awaited<ReturnType<RowsApi[K]>>> {
  return (await service.handlers[method](params, new AbortController().signal)) as Awaited<ReturnType<RowsApi[K]>>;
}

function table(): ArrayBuffer {
  const bytes = Array.from({ length: 20 }, (_, row) => new Uint8Array(5000).fill(200 + row));
  return parquetWriteBuffer({
    columnData: [
      { name: 'id', data: bytes.map((_, row) => row), type: 'INT32' },
      { name: 'image', data: bytes, type: 'BYTE_ARRAY' },
      { name: 'caption', data: bytes.map((_, row) => `caption ${row}`), type: 'STRING' },
    ],
    codec: 'UNCOMPRESSED',
  });
}

describe('what is inside of an archive', () => {
  const folder = join(root, 'in');
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  writeFileSync(join(folder, 'a/b/x.txt'), 'hello');
  writeFileSync(join(folder, 'top.txt'), 'top');
  const file = join(root, 'some.tar');
  execFileSync('tar', ['-C', folder, '-cf', file, '.']);

  it('is a tree of folders and files, by the steps of its members’ names', async () => {
    expect([...(await ask('list', { place: { file } }))].sort((one, other) => one.name.localeCompare(other.name))).toEqual([{ name: 'a', isFolder: true }, { name: 'top.txt', isFolder: false }]);
    expect(await ask('list', { place: { file, member: 'a/b' } })).toEqual([{ name: 'x.txt', isFolder: false }]);
    expect(await ask('stat', { place: { file, member: 'a' } })).toMatchObject({ isFolder: true });
    expect(await ask('stat', { place: { file, member: 'a/b/x.txt' } })).toMatchObject({ isFolder: false, size: 5 });
    expect(await ask('stat', { place: { file, member: 'nowhere' } })).toBeNull();
  });

  it('is read as it is', async () => {
    expect(Buffer.from(await ask('bytes', { place: { file, member: 'a/b/x.txt' } })).toString()).toBe('hello');
    await expect(ask('bytes', { place: { file, member: 'nowhere' } })).rejects.toMatchObject({ reason: 'gone' });
  });
});

describe('bytes in cells of Parquet', () => {
  const file = join(root, 'cells.parquet');
  writeFileSync(file, Buffer.from(table()));

  it('are not read with their row, and are read by their own name', async () => {
    const opened = await ask('open', { place: { file } });
    expect(opened.columns.map(({ name }) => name)).toEqual(['id', 'image', 'caption']);
    const { items } = await ask('rows', { place: { file }, from: 7, count: 1, columns: ['id', 'image', 'caption'] });
    expect(items[0]?.cells).toEqual([
      { is: 'number', text: '7' },
      { is: 'media', count: 1, media: [{ nth: 0, kind: 'image', name: '7', found: true }] },
      { is: 'text', text: 'caption 7' },
    ]);
    const place = await ask('medium', { place: { file }, index: 7, nth: 0 });
    expect(place).toEqual({ file, member: 'image/7' });
    expect([...new Set(await ask('bytes', { place }))]).toEqual([207]);
    expect(await ask('stat', { place })).toMatchObject({ isFolder: false, size: 5000 });
  });
});

describe('rows of changed bytes', () => {
  it.each([
    ['csv', Buffer.from('a,b\n1,"x\ny"\n2,z\n'.repeat(50))],
    ['json', Buffer.from(JSON.stringify(Array.from({ length: 50 }, (_, row) => ({ row, text: 'x' }))))],
    ['jsonl', Buffer.from('{"a":1,"b":"x"}\n'.repeat(50))],
  ])('are read or refused in %s, and nothing else', async (extension, bytes) => {
    const file = join(root, `changed.${extension}`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), async (changes) => {
        const changed = Buffer.from(bytes);
        changes.forEach(([at, byte]) => (changed[at] = byte));
        writeFileSync(file, changed);
        try {
          const rows = await openRows(file);
          await rows.rows(0, 20);
          await rows.find({ text: 'x', from: 0 });
          rows.dispose();
        } catch (error) {
          expect(error).toBeInstanceOf(RowsError);
        }
      }),
      { numRuns: 200, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
    );
  }, 30_000);
});
