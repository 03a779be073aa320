import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { wavBytes } from '../../unit/media/wavBytes.ts';

const FILES = 2000;
const FOLDERS = 20;

/** Sounds that rows may name: 2000 of 15 s in 20 folders, so that segments of them are many. */
export function makeSounds(folder: string): void {
  const bytes = wavBytes({ tag: 1, channels: 1, sampleRate: 1000, bits: 8, frames: 15_000 });
  for (let index = 0; index < FILES; index++) {
    const path = join(folder, soundOf(index));
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, bytes);
  }
}

function soundOf(index: number): string {
  return `audio/part_${String(index % FOLDERS).padStart(3, '0')}/recording_${String(index).padStart(7, '0')}.wav`;
}

const WORDS = 'the quick brown fox jumps over a lazy dog while seven grey wolves sing below the pale moon and nobody listens to them at all'.split(' ');

/** Rows as NeMo has them, some 210 bytes each; one in 100,000 names a file that is not there. */
export function rowOf(index: number): string {
  const path = index % 100_000 === 99 ? `audio/part_000/gone_${index}.wav` : soundOf(index % FILES);
  const text = Array.from({ length: 14 }, (_, word) => WORDS[(index * 7 + word * 3) % WORDS.length]).join(' ');
  return `{"audio_filepath": "${path}", "duration": ${(1 + (index % 800) / 100).toFixed(2)}, "offset": ${(Math.floor(index / FILES) / 1000).toFixed(3)}, "text": "${text}", "speaker": "spk${index % 977}", "lang": "en"}\n`;
}

/** A manifest of `bytes` at least; how many rows it has. */
export function writeManifest(file: string, bytes: number): number {
  const fd = openSync(file, 'w');
  let written = 0;
  let rows = 0;
  try {
    while (written < bytes) {
      let block = '';
      for (let row = 0; row < 20_000 && written + block.length < bytes; row++) {
        block += rowOf(rows++);
      }
      written += writeSync(fd, block);
    }
  } finally {
    closeSync(fd);
  }
  return rows;
}
