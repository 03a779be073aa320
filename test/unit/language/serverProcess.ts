import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Diagnostic, InitializeResult, PublishDiagnosticsParams } from 'vscode-languageserver-protocol';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver-protocol/node';
import type { ProtocolConnection } from 'vscode-languageserver-protocol/node';
import { AS_SHIPPED } from '../asShipped.ts';

/** Bundles the server and its worker into a folder of its own; `dispose` removes it. */
export async function buildServer(): Promise<{ readonly folder: string; dispose(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-server-'));
  await build({ ...AS_SHIPPED, entryPoints: ['src/language/languageServer.ts', 'src/language/manifestWorker.ts'], outdir: folder, chunkNames: 'chunks/[name]-[hash]' });
  return { folder, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface StartOptions {
  readonly folders?: readonly string[];
  readonly isTrusted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The server in a process of its own, spoken to over its standard streams as an editor does. */
export class ServerProcess {
  private readonly published = new Map<string, PublishDiagnosticsParams[]>();
  private readonly listeners = new Set<() => void>();

  private constructor(
    readonly connection: ProtocolConnection,
    readonly pid: number,
    readonly initialised: InitializeResult,
    private readonly end: () => Promise<number | null>,
  ) {
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.set(params.uri, [...(this.published.get(params.uri) ?? []), params]);
      for (const listener of this.listeners) {
        listener();
      }
    });
  }

  static async start(folder: string, { folders = [], isTrusted = true, settings = {} }: StartOptions = {}): Promise<ServerProcess> {
    const child = spawn(process.execPath, [join(folder, 'languageServer.js'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    connection.listen();
    const initialised: InitializeResult = await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: { workspace: { workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } } },
      workspaceFolders: folders.map((path) => ({ uri: pathToFileURL(path).href, name: path })),
      initializationOptions: { root: process.cwd(), isTrusted, settings },
    });
    await connection.sendNotification('initialized', {});
    return new ServerProcess(connection, child.pid ?? 0, initialised, async () => {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      return ended;
    });
  }

  async open(path: string, language: string, text: string): Promise<string> {
    const uri = pathToFileURL(path).href;
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: language, version: 1, text } });
    return uri;
  }

  /** What was last published of a document, once it is of that version and `fits`. */
  async diagnostics(uri: string, fits: (diagnostics: readonly Diagnostic[]) => boolean = () => true, version?: number): Promise<readonly Diagnostic[]> {
    for (;;) {
      const last = this.published.get(uri)?.at(-1);
      if (last && (version === undefined || last.version === version) && fits(last.diagnostics)) {
        return last.diagnostics;
      }
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.listeners.delete(listener);
          resolve();
        };
        this.listeners.add(listener);
      });
    }
  }

  ask<T>(method: string, params: unknown): Promise<T> {
    return this.connection.sendRequest(method, params);
  }

  /** Ends it as an editor does; resolves to its exit code. */
  stop(): Promise<number | null> {
    return this.end();
  }
}
