import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, expect } from 'vitest';
import { createFolderLook } from '../../../../src/dataset/folderLook.ts';
import type { Dataset } from '../../../../src/dataset/format.ts';
import { formatById, recogniseFormats } from '../../../../src/dataset/formats/index.ts';
import type { Sample } from '../../../../src/dataset/sample.ts';
import type { Problem } from '../../../../src/media/problem.ts';

const folders: string[] = [];

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A folder with these files, gone when the test file is done. */
export function madeFolder(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), 'trainyard-dataset-'));
  folders.push(root);
  addFiles(root, files);
  return root;
}

export function addFiles(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

export function recognised(root: string): string[] {
  return recogniseFormats(createFolderLook(root)).map(({ format }) => format.id);
}

export async function opened(root: string, id: string): Promise<Dataset> {
  const format = formatById(id);
  if (format === undefined) {
    throw new Error(`no format ${id}`);
  }
  return format.open(root);
}

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

/** All samples in order, held against the same ones asked for one by one, and from the middle on. */
export async function samplesOf(root: string, id: string): Promise<Sample[]> {
  const dataset = await opened(root, id);
  try {
    const samples = await collected(dataset.samples());
    expect(samples.map(({ index }) => index)).toEqual(samples.map((_, index) => index));
    expect(new Set(samples.map((sample) => sample.id)).size, 'ids are unique').toBe(samples.length);
    expect(await Promise.all(samples.map((_, index) => dataset.at(index)))).toEqual(samples);
    expect(await dataset.at(samples.length)).toBeUndefined();
    const middle = samples.length >> 1;
    expect(await collected(dataset.samples({ from: middle }))).toEqual(samples.slice(middle));
    expect(dataset.count).toBe(samples.length);
    return samples;
  } finally {
    dataset.close();
  }
}

export async function problemsOf(root: string, id: string): Promise<Problem[]> {
  const dataset = await opened(root, id);
  const problems: Problem[] = [];
  try {
    await dataset.check((problem) => problems.push(problem));
  } finally {
    dataset.close();
  }
  return problems;
}

export function lines(...rows: readonly unknown[]): string {
  return rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join('');
}

/** 16 bit PCM with a tone that `seed` tells apart. */
export function wav(seconds: number, { rate = 8000, seed = 1 } = {}): Buffer {
  const frames = Math.round(seconds * rate);
  const bytes = Buffer.alloc(44 + frames * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + frames * 2, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(frames * 2, 40);
  for (let frame = 0; frame < frames; frame++) {
    bytes.writeInt16LE(Math.round(9000 * Math.sin(frame * 0.01 * seed)), 44 + frame * 2);
  }
  return bytes;
}

/** An RGB picture with a pattern that `seed` tells apart. */
export function png(width: number, height: number, seed = 1): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * 3; x++) {
      rows[y * (width * 3 + 1) + 1 + x] = (Math.imul(x * 31 + y * 17, seed * 2654435761) >>> 24) & 255;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(data.length, 0);
  bytes.set(body, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
    }
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}
