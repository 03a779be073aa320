import type { Locator, Page } from 'playwright-core';
import { ContextMenu } from './contextMenu.ts';

/** A tree that an extension shows in a side bar. */
export class TreeView {
  readonly root: Locator;
  readonly #page: Page;

  /** @param name as its header says */
  constructor(page: Page, name: string) {
    this.#page = page;
    this.root = page.locator('.pane', { has: page.locator(`.pane-header[aria-label^="${name}"]`) });
  }

  get rows(): Locator {
    return this.root.locator('.monaco-list-row');
  }

  /** The first row whose label or description holds `text`. */
  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  /** What stands in the view while there are no rows. */
  get welcome(): Locator {
    return this.root.locator('.welcome-view-content');
  }

  async expand(text: string | RegExp): Promise<void> {
    const row = this.row(text);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'false') {
      await row.locator('.monaco-tl-twistie').click();
    }
  }

  /** Leaves its room to the views beside it. */
  async collapse(): Promise<void> {
    const header = this.root.locator('.pane-header');
    await header.waitFor();
    if ((await header.getAttribute('aria-expanded')) === 'true') {
      await header.click();
    }
  }

  async contextMenu(text: string | RegExp): Promise<ContextMenu> {
    await this.row(text).click({ button: 'right' });
    return new ContextMenu(this.#page);
  }
}
