import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';

const ROOT = resolve(import.meta.dirname, '..', '..');

/**
 * Keeps a picture of the window in `test/e2e/screenshots/`, which git ignores. With TRAINYARD_PICTURES set, also in
 * `media/pictures/`, where the README's pictures come from.
 *
 * @returns the picture's path
 */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = join(ROOT, 'test', 'e2e', 'screenshots', `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  if (process.env.TRAINYARD_PICTURES) {
    const pictures = join(ROOT, 'media', 'pictures');
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled', caret: 'hide' });
  }
  return path;
}
