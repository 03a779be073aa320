import type { Browser } from 'playwright-core';
import type { Service } from '../../src/dataset/service.ts';
import type { Preview } from '../../src/dataset/vscode/preview.ts';
import type { PageOptions } from './harness.ts';
import { openPreview } from './previewHarness.ts';
import type { OpenPreview, PreviewScene } from './previewHarness.ts';

export type PlayerScene = Pick<PreviewScene, 'file' | 'onHost'>;

/** The preview of a recording or a film, by services that outlive it. */
export function openPlayer(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, preview: Preview<never, never>, services: Readonly<Record<string, Service<never>>>, scene: PlayerScene, options?: PageOptions): Promise<OpenPreview> {
  return openPreview(browser, bundles, preview, { ...scene, services: Object.fromEntries(Object.entries(services).map(([name, lent]) => [name, { lent }])) }, options);
}
