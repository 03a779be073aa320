import type { Browser } from 'playwright-core';
import { createArraysService } from '../../src/dataset/arrays/arraysService.ts';
import { createSensorsService } from '../../src/dataset/sensors/sensorsService.ts';
import { arraysPreview } from '../../src/dataset/vscode/previews/arrays.ts';
import { sensorPreview } from '../../src/dataset/vscode/previews/sensor.ts';
import type { PageOptions } from './harness.ts';
import { BARE, openPreview, TOOLS } from './previewHarness.ts';
import type { OpenPreview } from './previewHarness.ts';

export function openArraysPage(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, file: string, options?: PageOptions): Promise<OpenPreview> {
  return openPreview(browser, bundles, arraysPreview, { file, services: { arrays: { made: (tell) => createArraysService(BARE, tell) } } }, options);
}

export function openSensorPage(browser: Browser, bundles: ReadonlyMap<string, Uint8Array>, file: string, options?: PageOptions): Promise<OpenPreview> {
  return openPreview(browser, bundles, sensorPreview, { file, services: { sensors: { made: (tell) => createSensorsService({ ...BARE, search: TOOLS }, tell) } } }, options);
}
