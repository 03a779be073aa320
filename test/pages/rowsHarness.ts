import type { Browser } from 'playwright-core';
import { createRowsService } from '../../src/dataset/rows/rowsService.ts';
import { createThumbnailsService } from '../../src/dataset/thumbnails/thumbnailsService.ts';
import { rowsPreview } from '../../src/dataset/vscode/previews/rows.ts';
import type { PageOptions } from './harness.ts';
import { BARE, openPreview } from './previewHarness.ts';
import type { OpenPreview } from './previewHarness.ts';

/** The preview of rows, with the thumbnails of their media. */
export function openRowsPage(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, file: string, storage: string, options?: PageOptions): Promise<OpenPreview> {
  const services = { rows: { made: createRowsService }, thumbnails: { made: () => createThumbnailsService({ ...BARE, storage, cacheBytes: 1_000_000 }, () => undefined) } };
  return openPreview(browser, bundles, rowsPreview, { file, services }, options);
}
