import { ViewColumn, window } from 'vscode';
import type { WebviewPanel } from 'vscode';
import type { Disposable } from '../base/disposable.ts';

/** What shows in a panel. Disposing leaves the panel's tab as it is. */
export interface PanelContent extends Disposable {
  readonly panel: WebviewPanel;
}

export interface SinglePanelOptions<T extends PanelContent> {
  readonly viewType: string;
  readonly title: string;
  /** Shows in a panel that is new, or that VS Code has brought back when the window was reloaded. */
  readonly show: (panel: WebviewPanel) => T;
}

/** A page that a window shows once at most, in an editor tab. */
export class SinglePanel<T extends PanelContent> implements Disposable {
  private readonly serializer: Disposable;
  private current: T | undefined;

  constructor(private readonly options: SinglePanelOptions<T>) {
    this.serializer = window.registerWebviewPanelSerializer(options.viewType, {
      deserializeWebviewPanel: async (panel) => {
        if (this.current === undefined) {
          this.adopt(panel);
        } else {
          panel.dispose();
        }
      },
    });
  }

  get shown(): T | undefined {
    return this.current;
  }

  /** In the active editor group, or where it is. */
  open(): T {
    if (this.current !== undefined) {
      this.current.panel.reveal();
      return this.current;
    }
    const { viewType, title } = this.options;
    return this.adopt(window.createWebviewPanel(viewType, title, { viewColumn: ViewColumn.Active }));
  }

  /** The tab stays: VS Code brings it back when the window is reloaded. */
  dispose(): void {
    this.serializer.dispose();
    this.current?.dispose();
    this.current = undefined;
  }

  private adopt(panel: WebviewPanel): T {
    const content = this.options.show(panel);
    this.current = content;
    panel.onDidDispose(() => {
      content.dispose();
      if (this.current === content) {
        this.current = undefined;
      }
    });
    return content;
  }
}
