import type { Locator, Page } from 'playwright-core';
import { ContextMenu } from './contextMenu.ts';

/** The Explorer's tree of files. */
export class Explorer {
  readonly root: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.root = page.locator('.explorer-folders-view');
  }

  /** A row in view, by the name of its file or folder. */
  row(name: string): Locator {
    return this.root.locator('.monaco-list-row').filter({ has: this.#page.locator(`.label-name >> text=/^${escapeRegExp(name)}$/`) });
  }

  /**
   * Opens the folders of `path` one after another, none where it is empty, and closes those that were open: only rows in view can
   * be found. A folder at the top whose content has just changed may be opened again by VS Code, with what is in it closed.
   */
  async expand(path: string): Promise<void> {
    await this.root.locator('.monaco-list').focus();
    await this.#page.keyboard.press('Control+ArrowLeft');
    await this.root.locator('.monaco-list-row[aria-expanded="true"]:not([aria-level="1"])').first().waitFor({ state: 'detached' });
    for (const name of path.split('/').filter(Boolean)) {
      const row = this.row(name);
      await row.waitFor();
      if ((await row.getAttribute('aria-expanded')) !== 'true') {
        await row.locator('.label-name').click();
      }
      await this.root.locator('.monaco-list-row[aria-expanded="true"]').filter({ hasText: name }).waitFor();
    }
  }

  /** Selects these rows and no others, without opening any: an editor that opens would take the selection to its own file. */
  async select(...names: readonly string[]): Promise<void> {
    const selected = this.root.locator('.monaco-list-row.selected');
    if ((await selected.count()) > 0) {
      await this.root.locator('.monaco-list').focus();
      await this.#page.keyboard.press('Escape');
      await selected.first().waitFor({ state: 'detached' });
    }
    for (const name of names) {
      await this.row(name).locator('.label-name').click({ modifiers: ['Control'] });
    }
    await selected.nth(names.length - 1).waitFor();
  }

  /** Opens the context menu on a row; the selection that the row belongs to stays. */
  async contextMenu(name: string): Promise<ContextMenu> {
    await this.row(name).locator('.label-name').click({ button: 'right' });
    return new ContextMenu(this.#page);
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
