import { expect, it } from 'vitest';

import { absent } from '../../../../src/base/absent.ts';
import { createProcessFiles } from '../../../../src/monitor/host/processFiles.ts';
import type { LocalFiles } from '../../../../src/monitor/localFiles.ts';
import { sentFiles } from './tree.ts';

/** One process's file: `length` of it, -1 where that process has gone; what it is opened as by then. */
function fakeLocal(): { files: LocalFiles; lengths: number[]; open: () => number } {
  const lengths: number[] = [];
  let open = 0;
  const files: LocalFiles = {
    ...sentFiles({}),
    buffer: Buffer.alloc(16),
    open: () => {
      open++;
      const index = lengths.length;
      lengths.push(10 + index);
      return { read: () => lengths[index] ?? -1, dispose: () => void open-- };
    },
    dispose: () => undefined,
  };
  return { files, lengths, open: () => open };
}

it('a file is kept open, and opened anew in the same reading where its process has another’s number', () => {
  const { files, lengths, open } = fakeLocal();
  const file = createProcessFiles(files).file('/proc/7/stat');
  expect([file.read(), file.read(), lengths.length]).toEqual([10, 10, 1]);
  lengths[0] = -1;
  expect([file.read(), lengths.length, open()]).toEqual([11, 2, 1]);
  file.dispose();
  expect(open()).toBe(0);
});

it('no more files are kept open than the kernel has room for', () => {
  const { files, open } = fakeLocal();
  const processFiles = createProcessFiles(files);
  const all = Array.from({ length: 2000 }, (_, pid) => processFiles.file(`/proc/${pid}/stat`));
  for (const file of [...all, ...all]) {
    file.read();
  }
  expect(open()).toBe(1024);
  for (const file of all) {
    file.dispose();
  }
  expect(open()).toBe(0);
});

it('texts of another machine are bytes, however long', () => {
  const files = createProcessFiles(sentFiles({ '/proc/7/cmdline': 'ä'.repeat(50_000) }));
  const length = files.file('/proc/7/cmdline').read();
  expect(files.bytes().toString('utf8', 0, length)).toBe('ä'.repeat(50_000));
  expect(createProcessFiles(sentFiles({ '/x': absent('not permitted') })).read('/x')).toBe(-1);
});
