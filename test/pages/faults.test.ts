import { mkdtemp, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAudioService } from '../../src/dataset/audio/audioService.ts';
import { audioPreview } from '../../src/dataset/vscode/previews/audio.ts';
import { png, wav } from '../unit/dataset/formats/support.ts';
import { openImage } from './imageHarness.ts';
import { BARE, openPreview } from './previewHarness.ts';
import type { OpenPreview } from './previewHarness.ts';
import { openRowsPage } from './rowsHarness.ts';
import { pagesOf } from './support.ts';

/** One kind of preview: a whole file, how it is opened, and what shows that it is drawn. */
interface Kind {
  readonly name: string;
  readonly bytes: () => Uint8Array;
  readonly open: (browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, file: string) => Promise<OpenPreview>;
  readonly ready: string;
  /** Said once the file is gone, once it was cut, and where it may not be read. */
  readonly gone: RegExp;
  readonly cut: RegExp;
  readonly refused: RegExp;
  /** Bytes that the cut file keeps. */
  readonly kept: number;
}

const pages = pagesOf('dataset', undefined, { quiet: true });
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainyard-faults-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ROWS = Array.from({ length: 2000 }, (_, row) => `${JSON.stringify({ row, text: `row number ${row}` })}\n`).join('');

const KINDS: readonly Kind[] = [
  { name: 'rows.jsonl', bytes: () => Buffer.from(ROWS), open: (...here) => openRowsPage(...here, folder), ready: '.drawn [role=gridcell]', gone: /The file is gone/, cut: / rows · 40(?:\.0)? kB/, refused: /may not be read/, kept: 40_000 },
  { name: 'picture.png', bytes: () => png(600, 400, 3), open: (browser, bundles, file) => openImage(browser, bundles, { file }), ready: 'body:has(.status) .stage:not([data-busy])', gone: /gone/i, cut: /cut short|truncated|cannot be|damaged|premature/i, refused: /may not be read/, kept: 3000 },
  { name: 'sound.wav', bytes: () => wav(4), open: (browser, bundles, file) => openPreview(browser, bundles, audioPreview, { file, services: { audio: { made: () => createAudioService(BARE, () => undefined) } } }), ready: '.stack:not([data-busy])', gone: /gone/i, cut: /cut short|shorter/i, refused: /may not be read/, kept: 10_000 },
];

function open(kind: Kind, file: string): Promise<OpenPreview> {
  return pages.open((...here) => kind.open(...here, file));
}

/** Lets no one but root read: this process is not root meanwhile. */
async function withoutRights(work: () => Promise<void>): Promise<void> {
  process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe.each(KINDS)('a file that changes while it is shown: $name', (kind) => {
  it('is told to be gone, and what was drawn stays', async () => {
    const file = join(folder, kind.name);
    await writeFile(file, kind.bytes());
    const { page, changes } = await open(kind, file);
    await page.waitForSelector(kind.ready);
    await unlink(file);
    changes.fire('gone');
    await expect.poll(() => page.innerText('body')).toMatch(kind.gone);
    expect(await page.locator(kind.ready).count()).toBeGreaterThan(0);
  });

  it('is read anew where it was cut, and says so', async () => {
    const file = join(folder, kind.name);
    await writeFile(file, kind.bytes());
    const { page, changes } = await open(kind, file);
    await page.waitForSelector(kind.ready);
    await truncate(file, kind.kept);
    changes.fire('changed');
    const again = page.getByRole('button', { name: /read|reload|again/i }).first();
    if (await again.isVisible().catch(() => false)) {
      await again.click();
    }
    await expect.poll(() => page.innerText('body')).toMatch(kind.cut);
  });

  it.runIf(process.getuid?.() === 0)('says in its place that it may not be read', async () => {
    const file = join(folder, kind.name);
    await writeFile(file, kind.bytes(), { mode: 0o600 });
    await withoutRights(async () => {
      const { page } = await open(kind, file);
      await expect.poll(() => page.innerText('body'), { timeout: 15_000 }).toMatch(kind.refused);
    });
  });

  it('says in its place that it is a folder', async () => {
    const { page } = await open(kind, folder);
    await expect.poll(() => page.innerText('body')).toMatch(/is a folder|not a regular file/);
  });
});
