import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../../../src/dataset/datasetError.ts';
import { createFolderLook } from '../../../../src/dataset/folderLook.ts';
import { DATASET_FORMATS, recogniseFormats } from '../../../../src/dataset/formats/index.ts';
import { MADE } from './made.ts';
import { addFiles, madeFolder } from './support.ts';

/** Opens, reads and checks whatever is there; only a `DatasetError` may come of it. */
async function survive(root: string, id: string): Promise<void> {
  const format = DATASET_FORMATS.find((candidate) => candidate.id === id);
  try {
    const dataset = await format?.open(root);
    try {
      let left = 20;
      for await (const sample of dataset?.samples() ?? []) {
        expect(typeof sample.id).toBe('string');
        if (--left === 0) {
          break;
        }
      }
      await dataset?.at(3);
      await dataset?.check((problem) => expect(problem.message).not.toBe(''));
    } finally {
      dataset?.close();
    }
  } catch (error) {
    expect(error).toBeInstanceOf(DatasetError);
  }
}

/** Random bytes, and sound content that was cut or has bytes changed. */
function damaged(content: Buffer): fc.Arbitrary<Buffer> {
  return fc.oneof(
    changed(content),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc.nat(Math.max(0, content.length - 1)).map((length) => content.subarray(0, length)),
  );
}

function changed(content: Buffer): fc.Arbitrary<Buffer> {
  return fc.tuple(fc.nat(Math.max(0, content.length - 1)), fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([at, bytes]) => Buffer.concat([content.subarray(0, at), Buffer.from(bytes), content.subarray(at + bytes.length)]));
}

describe('hostile datasets', () => {
  it.each(Object.entries(MADE))('%s survives any bytes as any of its files', async (id, { files }) => {
    const root = madeFolder(files);
    const names = Object.keys(files);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names).chain((name) => damaged(Buffer.from(files[name] as string)).map((bytes) => ({ name, bytes }))),
        async ({ name, bytes }) => {
          addFiles(root, { [name]: bytes });
          expect(recogniseFormats(createFolderLook(root)).length).toBeLessThanOrEqual(3);
          await survive(root, id);
          addFiles(root, { [name]: files[name] ?? '' });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('gives no format for a folder that is not there', () => {
    expect(recogniseFormats(createFolderLook('/nowhere/at all'))).toEqual([]);
  });

  it('survives a folder where a file should be', async () => {
    for (const [id, { files }] of Object.entries(MADE)) {
      const root = madeFolder({});
      for (const name of Object.keys(files)) {
        mkdirSync(join(root, name), { recursive: true });
      }
      recogniseFormats(createFolderLook(root));
      await survive(root, id);
    }
  });
});
