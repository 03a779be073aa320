import type { Locator, Page } from 'playwright-core';

/** VS Code's quick pick, which is also its command palette. */
export class QuickPick {
  readonly root: Locator;
  /** The rows that can be chosen. */
  readonly rows: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.root = page.locator('.quick-input-widget:visible');
    this.rows = this.root.locator('.quick-input-list .monaco-list-row');
  }

  /** What VS Code shows above the input. */
  get title(): Locator {
    return this.root.locator('.quick-input-title');
  }

  get input(): Locator {
    return this.root.locator('.quick-input-box input');
  }

  /** The row whose label is `label`, whatever its description. */
  row(label: string | RegExp): Locator {
    const name = this.#page.locator('.label-name', { hasText: label });
    return this.rows.filter({ has: name }).first();
  }

  description(label: string | RegExp): Locator {
    return this.row(label).locator('.label-description');
  }

  /** Waits for the row and takes it. */
  async choose(label: string | RegExp): Promise<void> {
    await this.row(label).click();
  }

  /** Narrows the list; what is typed is put into the input whole. */
  async type(text: string): Promise<void> {
    await this.input.fill(text);
  }

  /** Label and description of each row in view, from top to bottom. */
  async texts(): Promise<string[]> {
    const rows = await this.rows.all();
    const texts = await Promise.all(rows.map((row) => row.locator('.quick-input-list-label-meta, .quick-input-list-row').first().innerText()));
    return texts.map((text) => text.replace(/\s+/g, ' ').trim());
  }

  async dismiss(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.root.waitFor({ state: 'hidden' });
  }
}
