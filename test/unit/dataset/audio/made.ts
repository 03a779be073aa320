import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToolSearch } from '../../../../src/process/toolSearch.ts';

export const NEVER = new AbortController().signal;
export const SEARCH: ToolSearch = { paths: {}, env: process.env, never: [], sharpWorker: '' };

export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'trainyard-sound-'));
}

export function sox(...args: readonly string[]): Buffer {
  return execFileSync('sox', ['-D', '-R', ...args], { maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] });
}

export function ffmpeg(...args: readonly string[]): Buffer {
  return execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What ffmpeg makes of a file: interleaved floats. */
export function floatsByFfmpeg(file: string): Float32Array {
  const bytes = ffmpeg('-i', file, '-f', 'f32le', '-');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length - (bytes.length % 4)));
}

/** What sox makes of a file: interleaved 32-bit integers, at full scale 1. */
export function samplesBySox(file: string): Float64Array {
  const bytes = sox(file, '-t', 'raw', '-e', 'signed', '-b', '32', '-L', '-');
  return Float64Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readInt32LE(index * 4) / 2 ** 31);
}
