import type { FrameLocator, Locator, Page } from 'playwright-core';
import { Editor } from './editor.ts';
import { Explorer } from './explorer.ts';
import { Notifications } from './notifications.ts';
import { QuickPick } from './quickPick.ts';
import { TreeView } from './treeView.ts';
import { webviewFrame } from './webviewFrame.ts';

/** A window of VS Code as a person sees it. Nothing here waits for time to pass: each step waits for what it needs to see. */
export class Workbench {
  readonly page: Page;
  readonly explorer: Explorer;
  readonly quickPick: QuickPick;
  readonly notifications: Notifications;
  readonly editor: Editor;

  constructor(page: Page) {
    this.page = page;
    this.explorer = new Explorer(page);
    this.quickPick = new QuickPick(page);
    this.notifications = new Notifications(page);
    this.editor = new Editor(page);
  }

  /** Resolves when the window shows its files and what Trainyard adds to it; nothing of ours is active by then. */
  async ready(): Promise<void> {
    await this.explorer.root.locator('.monaco-list-row').first().waitFor({ timeout: 60_000 });
    await this.activity('Trainyard').waitFor();
  }

  /** Runs a command from the palette, by its full title: `Trainyard: Show Tools`. */
  async runCommand(title: string): Promise<void> {
    await this.openPalette(title);
    await this.quickPick.row(new RegExp(`^${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)).click();
  }

  /** Opens the palette with `filter` typed. The input is emptied by VS Code as it opens, so it is filled once it is there. */
  async openPalette(filter: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickPick.input.waitFor();
    await this.quickPick.type(`>${filter}`);
  }

  treeView(name: string): TreeView {
    return new TreeView(this.page, name);
  }

  webview(index?: number): FrameLocator {
    return webviewFrame(this.page, index);
  }

  /** Brings a view container to the front. Its icon would hide it where it is there already. */
  async show(container: string, content: Locator): Promise<void> {
    if (!(await content.isVisible())) {
      await this.activity(container).click();
      await content.waitFor();
    }
  }

  /** The icon of a view container in the activity bar. */
  activity(name: string): Locator {
    return this.page.locator(`.activitybar .action-item .action-label[aria-label^="${name}"]`);
  }

  /** Opens the panel below the editors at one of its tabs. */
  async openPanel(tab: string): Promise<void> {
    const label = this.page.locator(`.part.panel .composite-bar .action-label[aria-label^="${tab}"]`);
    if (!(await label.isVisible())) {
      await this.page.keyboard.press('Control+J');
    }
    await label.click();
  }

  get statusBar(): Locator {
    return this.page.locator('.statusbar');
  }
}
