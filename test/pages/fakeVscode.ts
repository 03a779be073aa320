/** What the pages' hosts use of VS Code, standing in for it outside of VS Code. */

type Listener<T> = (value: T) => void;

export class FakeEvent<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>) => {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };

  get size(): number {
    return this.listeners.size;
  }

  fire(value: T): void {
    [...this.listeners].forEach((listener) => listener(value));
  }
}

export class FakeUri {
  constructor(
    readonly path: string,
    readonly scheme = 'file',
    readonly query = '',
  ) {}

  static file(path: string): FakeUri {
    return new FakeUri(path);
  }

  static from({ path, scheme, query }: { readonly path: string; readonly scheme: string; readonly query?: string }): FakeUri {
    return new FakeUri(path, scheme, query);
  }

  get fsPath(): string {
    return this.path;
  }

  with({ path }: { readonly path: string }): FakeUri {
    return new FakeUri(path);
  }

  toString(): string {
    return this.path;
  }
}

/** The address under which a page believes to run. */
export const ORIGIN = 'https://page.test';

export class FakeWebview {
  html = '';
  options: Record<string, unknown> = {};
  readonly cspSource = ORIGIN;
  readonly received = new FakeEvent<unknown>();
  readonly onDidReceiveMessage = this.received.event;
  /** Where messages go: the browser's page, once there is one. */
  deliver: ((message: unknown) => Promise<void>) | undefined;

  asWebviewUri(uri: FakeUri): FakeUri {
    return new FakeUri(`${ORIGIN}${uri.path}`);
  }

  async postMessage(message: unknown): Promise<boolean> {
    await this.deliver?.(message);
    return this.deliver !== undefined;
  }
}

export class FakePanel {
  readonly webview = new FakeWebview();
  visible = true;
  revealed = 0;
  private readonly viewState = new FakeEvent<unknown>();
  private readonly disposed = new FakeEvent<void>();
  readonly onDidChangeViewState = this.viewState.event;
  readonly onDidChangeVisibility = this.viewState.event;
  readonly onDidDispose = this.disposed.event;

  constructor(public title: string) {}

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.viewState.fire(undefined);
  }

  reveal(): void {
    this.revealed++;
  }

  dispose(): void {
    this.disposed.fire();
  }
}

/** Every panel that was made, the latest last. */
export const panels: FakePanel[] = [];
export const serializers = new Map<string, { deserializeWebviewPanel(panel: FakePanel, state: unknown): Promise<void> }>();

export const Uri = FakeUri;

/** The commands that were run, with their arguments. */
export const ranCommands: (readonly unknown[])[] = [];
export const commands = {
  async executeCommand(...command: readonly unknown[]): Promise<undefined> {
    ranCommands.push(command);
    return undefined;
  },
};

export const ViewColumn = { Active: -1 };

export const window = {
  createWebviewPanel(_viewType: string, title: string): FakePanel {
    const panel = new FakePanel(title);
    panels.push(panel);
    return panel;
  },
  registerWebviewPanelSerializer(viewType: string, serializer: { deserializeWebviewPanel(panel: FakePanel, state: unknown): Promise<void> }) {
    serializers.set(viewType, serializer);
    return { dispose: () => void serializers.delete(viewType) };
  },
};
