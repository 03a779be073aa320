import type { Locator, Page } from 'playwright-core';

/** The context menu that is open. */
export class ContextMenu {
  readonly entries: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.entries = page.locator('.monaco-menu .action-item').filter({ has: page.locator('.action-label:not(.separator)') });
  }

  entry(name: string): Locator {
    return this.entries.filter({ has: this.#page.locator(`.action-label[aria-label="${name}"]`) });
  }

  async names(): Promise<string[]> {
    await this.entries.first().waitFor();
    const labels = this.entries.locator('.action-label');
    const names = await labels.evaluateAll((all) => all.map((label) => label.getAttribute('aria-label') ?? ''));
    return names.filter(Boolean);
  }

  async choose(name: string): Promise<void> {
    // A menu is deaf to the mouse button for its first 100 ms, but not to the keyboard.
    await this.entry(name).hover();
    await this.#page.keyboard.press('Enter');
    await this.entries.first().waitFor({ state: 'hidden' });
  }

  async dismiss(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.entries.first().waitFor({ state: 'hidden' });
  }
}
