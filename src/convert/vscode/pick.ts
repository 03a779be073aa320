import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';

/** What a person did with a pick. */
export type PickEvent<T> =
  | { readonly type: 'accept'; readonly item: T }
  | { readonly type: 'button'; readonly item: T; readonly button: vscode.QuickInputButton }
  | { readonly type: 'back' }
  | { readonly type: 'hide' };

export interface PickSettings {
  readonly title: string;
  readonly placeholder: string;
  readonly step?: { readonly current: number; readonly total: number };
  readonly canGoBack?: boolean;
}

/** A quick pick whose events are asked for one at a time: one of the steps of a conversation. */
export class Pick<T extends vscode.QuickPickItem> implements Disposable {
  readonly ui = vscode.window.createQuickPick<T>();
  private readonly owned = new DisposableStore();
  private readonly events: PickEvent<T>[] = [];
  private waiting: ((event: PickEvent<T>) => void) | undefined;

  constructor({ title, placeholder, step, canGoBack }: PickSettings) {
    const { ui, owned } = this;
    ui.title = title;
    ui.placeholder = placeholder;
    ui.matchOnDescription = true;
    ui.matchOnDetail = true;
    ui.keepScrollPosition = true;
    if (step !== undefined) {
      ui.step = step.current;
      ui.totalSteps = step.total;
    }
    ui.buttons = canGoBack === true ? [vscode.QuickInputButtons.Back] : [];
    owned.add(ui);
    owned.add(
      ui.onDidAccept(() => {
        const [item] = ui.selectedItems;
        if (item !== undefined) {
          this.tell({ type: 'accept', item });
        }
      }),
    );
    owned.add(ui.onDidTriggerItemButton(({ item, button }) => this.tell({ type: 'button', item, button })));
    owned.add(ui.onDidTriggerButton(() => this.tell({ type: 'back' })));
    owned.add(ui.onDidHide(() => this.tell({ type: 'hide' })));
    ui.show();
  }

  next(): Promise<PickEvent<T>> {
    const event = this.events.shift();
    return event === undefined ? new Promise((resolve) => (this.waiting = resolve)) : Promise.resolve(event);
  }

  /** Replaces the items; what was active stays active, if it is still there by `key`. */
  setItems(items: readonly T[], key: (item: T) => unknown): void {
    const active = this.ui.activeItems.map(key);
    this.ui.items = items;
    const again = items.filter((item) => item.kind !== vscode.QuickPickItemKind.Separator && active.includes(key(item)));
    if (again.length > 0) {
      this.ui.activeItems = again;
    }
  }

  dispose(): void {
    this.owned.dispose();
  }

  private tell(event: PickEvent<T>): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting === undefined) {
      this.events.push(event);
    } else {
      waiting(event);
    }
  }
}

export function separator(label: string): vscode.QuickPickItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** Text as it stands, where VS Code would otherwise draw `$(name)` as an icon. It takes away the backslash before those alone. */
export function plainLabel(text: string): string {
  return text.replace(/\$\((?=[A-Za-z0-9-]+(?:~[A-Za-z]+)?\))/g, '\\$(');
}

/** Asks for a line of text; undefined where the person turned away. */
export async function askLine(options: {
  readonly title: string;
  readonly prompt: string;
  readonly value: string;
  readonly fault: (text: string) => string | undefined;
}): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: options.title,
    prompt: options.prompt,
    value: options.value,
    ignoreFocusOut: true,
    validateInput: options.fault,
  });
}
