import {
  close, closeSync, constants, fdatasync, fstatSync, fsync, mkdirSync, open, openSync, readSync, renameSync, rmSync, statSync, writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { createTextHash } from '../../base/hash.ts';
import { NumberMap } from '../../base/numberMap.ts';
import type { LedgerEntry, LedgerLine } from '../ledger.ts';
import { readLineBlocks } from '../run/lines.ts';

const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fsync);
const syncData = promisify(fdatasync);

const NEWLINE = 0x0a;
/** A compaction that is older died on its way. */
const DEAD_AFTER_MS = 3_600_000;

/**
 * The lines of a ledger's file, many at a time. A crash may have cut a line short, and another process appended behind it: what is
 * no whole line is passed over, and the output that it spoke of is then not known. A missing file has no lines.
 */
export async function* readLedgerLines(file: string): AsyncGenerator<readonly LedgerLine[]> {
  for await (const { bytes } of readLineBlocks(file)) {
    yield bytes
      .toString('utf8')
      .split('\n')
      .flatMap((text) => parseLine(text) ?? []);
  }
}

/** Appends lines and resolves when they are on disk. Makes the file, with the line that names its folder, where there is none. */
export async function appendLedgerLines(file: string, folder: string, lines: readonly LedgerEntry[]): Promise<void> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (let isWritten = false; !isWritten; ) {
    const fd = await openFile(file, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600);
    try {
      const size = fstatSync(fd).size;
      const text = [...(size === 0 ? [{ folder }] : []), ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
      if (text !== '') {
        writeAll(fd, endsCut(fd, size) ? `\n${text}` : text);
        await syncData(fd);
      }
      if (size === 0) {
        await syncFolder(dirname(file));
      }
      // A compaction may have put another file in this one's place meanwhile.
      isWritten = isStillAt(fd, file);
    } finally {
      await closeFile(fd);
    }
  }
}

/**
 * Rewrites the file with nothing but the last line about each output. Others may append meanwhile: what they write into the old
 * file before the rename is found there after it, and after it they see that the file is another one, and write again.
 */
export async function compactLedger(file: string): Promise<void> {
  const temporary = `${file}.tmp`;
  const next = claim(temporary);
  if (next === undefined) {
    return;
  }
  const old = openSync(file, constants.O_RDONLY);
  try {
    const hash = await createTextHash();
    const last = new NumberMap();
    await forEachLine(file, (line, number) => last.set(hash(outputOf(line)), number));
    const end = await forEachLine(file, (line, number) => {
      // Lines that came in between the two readings have higher numbers.
      if (number >= (last.get(hash(outputOf(line))) ?? 0)) {
        writeAll(next, `${JSON.stringify(line)}\n`);
      }
    });
    await syncData(next);
    renameSync(temporary, file);
    await syncFolder(dirname(file));
    const rest = Buffer.alloc(fstatSync(old).size - end);
    readSync(old, rest, 0, rest.length, end);
    writeAll(next, rest);
    await syncData(next);
  } finally {
    closeSync(old);
    closeSync(next);
    rmSync(temporary, { force: true });
  }
}

/** The file to write into, for one process at a time. */
function claim(temporary: string): number | undefined {
  const old = statSync(temporary, { throwIfNoEntry: false });
  if (old !== undefined && Date.now() - old.mtimeMs > DEAD_AFTER_MS) {
    rmSync(temporary, { force: true });
  }
  try {
    return openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND, 0o600);
  } catch {
    return undefined;
  }
}

/** Calls back with each whole line and its number, and gives the offset behind the last one. */
async function forEachLine(file: string, use: (line: LedgerLine, number: number) => void): Promise<number> {
  let number = 0;
  let end = 0;
  for await (const { bytes, offset } of readLineBlocks(file)) {
    for (const text of bytes.toString('utf8').split('\n')) {
      const line = parseLine(text);
      if (line !== undefined) {
        use(line, number++);
      }
    }
    end = offset + bytes.length;
  }
  return end;
}

/** No output's path is empty, so that the line about the folder has a place of its own. */
function outputOf(line: LedgerLine): string {
  return 'output' in line ? line.output : '';
}

function parseLine(text: string): LedgerLine | undefined {
  if (text === '') {
    return undefined;
  }
  try {
    const line = JSON.parse(text) as LedgerLine | null;
    return typeof line === 'object' && line !== null && ('output' in line || 'folder' in line) ? line : undefined;
  } catch {
    return undefined;
  }
}

function writeAll(fd: number, content: string | Buffer): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(fd, bytes, written);
  }
}

function endsCut(fd: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
}

function isStillAt(fd: number, file: string): boolean {
  const there = statSync(file, { throwIfNoEntry: false });
  const here = fstatSync(fd);
  return there !== undefined && there.ino === here.ino && there.dev === here.dev;
}

async function syncFolder(folder: string): Promise<void> {
  const fd = await openFile(folder, constants.O_RDONLY);
  try {
    await syncFile(fd);
  } catch {
    // Some file systems cannot sync a folder; they keep its entries by themselves.
  } finally {
    await closeFile(fd);
  }
}
