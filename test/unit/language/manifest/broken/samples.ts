import type { RuleCode } from '../../../../../src/media/rules/index.ts';
import { wavBytes } from '../../../media/wavBytes.ts';

/** One way of breaking a sound manifest. */
export interface Breakage {
  readonly what: string;
  readonly text: string;
  readonly code: RuleCode;
  /** The characters that are underlined. */
  readonly at: string;
  /** Whether there is a way to mend it; applying the first one is to leave nothing of this rule, and nothing graver. */
  readonly mends: boolean;
  /** The text behind it, where it is to be just that. */
  readonly mended?: string;
}

export interface Broken {
  readonly title: string;
  /** The manifest's path, relative to the folder of `files`. */
  readonly path: string;
  /** In which nothing is wrong but for what is worth a look. */
  readonly sound: string;
  readonly files: Readonly<Record<string, Buffer | string>>;
  readonly breakages: readonly Breakage[];
}

export function wav(seconds: number, sampleRate = 16_000): Buffer {
  return wavBytes({ tag: 1, channels: 1, sampleRate, bits: 16, frames: Math.round(seconds * sampleRate) });
}

export function lines(...rows: readonly unknown[]): string {
  return `${rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n')}\n`;
}

/** Bytes of a PNG header of that size; enough for whoever asks only for it. */
export function png(width: number, height: number): Buffer {
  const bytes = Buffer.from('89504e470d0a1a0a0000000d49484452000000000000000008020000000000000000000049454e44ae426082', 'hex');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}
