import { createReadStream, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import createXxhash from 'xxhash-wasm';

/** Stands for a file's content, or for the names and contents in a folder: `xxh64:9f3a…:34880`. Rejects with the system's error. */
export type ContentKey = (path: string) => Promise<string>;

const CHUNK = 1024 * 1024;

export async function createContentKey(): Promise<ContentKey> {
  const xxhash = await createXxhash();

  async function ofFile(path: string): Promise<string> {
    const hash = xxhash.create64();
    let size = 0;
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
    }
    return `xxh64:${hash.digest().toString(16).padStart(16, '0')}:${size}`;
  }

  async function ofFolder(path: string): Promise<string> {
    const lines: string[] = [];
    let size = 0;
    for (const name of readdirSync(path).sort()) {
      const key = await ofFile(join(path, name));
      size += sizeOfKey(key);
      lines.push(`${name}\0${key}`);
    }
    return `xxh64:${xxhash.h64(lines.join('\0')).toString(16).padStart(16, '0')}:${size}`;
  }

  return (path) => (lstatSync(path).isDirectory() ? ofFolder(path) : ofFile(path));
}

/** Bytes that a key speaks of; NaN where it is none. */
export function sizeOfKey(key: string): number {
  const [, size] = /^xxh64:[0-9a-f]{16}:(\d+)$/.exec(key) ?? [];
  return size === undefined ? NaN : Number(size);
}

/** Bytes of a file, or of all files directly in a folder. Throws the system's error. */
export function sizeOf(path: string): number {
  const stats = statSync(path);
  return stats.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0) : stats.size;
}
