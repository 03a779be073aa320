import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** Keeps a picture of the window in `test/e2e/screenshots/`, which git ignores. @returns its path */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = join(ROOT, 'test', 'e2e', 'screenshots', `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  return path;
}

/** A screenshot that is worth showing: with TRAINYARD_PICTURES set, `media/pictures/` gets it for the README. */
export async function picture(page: Page, name: string): Promise<void> {
  const path = await screenshot(page, name);
  if (process.env.TRAINYARD_PICTURES) {
    const pictures = join(ROOT, 'media', 'pictures');
    await mkdir(pictures, { recursive: true });
    await copyFile(path, join(pictures, `${name}.png`));
  }
}
