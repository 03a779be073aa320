import * as fs from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LedgerEntry } from '../../../../src/convert/ledger.ts';
import { temporaryFolder } from '../../media/support.ts';

/** What another process does at the moment that the test is about; once. */
const meanwhile = vi.hoisted(() => ({ renaming: undefined as (() => void) | undefined, syncing: undefined as (() => void) | undefined }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const now = (moment: keyof typeof meanwhile): void => {
    const act = meanwhile[moment];
    meanwhile[moment] = undefined;
    act?.();
  };
  return {
    ...real,
    renameSync: (from: string, to: string) => {
      now('renaming');
      real.renameSync(from, to);
    },
    fdatasync: (fd: number, done: () => void) => {
      now('syncing');
      real.fdatasync(fd, done);
    },
  };
});

const { openLedger, ledgerFile, readLedger } = await import('../../../../src/convert/ledger.ts');
const { compactLedger } = await import('../../../../src/convert/plan/ledgerFile.ts');

function entry(output: string): LedgerEntry {
  return { input: '/in', output, inputStamp: '1:2', outputStamp: '3:4', recipe: 'r', tool: 't', salvaged: false };
}

describe('a ledger that two processes work on', () => {
  const folder = temporaryFolder();
  let at = { store: '', output: '' };

  beforeEach(() => {
    const own = fs.mkdtempSync(join(folder, 'case-'));
    at = { store: join(own, 'store'), output: join(own, 'out') };
  });

  it('keeps what is appended right before a compaction puts the new file in place', async () => {
    await (await openLedger(at)).append([entry(join(at.output, 'a'))]);
    const file = await ledgerFile(at);
    meanwhile.renaming = () => fs.appendFileSync(file, `${JSON.stringify(entry('late'))}\n`);
    await compactLedger(file);
    const ledger = await readLedger(at);
    expect([ledger.size, ledger.stampOf(join(at.output, 'late'))]).toEqual([2, '3:4']);
  });

  it('keeps what is appended to the old file when the new one has just been put in place', async () => {
    const writer = await openLedger(at);
    const file = await ledgerFile(at);
    meanwhile.syncing = () => {
      fs.writeFileSync(`${file}.new`, `${JSON.stringify(entry('other'))}\n`);
      fs.renameSync(`${file}.new`, file);
    };
    await writer.append([entry(join(at.output, 'late'))]);
    const ledger = await readLedger(at);
    expect(['other', 'late'].map((name) => ledger.stampOf(join(at.output, name)))).toEqual(['3:4', '3:4']);
  });
});
