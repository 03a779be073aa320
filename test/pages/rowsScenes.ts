import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { wavBytes } from '../unit/media/wavBytes.ts';
import type { PageOptions } from './harness.ts';
import type { OpenPreview } from './previewHarness.ts';

export interface RowsLook {
  readonly file: (folder: string) => Promise<string>;
  readonly options?: PageOptions;
  readonly act?: (open: OpenPreview) => Promise<void>;
}

/** A folder for made tables; whoever asks removes it. */
export function rowsFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'trainyard-rows-pages-'));
}

const COLOURS = [
  [200, 60, 60],
  [60, 170, 70],
  [60, 110, 210],
  [210, 160, 60],
] as const;
const QUESTIONS = ['Where is the spoon now?', 'Describe the scene in one line.', 'Which tray is the cup on?', 'Count the coins in the tray.', 'Is this the same flower?'];

async function media(folder: string): Promise<void> {
  await mkdir(join(folder, 'images'), { recursive: true });
  await mkdir(join(folder, 'audio'), { recursive: true });
  await Promise.all(
    COLOURS.map((colour, index) => {
      const pixels = Buffer.alloc(192 * 128 * 3);
      for (let at = 0; at < 192 * 128; at++) {
        const isDisc = Math.hypot((at % 192) - 50 - index * 28, Math.floor(at / 192) - 64) < 34;
        pixels.set(isDisc ? [250, 250, 250] : colour, at * 3);
      }
      return sharp(pixels, { raw: { width: 192, height: 128, channels: 3 } })
        .jpeg()
        .toFile(join(folder, 'images', `take${index}.jpg`));
    }),
  );
  await writeFile(join(folder, 'audio', 'take.wav'), wavBytes({ tag: 1, channels: 1, sampleRate: 16_000, bits: 16, frames: 16_000 }));
}

/** Conversations with pictures and sounds, as LLaVA has them, some of them broken. */
export async function conversations(folder: string, count = 3000): Promise<string> {
  await media(folder);
  const file = join(folder, 'chat_train.jsonl');
  const lines = Array.from({ length: count }, (_, row) => {
    if (row === 4) {
      return '{"id": "mm-000004", "messages": [';
    }
    const hasImage = row % 3 !== 1;
    return JSON.stringify({
      id: `mm-${String(row).padStart(6, '0')}`,
      messages: [
        { role: 'system', content: 'You see a work bench through one camera. Answer briefly.' },
        { role: 'user', content: `${hasImage ? '<image>\n' : ''}${QUESTIONS[row % QUESTIONS.length]}` },
        { role: 'assistant', content: 'The left one, beside the spoon.' },
        { role: 'user', content: 'And after the second move?' },
        { role: 'assistant', content: 'It went to the right tray. The spoon stayed on the left.' },
      ],
      image: hasImage ? (row === 6 ? 'images/lost.jpg' : `images/take${row % 4}.jpg`) : null,
      audio: row % 4 === 2 ? 'audio/take.wav' : null,
      tokens: 40 + ((row * 7919) % 400),
      meta: { src: row % 2 === 0 ? 'bench-a' : 'walk', take: row },
    });
  });
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

/** Ten thousand columns. */
export async function wideTable(folder: string): Promise<string> {
  const file = join(folder, 'wide.csv');
  const names = Array.from({ length: 10_000 }, (_, column) => `feature_${column}`);
  const rows = Array.from({ length: 40 }, (_, row) => names.map((__, column) => (row * 31 + column * 17) % 1000).join(','));
  await writeFile(file, [names.join(','), ...rows].join('\n'));
  return file;
}

/** A WebDataset shard. */
export async function shard(folder: string): Promise<string> {
  await media(folder);
  const inside = join(folder, 'shard');
  await mkdir(inside, { recursive: true });
  const names: string[] = [];
  for (let sample = 0; sample < 40; sample++) {
    const key = String(sample).padStart(6, '0');
    execFileSync('cp', [join(folder, 'images', `take${sample % 4}.jpg`), join(inside, `${key}.jpg`)]);
    await writeFile(join(inside, `${key}.txt`), `a ${['red', 'green', 'blue', 'yellow'][sample % 4]} field with a bright disc`);
    await writeFile(join(inside, `${key}.json`), JSON.stringify({ width: 192, height: 128, index: sample }));
    names.push(`${key}.jpg`, `${key}.txt`, `${key}.json`);
  }
  const file = join(folder, 'shard-000000.tar');
  execFileSync('tar', ['-C', inside, '-cf', file, ...names]);
  return file;
}

export const rowsScenes: Readonly<Record<string, RowsLook>> = {
  conversation: { file: conversations, act: async ({ page }) => {
    await page.locator('[data-index="3"] .nth').click();
    await page.waitForSelector('.turn img');
  } },
  tree: { file: conversations, act: ({ page }) => page.locator('[role=tab]', { hasText: 'Tree' }).click() },
  broken: { file: conversations, act: ({ page }) => page.locator('[data-index="4"] .nth').click() },
  wide: { file: wideTable, act: ({ page }) => page.locator('.toolbar .columns').click() },
  shard: { file: shard },
  empty: { file: async (folder) => {
    await writeFile(join(folder, 'empty.jsonl'), '');
    return join(folder, 'empty.jsonl');
  } },
  narrow: { file: conversations, options: { width: 420, height: 640 } },
  zoomed: { file: conversations, options: { zoom: 2 } },
};
