import type { Locator, Page } from 'playwright-core';

/** The notifications in the corner of the window. */
export class Notifications {
  readonly toasts: Locator;

  constructor(page: Page) {
    this.toasts = page.locator('.notifications-toasts .notification-list-item');
  }

  toast(message: string | RegExp): Locator {
    return this.toasts.filter({ hasText: message });
  }

  /** Waits for a notification and gives its message. */
  async message(message: string | RegExp): Promise<string> {
    return this.toast(message).first().locator('.notification-list-item-message').innerText();
  }

  /** The names of a notification's buttons. */
  async actions(message: string | RegExp): Promise<string[]> {
    const buttons = this.toast(message).first().locator('.notification-list-item-buttons-container .monaco-button');
    return buttons.allInnerTexts();
  }

  async choose(message: string | RegExp, action: string): Promise<void> {
    await this.toast(message).first().getByRole('button', { name: action, exact: true }).click();
  }
}
