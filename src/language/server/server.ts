import type {
  CancellationToken,
  Connection,
  InitializeParams,
  InitializeResult,
  TextDocumentIdentifier,
} from 'vscode-languageserver/node';
import { CodeActionKind, DidChangeWatchedFilesNotification, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { isRecord } from '../../base/isRecord.ts';
import type { DocumentSession } from '../family.ts';
import { RECOGNISERS } from '../families/recognisers.ts';
import type { AllProblems, DocumentRequest, FileAddress, RowsOfFile, ServerOptions, ServerState } from '../protocol.ts';
import { ALL_PROBLEMS, CHECK_FILE, DOCUMENT_REQUEST, FORGET_FILE, ROWS_OF_FILE, STATE } from '../protocol.ts';
import { pathOfUri } from '../pathOfUri.ts';
import { findNamingRows } from '../manifest/namingRows.ts';
import { LargeFiles } from '../manifest/large/largeFiles.ts';
import { OpenSessions } from './openSessions.ts';
import { ServerHost } from './serverHost.ts';

/** Translates between the protocol and the sessions of open documents. */
export class LanguageServer {
  private readonly host: ServerHost;
  private readonly sessions: OpenSessions;
  private readonly largeFiles: LargeFiles;

  constructor(private readonly connection: Connection) {
    this.host = new ServerHost(connection, (uri) => this.sessions.refresh(uri));
    this.sessions = new OpenSessions(connection, this.host, RECOGNISERS);
    this.largeFiles = new LargeFiles(connection, this.host);
  }

  start(): void {
    const { connection, host, sessions, largeFiles } = this;
    connection.onInitialize((params) => this.initialise(params));
    connection.onInitialized(() => {
      if (host.canWatch) {
        void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*' }] });
      }
    });
    connection.onNotification(STATE, (state: ServerState) => {
      host.update(state);
      sessions.refreshAll();
    });
    connection.onDidOpenTextDocument(({ textDocument }) => void sessions.open(textDocument));
    connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => sessions.change(textDocument.uri, contentChanges, textDocument.version));
    connection.onDidCloseTextDocument(({ textDocument }) => sessions.close(textDocument.uri));
    connection.onDidChangeWatchedFiles(({ changes }) => host.filesChanged(changes.flatMap(({ uri }) => pathOfUri(uri) ?? [])));
    this.answerDocuments();
    connection.onRequest(DOCUMENT_REQUEST, ({ uri, method, params }: DocumentRequest, token: CancellationToken) => sessions.ask(uri, token, (session, signal) => session.request?.(method, params, signal)));
    connection.onRequest(CHECK_FILE, ({ uri }: FileAddress, token: CancellationToken) => largeFiles.check(uri, token));
    connection.onNotification(FORGET_FILE, ({ uri }: FileAddress) => largeFiles.forget(uri));
    connection.onRequest(ALL_PROBLEMS, ({ uri }: FileAddress): AllProblems => largeFiles.allProblems(uri) ?? sessions.allProblems(uri));
    connection.onRequest(ROWS_OF_FILE, ({ path }: RowsOfFile) => findNamingRows(path, host.folders));
    connection.onShutdown(() => {
      sessions.dispose();
      largeFiles.dispose();
    });
    connection.listen();
  }

  private initialise(params: InitializeParams): InitializeResult {
    const options: unknown = params.initializationOptions;
    this.host.initialise(params, isRecord(options) ? (options as unknown as ServerOptions) : undefined);
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        completionProvider: { triggerCharacters: ['"', '/', ':', ',', '=', '@', ' '] },
        hoverProvider: true,
        signatureHelpProvider: { triggerCharacters: ['=', ':'] },
        definitionProvider: true,
        referencesProvider: true,
        documentLinkProvider: { resolveProvider: true },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll, CodeActionKind.Source], resolveProvider: true },
        codeLensProvider: {},
        documentSymbolProvider: true,
        foldingRangeProvider: true,
        inlayHintProvider: true,
        documentFormattingProvider: false,
      },
      serverInfo: { name: 'Trainyard' },
    };
  }

  private answerDocuments(): void {
    const { connection, sessions } = this;
    const ask = <T>({ uri }: TextDocumentIdentifier, token: CancellationToken, question: (session: DocumentSession, signal: AbortSignal) => T | Promise<T | undefined> | undefined): Promise<T | null> => sessions.ask(uri, token, question);
    connection.onCompletion(({ textDocument, position, context }, token) => ask(textDocument, token, async (session, signal) => {
      const found = await session.completion?.(position, signal, context?.triggerCharacter);
      return found === undefined ? undefined : 'items' in found ? found : [...found];
    }));
    connection.onHover(({ textDocument, position }, token) => ask(textDocument, token, (session, signal) => session.hover?.(position, signal)));
    connection.onSignatureHelp(({ textDocument, position }, token) => ask(textDocument, token, (session, signal) => session.signatureHelp?.(position, signal)));
    connection.onDefinition(({ textDocument, position }, token) => ask(textDocument, token, (session, signal) => session.definition?.(position, signal)));
    connection.onReferences(({ textDocument, position }, token) => ask(textDocument, token, (session, signal) => listed(session.references?.(position, signal))));
    connection.onDocumentLinks(({ textDocument }, token) => ask(textDocument, token, async (session, signal) => (await session.links?.(signal))?.map((link) => ({ ...link, data: { uri: textDocument.uri, data: link.data as unknown } }))));
    connection.onDocumentLinkResolve((link, token) => resolveAt(link, link.data, token, (session, own, signal) => session.resolveLink?.(own, signal)));
    connection.onCodeAction(({ textDocument, range, context }, token) => ask(textDocument, token, async (session, signal) => (await session.codeActions?.(range, context, signal))?.map((action) => (typeof action.command === 'string' ? action : { ...action, data: { uri: textDocument.uri, data: 'data' in action ? (action.data as unknown) : undefined } }))));
    connection.onCodeActionResolve((action, token) => resolveAt(action, action.data, token, (session, own, signal) => session.resolveCodeAction?.(own, signal)));
    connection.onCodeLens(({ textDocument }, token) => ask(textDocument, token, (session, signal) => listed(session.lenses?.(signal))));
    connection.onDocumentSymbol(({ textDocument }, token) => ask(textDocument, token, (session, signal) => listed(session.symbols?.(signal))));
    connection.onFoldingRanges(({ textDocument }, token) => ask(textDocument, token, (session, signal) => listed(session.folding?.(signal))));
    connection.languages.inlayHint.on(({ textDocument, range }, token) => ask(textDocument, token, (session, signal) => listed(session.inlayHints?.(range, signal))));

    /** Hands a link or action back to the session that gave it, with the session's own data. */
    async function resolveAt<T extends { data?: unknown }>(item: T, tagged: unknown, token: CancellationToken, question: (session: DocumentSession, own: T, signal: AbortSignal) => Promise<T | undefined> | T | undefined): Promise<T> {
      if (!isRecord(tagged) || typeof tagged.uri !== 'string') {
        return item;
      }
      return (await sessions.ask(tagged.uri, token, (session, signal) => question(session, { ...item, data: tagged.data }, signal))) ?? item;
    }
  }
}

/** A list of which the protocol may make its own. */
async function listed<T>(answer: Promise<readonly T[] | undefined> | readonly T[] | undefined): Promise<T[] | undefined> {
  const found = await answer;
  return found === undefined ? undefined : [...found];
}
