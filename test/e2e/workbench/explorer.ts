import type { Locator, Page } from 'playwright-core';

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

  /** Opens the folders of `path` one after another: `expand('audio/long')`. */
  async expand(path: string): Promise<void> {
    for (const name of path.split('/')) {
      const row = this.row(name);
      await row.waitFor();
      if ((await row.getAttribute('aria-expanded')) !== 'true') {
        await row.locator('.label-name').click();
      }
      await this.root.locator('.monaco-list-row[aria-expanded="true"]').filter({ hasText: name }).waitFor();
    }
  }

  /** Selects these rows and no others. */
  async select(...names: readonly string[]): Promise<void> {
    for (const [index, name] of names.entries()) {
      await this.row(name).locator('.label-name').click(index === 0 ? {} : { modifiers: ['Control'] });
    }
  }

  /** Opens the context menu on a row, without giving up the selection that it belongs to, and takes an entry. */
  async contextMenu(name: string, entry: string): Promise<void> {
    await this.row(name).locator('.label-name').click({ button: 'right' });
    await this.menuEntry(entry).click();
    await this.#page.locator('.monaco-menu').waitFor({ state: 'hidden' });
  }

  /** Of the context menu that is open. */
  menuEntry(entry: string): Locator {
    return this.#page.locator('.monaco-menu .action-item').filter({ has: this.#page.locator(`.action-label[aria-label="${entry}"]`) });
  }

  /** Names of all entries of a row's context menu, which is closed again. */
  async contextMenuEntries(name: string): Promise<string[]> {
    await this.row(name).locator('.label-name').click({ button: 'right' });
    const labels = this.#page.locator('.monaco-menu .action-item .action-label:not(.separator)');
    await labels.first().waitFor();
    const names = await labels.evaluateAll((all) => all.map((label) => label.getAttribute('aria-label') ?? ''));
    await this.#page.keyboard.press('Escape');
    await labels.first().waitFor({ state: 'hidden' });
    return names.filter(Boolean);
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
