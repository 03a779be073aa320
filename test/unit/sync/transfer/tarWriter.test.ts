import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { TarReader } from '../../../../src/sync/transfer/tarReader.ts';
import { writeTar } from '../../../../src/sync/transfer/tarWriter.ts';
import { entriesOf, makeTree } from './kit.ts';

const LARGE = 3_000_000;

/** A disk with a bad block: some of what comes after the first stroke cannot be read. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const readSync = (fd: number, into: Buffer, at: number, length: number, position: null): number => {
    if (fs.fstatSync(fd).size === LARGE && length < 1_000_000) {
      throw new Error('EIO: i/o error, read');
    }
    return fs.readSync(fd, into, at, length, position);
  };
  return { ...fs, readSync };
});

it('goes on with the next name behind a file that the disk does not give, and says that this one is torn', async () => {
  const root = mkdtempSync(join(tmpdir(), 'trainyard-tar-'));
  try {
    makeTree(root, { bad: Buffer.alloc(LARGE, 'x'), next: 'what is next' });
    const out = new PassThrough();
    const read: string[] = [];
    const reader = new TarReader({ onEntry: ({ path, size }) => read.push(`${path} ${size}`), onData: (piece) => piece.length < 100 && read.push(piece.toString()), onEntryEnd: () => {} });
    out.on('data', (chunk: Buffer) => reader.add(chunk));
    const moves = entriesOf(root).map((source) => ({ path: source.path, source }));
    const written = await writeTar({ root, moves, out, allowance: { take: () => Promise.resolve() }, listener: { onPlaced: () => {}, onBytes: () => {} }, signal: new AbortController().signal });
    expect(written).toEqual({ left: [], torn: [{ path: 'bad', reason: 'i/o error' }] });
    expect({ read, isOver: reader.isOver }).toEqual({ read: [`bad ${LARGE}`, 'next 12', 'what is next'], isOver: true });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
