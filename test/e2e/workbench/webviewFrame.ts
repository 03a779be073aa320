import type { FrameLocator, Page } from 'playwright-core';

/**
 * The document of a webview of an extension. VS Code wraps it twice: a frame that belongs to VS Code, in it a frame that holds
 * the extension's page.
 *
 * @param index which of the webviews that are loaded, where there are several
 */
export function webviewFrame(page: Page, index = 0): FrameLocator {
  return page.frameLocator('iframe.webview.ready').nth(index).frameLocator('iframe#active-frame');
}
