import type { Connection, InitializeParams, WorkspaceEdit } from 'vscode-languageserver/node';
import type { Disposable } from '../../base/disposable.ts';
import type { FamilyHost } from '../family.ts';
import { pathOfUri } from '../pathOfUri.ts';
import type { ServerOptions, ServerState } from '../protocol.ts';

/** What families see of the client. */
export class ServerHost implements FamilyHost {
  folders: readonly string[] = [];
  root = '';
  isTrusted = false;
  canWatch = false;
  private settings: Readonly<Record<string, unknown>> = {};
  private canRefresh: { readonly lenses: boolean; readonly hints: boolean } = { lenses: false, hints: false };
  private readonly fileListeners = new Set<(paths: readonly string[]) => void>();

  constructor(
    private readonly connection: Connection,
    readonly refresh: (uri: string) => void,
  ) {}

  initialise({ workspaceFolders, capabilities }: InitializeParams, options: ServerOptions | undefined): void {
    this.folders = (workspaceFolders ?? []).flatMap(({ uri }) => pathOfUri(uri) ?? []);
    this.root = options?.root ?? '';
    this.canWatch = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    this.canRefresh = { lenses: capabilities.workspace?.codeLens?.refreshSupport === true, hints: capabilities.workspace?.inlayHint?.refreshSupport === true };
    if (options !== undefined) {
      this.update(options);
    }
  }

  update({ isTrusted, settings }: ServerState): void {
    this.isTrusted ||= isTrusted;
    this.settings = settings;
  }

  setting(name: string): unknown {
    return this.settings[name];
  }

  refreshViews(): void {
    if (this.canRefresh.lenses) {
      this.connection.languages.connection.sendRequest('workspace/codeLens/refresh').catch((error: unknown) => this.log('Lenses were not asked for again', error));
    }
    if (this.canRefresh.hints) {
      this.connection.languages.inlayHint.refresh().catch((error: unknown) => this.log('Hints were not asked for again', error));
    }
  }

  async applyEdit(label: string, edit: WorkspaceEdit): Promise<boolean> {
    return (await this.connection.workspace.applyEdit({ label, edit })).applied;
  }

  log(message: string, error?: unknown): void {
    this.connection.console.error(error === undefined ? message : `${message}: ${error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)}`);
  }

  onDidChangeFiles(listener: (paths: readonly string[]) => void): Disposable {
    this.fileListeners.add(listener);
    return { dispose: () => this.fileListeners.delete(listener) };
  }

  filesChanged(paths: readonly string[]): void {
    for (const listener of this.fileListeners) {
      listener(paths);
    }
  }
}
