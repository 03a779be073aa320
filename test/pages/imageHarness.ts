import type { Browser } from 'playwright-core';
import type { Annotation } from '../../src/dataset/sample.ts';
import { createImageService } from '../../src/dataset/image/imageService.ts';
import { imagePreview } from '../../src/dataset/vscode/previews/image.ts';
import type { PageOptions } from './harness.ts';
import { BARE, openPreview } from './previewHarness.ts';
import type { OpenPreview } from './previewHarness.ts';

export interface ImageScene {
  readonly file: string;
  /** What a dataset around it says of the picture; none where left out. */
  readonly annotations?: readonly Annotation[];
}

/** The preview of a picture. */
export function openImage(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, { file, annotations }: ImageScene, options?: PageOptions): Promise<OpenPreview> {
  const made = () => {
    const service = createImageService(BARE);
    const told = { format: 'COCO', file: '/data/instances_train.json', items: annotations };
    return { handlers: { ...service.handlers, ...(annotations && { annotations: () => told }) }, dispose: () => service.dispose() };
  };
  return openPreview(browser, bundles, imagePreview, { file, services: { image: { made } } }, options);
}
