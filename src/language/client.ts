import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { CloseAction, DidOpenTextDocumentNotification, ErrorAction, LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
import type { Disposable } from '../base/disposable.ts';
import { DisposableStore } from '../base/disposable.ts';
import { bundlePath } from '../installation.ts';
import type { Services } from '../platform/services.ts';
import { RECOGNISERS } from './families/recognisers.ts';
import type { AllProblems, FileSummary, NamingRow, ServerOptions, ServerState } from './protocol.ts';
import { ALL_PROBLEMS, CHECK_FILE, FILE_PROGRESS, FORGET_FILE, ROWS_OF_FILE, STATE } from './protocol.ts';
import { isOurs } from './vscode/documentLook.ts';

/** Milliseconds before the server is started again after it has died, doubled each time up to the last. */
const FIRST_DELAY = 250;
const LAST_DELAY = 30_000;
/** Milliseconds of health after which a death counts as the first one. */
const HEALTHY = 120_000;

export interface LanguageFace extends Disposable {
  /** Undefined where it is cancelled. */
  checkFile(uri: vscode.Uri, token: vscode.CancellationToken): Promise<FileSummary>;
  forgetFile(uri: vscode.Uri): Promise<void>;
  onFileProgress(listener: (summary: FileSummary) => void): Disposable;
  allProblems(uri: string): Promise<AllProblems>;
  rowsOfFile(path: string): Promise<readonly NamingRow[]>;
}

/** Starts the server. It is told of documents that one of its families recognises, and of no others. */
export async function startClient({ installation, trust, config, log }: Services): Promise<LanguageFace> {
  const owned = new DisposableStore();
  const sent = new Set<string>();
  let deaths = 0;
  let startedAt = 0;
  let isStopping = false;
  const stateNow = (): ServerState => ({
    isTrusted: trust.isGranted,
    settings: {
      'language.mostProblems': config.merged('language.mostProblems'),
      'language.inlayHints': config.merged('language.inlayHints'),
      ...Object.fromEntries(Object.entries(config.toolPaths()).map(([id, path]) => [`tools.${id}`, path])),
    },
  });
  const module = bundlePath(installation, 'languageServer');
  const channel = owned.add(vscode.window.createOutputChannel('Trainyard Language Server', { log: true }));
  const client = new LanguageClient(
    'trainyard.language',
    'Trainyard Language Server',
    { run: { module, transport: TransportKind.stdio }, debug: { module, transport: TransportKind.stdio } },
    {
      documentSelector: [...new Set(RECOGNISERS.flatMap(({ languages }) => languages))].map((language) => ({ scheme: 'file', language })),
      outputChannel: channel,
      initializationOptions: { root: installation.root, ...stateNow() } satisfies ServerOptions,
      markdown: { isTrusted: { enabledCommands: ['trainyard.language.openMedium', 'trainyard.language.revealMedium'] } },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        async closed() {
          if (isStopping) {
            return { action: CloseAction.DoNotRestart, handled: true };
          }
          deaths = Date.now() - startedAt > HEALTHY ? 1 : deaths + 1;
          log.warn(`The language server has ended and is started again (${deaths})`);
          await delay(Math.min(LAST_DELAY, FIRST_DELAY * 2 ** (deaths - 1)));
          return { action: isStopping ? CloseAction.DoNotRestart : CloseAction.Restart, handled: true };
        },
      },
      middleware: {
        async didOpen(document, next) {
          if (isOurs(document)) {
            sent.add(document.uri.toString());
            await next(document);
          }
        },
        async didChange(event, next) {
          const { document } = event;
          if (sent.has(document.uri.toString())) {
            await next(event);
          } else if (isOurs(document)) {
            sent.add(document.uri.toString());
            await client.sendNotification(DidOpenTextDocumentNotification.type, client.code2ProtocolConverter.asOpenTextDocumentParams(document));
          }
        },
        async didClose(document, next) {
          if (sent.delete(document.uri.toString())) {
            await next(document);
          }
        },
      },
    },
  );
  owned.add(
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Starting) {
        sent.clear();
        startedAt = Date.now();
      }
    }),
  );
  const tellState = (): void => void client.sendNotification(STATE, stateNow()).catch((error: unknown) => log.error('The language server was not told of a change', error));
  owned.add(trust.onDidGrant(tellState));
  owned.add(config.onDidChange('language', tellState));
  owned.add(config.onDidChange('tools', tellState));
  await client.start();

  return {
    checkFile: (uri, token) => client.sendRequest<FileSummary>(CHECK_FILE, { uri: uri.toString() }, token),
    forgetFile: (uri) => client.sendNotification(FORGET_FILE, { uri: uri.toString() }),
    onFileProgress: (listener) => client.onNotification(FILE_PROGRESS, listener),
    allProblems: (uri) => client.sendRequest<AllProblems>(ALL_PROBLEMS, { uri }),
    rowsOfFile: (path) => client.sendRequest<readonly NamingRow[]>(ROWS_OF_FILE, { path }),
    dispose() {
      isStopping = true;
      owned.dispose();
      void client.dispose().catch((error: unknown) => log.debug(`The language server was ended: ${String(error)}`));
    },
  };
}
