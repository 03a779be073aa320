import type { Locator, Page } from 'playwright-core';
import { ContextMenu } from './contextMenu.ts';

/** Milliseconds. */
const PATIENCE = 30_000;
/** Steps of scrolling after which the top is looked at again. */
const SWEEP = 20;

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

  /** Opens the folders of `path` one after another, none where it is empty, and closes those that were open. */
  async expand(path: string): Promise<void> {
    await this.root.locator('.monaco-list').focus();
    await this.#page.keyboard.press('Control+ArrowLeft');
    await this.root.locator('.monaco-list-row[aria-expanded="true"]:not([aria-level="1"])').first().waitFor({ state: 'detached' });
    for (const name of path.split('/').filter(Boolean)) {
      const row = await this.#inView(name);
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
      const row = await this.#inView(name);
      await row.locator('.label-name').click({ modifiers: ['Control'] });
      await row.and(this.root.locator('.selected')).waitFor();
    }
  }

  /**
   * Scrolls to a row: only those in view are there. A folder whose content has just changed may be opened again by VS Code, and push
   * others out of view.
   */
  async #inView(name: string): Promise<Locator> {
    const row = this.row(name);
    const rows = this.root.locator('.monaco-list-rows');
    await rows.hover();
    const end = Date.now() + PATIENCE;
    for (let step = 0; (await row.count()) === 0; step++) {
      if (Date.now() > end) {
        throw new Error(`${name} is not in the Explorer`);
      }
      // From where it stands to the end, and then again from the top.
      await this.#page.mouse.wheel(0, step % SWEEP === SWEEP - 1 ? -1e6 : 200);
      await rows.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
    }
    return row;
  }

  /** Opens the context menu on a row; the selection that the row belongs to stays. */
  async contextMenu(name: string): Promise<ContextMenu> {
    await (await this.#inView(name)).locator('.label-name').click({ button: 'right' });
    return new ContextMenu(this.#page);
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
