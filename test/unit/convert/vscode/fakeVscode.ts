/** As much of VS Code's API as the conversions' face uses, driven by tests: `vi.mock('vscode', () => import('./fakeVscode.ts'))`. */

type Listener<T> = (value: T) => unknown;

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();

  readonly event = (listener: Listener<T>): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };

  fire(value: T): void {
    [...this.listeners].forEach((listener) => listener(value));
  }

  dispose(): void {
    this.listeners.clear();
  }
}

export class ThemeIcon {
  constructor(
    readonly id: string,
    readonly color?: ThemeColor,
  ) {}
}

export class ThemeColor {
  constructor(readonly id: string) {}
}

export class Uri {
  private constructor(
    readonly scheme: string,
    readonly path: string,
  ) {}

  static file(path: string): Uri {
    return new Uri('file', path);
  }

  static from({ scheme, path }: { scheme: string; path: string }): Uri {
    return new Uri(scheme, path);
  }

  get fsPath(): string {
    return this.path;
  }
}

export class TabInputText {
  constructor(readonly uri: Uri) {}
}

export class TabInputCustom {
  constructor(readonly uri: Uri) {}
}

export class TreeItem {
  constructor(
    readonly label: string,
    readonly collapsibleState: number,
  ) {}
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const QuickInputButtons = { Back: { id: 'back' } };
export const ViewColumn = { One: 1, Beside: -2 };
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };

export interface FakeItem {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly kind?: number;
  readonly buttons?: readonly unknown[];
}

export class FakePick {
  title = '';
  placeholder = '';
  busy = false;
  ignoreFocusOut = false;
  step: number | undefined;
  totalSteps: number | undefined;
  buttons: unknown[] = [];
  items: readonly FakeItem[] = [];
  activeItems: readonly FakeItem[] = [];
  selectedItems: readonly FakeItem[] = [];
  isOpen = false;
  private readonly accepted = new EventEmitter<void>();
  private readonly triggered = new EventEmitter<unknown>();
  private readonly triggeredItem = new EventEmitter<{ item: FakeItem; button: unknown }>();
  private readonly hidden = new EventEmitter<void>();

  readonly onDidAccept = this.accepted.event;
  readonly onDidTriggerButton = this.triggered.event;
  readonly onDidTriggerItemButton = this.triggeredItem.event;
  readonly onDidHide = this.hidden.event;

  show(): void {
    this.isOpen = true;
    window.shown.push(this);
    window.waiting.splice(0).forEach((resolve) => resolve(this));
  }

  hide(): void {
    if (this.isOpen) {
      this.isOpen = false;
      this.hidden.fire();
    }
  }

  dispose(): void {
    this.hide();
  }

  get labels(): readonly string[] {
    return this.items.map(({ label, kind }) => (kind === QuickPickItemKind.Separator ? `-- ${label}` : label.replace(/^\$\([a-z-]+\) /, '')));
  }

  itemOf(label: string): FakeItem {
    const item = this.items[this.labels.indexOf(label)];
    if (item === undefined) {
      throw new Error(`There is no “${label}” among ${this.labels.join(', ')}`);
    }
    return item;
  }

  /** As a person presses Enter on the item with this label, its icon left out. */
  accept(label: string): void {
    this.selectedItems = [this.itemOf(label)];
    this.accepted.fire();
  }

  back(): void {
    this.triggered.fire(QuickInputButtons.Back);
  }

  button(label: string, index = 0): void {
    const item = this.itemOf(label);
    this.triggeredItem.fire({ item, button: item.buttons?.[index] });
  }
}

const trustGranted = new EventEmitter<void>();

export const window = {
  shown: [] as FakePick[],
  waiting: [] as ((pick: FakePick) => void)[],
  progress: [] as { messages: string[]; isOpen: boolean }[],
  inputs: [] as (string | undefined)[],
  folders: [] as (Uri[] | undefined)[],
  tabGroups: { activeTabGroup: { activeTab: undefined as { input: unknown } | undefined } },
  createQuickPick: (): FakePick => new FakePick(),
  /** Types the next of `inputs`, where the validation lets it pass. */
  async showInputBox({ validateInput }: { validateInput: (text: string) => string | undefined }): Promise<string | undefined> {
    const text = window.inputs.shift();
    return text === undefined || validateInput(text) !== undefined ? undefined : text;
  },
  showOpenDialog: async (): Promise<Uri[] | undefined> => window.folders.shift(),
  async withProgress(_: unknown, task: (progress: { report(value: { message: string }): void }, token: unknown) => Promise<unknown>): Promise<unknown> {
    const entry = { messages: [] as string[], isOpen: true };
    window.progress.push(entry);
    try {
      return await task({ report: ({ message }) => void entry.messages.push(message) }, { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) });
    } finally {
      entry.isOpen = false;
    }
  },
  createTreeView: (_: string, { treeDataProvider }: { treeDataProvider: unknown }) => {
    const visibility = new EventEmitter<{ visible: boolean }>();
    const view = {
      treeDataProvider,
      visible: false,
      message: '',
      badge: undefined as { value: number } | undefined,
      revealed: [] as unknown[],
      onDidChangeVisibility: visibility.event,
      setVisible(visible: boolean): void {
        view.visible = visible;
        visibility.fire({ visible });
      },
      reveal: async (node: unknown) => void view.revealed.push(node),
      dispose: () => undefined,
    };
    window.trees.push(view);
    return view;
  },
  trees: [] as { setVisible(visible: boolean): void; badge: { value: number } | undefined; message: string }[],
};

export const workspace = {
  isTrusted: true,
  textDocuments: [] as { uri: Uri; isDirty: boolean; save(): Promise<boolean> }[],
  workspaceFolders: [] as { name: string; uri: Uri }[],
  settings: {} as Record<string, { globalValue?: unknown; workspaceValue?: unknown; defaultValue?: unknown }>,
  onDidGrantWorkspaceTrust: trustGranted.event,
  getConfiguration: (root: string) => ({
    get(name: string): unknown {
      const found = workspace.settings[`${root}.${name}`];
      return found?.workspaceValue ?? found?.globalValue ?? found?.defaultValue;
    },
    inspect: (name: string) => workspace.settings[`${root}.${name}`],
  }),
};

export const env = {
  copied: [] as string[],
  clipboard: { writeText: async (text: string) => void env.copied.push(text) },
};

export const commands = {
  executed: [] as unknown[][],
  executeCommand: async (...args: unknown[]) => void commands.executed.push(args),
};

/** The pick that is open, or the next to open. */
export async function openPick(): Promise<FakePick> {
  const open = window.shown.filter(({ isOpen }) => isOpen).at(-1);
  return open ?? new Promise((resolve) => window.waiting.push(resolve));
}

export function resetVscode(): void {
  window.shown.splice(0);
  window.waiting.splice(0);
  window.progress.splice(0);
  window.inputs.splice(0);
  window.folders.splice(0);
  window.trees.splice(0);
  window.tabGroups.activeTabGroup.activeTab = undefined;
  workspace.isTrusted = true;
  workspace.workspaceFolders = [];
  workspace.settings = {};
  env.copied.splice(0);
  commands.executed.splice(0);
}
