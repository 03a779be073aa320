import type { CancellationToken, Connection, Diagnostic, TextDocumentContentChangeEvent, TextDocumentItem } from 'vscode-languageserver/node';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { Disposable } from '../../base/disposable.ts';
import { FAMILIES } from '../families/index.ts';
import type { DocumentFamily, DocumentSession } from '../family.ts';
import { DIAGNOSTICS_DELAY } from '../family.ts';
import type { AllProblems } from '../protocol.ts';
import type { Recogniser } from '../recogniser.ts';
import { capped } from './capped.ts';
import { LiveDocument } from './openDocuments.ts';
import type { ServerHost } from './serverHost.ts';

interface Open {
  readonly document: LiveDocument;
  family: string | undefined;
  session: DocumentSession | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Aborted when the document changes or closes, or is to be looked at anew. */
  controller: AbortController;
  problems: readonly Diagnostic[];
}

/** The sessions of all open documents: kept in step with their documents, asked one question at a time, and never fatal. */
export class OpenSessions implements Disposable {
  private readonly open_ = new Map<string, Open>();

  constructor(
    private readonly connection: Connection,
    private readonly host: ServerHost,
    private readonly recognisers: readonly Recogniser[],
  ) {}

  async open(item: TextDocumentItem): Promise<void> {
    this.close(item.uri);
    const open: Open = { document: new LiveDocument(item), family: undefined, session: undefined, timer: undefined, controller: new AbortController(), problems: [] };
    this.open_.set(item.uri, open);
    await this.recognise(open);
  }

  change(uri: string, changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    const open = this.open_.get(uri);
    if (open === undefined) {
      return;
    }
    open.document.apply(changes, version);
    this.schedule(open);
  }

  close(uri: string): void {
    const open = this.open_.get(uri);
    if (open === undefined) {
      return;
    }
    this.open_.delete(uri);
    clearTimeout(open.timer);
    open.controller.abort();
    open.session?.dispose?.();
    this.publish(open, []);
  }

  refresh(uri: string): void {
    const open = this.open_.get(uri);
    if (open) {
      this.schedule(open);
    }
  }

  refreshAll(): void {
    for (const open of this.open_.values()) {
      this.schedule(open);
    }
  }

  allProblems(uri: string): AllProblems {
    const problems = this.open_.get(uri)?.problems ?? [];
    return { total: problems.length, problems };
  }

  /** Asks the session of a document; null where there is none, or where it has no answer. */
  async ask<T>(uri: string, token: CancellationToken, question: (session: DocumentSession, signal: AbortSignal) => Promise<T | undefined> | T | undefined): Promise<T | null> {
    const open = this.open_.get(uri);
    if (open?.session === undefined) {
      return null;
    }
    const { session } = open;
    const controller = new AbortController();
    const cancelling = token.onCancellationRequested(() => controller.abort());
    const signal = AbortSignal.any([controller.signal, open.controller.signal]);
    try {
      this.bring(open);
      return (await question(session, signal)) ?? null;
    } catch (error) {
      if (signal.aborted) {
        throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The document has changed, or nobody waits any longer.');
      }
      this.host.log(`A question about ${uri} was not answered`, error);
      return null;
    } finally {
      cancelling.dispose();
    }
  }

  dispose(): void {
    for (const uri of [...this.open_.keys()]) {
      this.close(uri);
    }
  }

  /** Finds the family that the document is of now, and opens a session where it is another one than before. */
  private async recognise(open: Open): Promise<void> {
    const { document } = open;
    const look = document.look();
    const id = this.recognisers.find((recogniser) => recogniser.languages.includes(look.language) && recogniser.recognises(look))?.id;
    // A document that is broken while somebody types in it stays what it was.
    if (id !== undefined && id !== open.family) {
      const family = await this.load(id);
      if (family === undefined || this.open_.get(document.uri) !== open) {
        return;
      }
      open.session?.dispose?.();
      document.takeChange();
      open.session = this.sessionOf(family, document);
      open.family = open.session && id;
      if (open.session === undefined) {
        return;
      }
    }
    this.schedule(open);
  }

  private async load(id: string): Promise<DocumentFamily | undefined> {
    try {
      return await FAMILIES[id]?.();
    } catch (error) {
      this.host.log(`The family ${id} could not be loaded`, error);
      return undefined;
    }
  }

  private sessionOf(family: DocumentFamily, document: LiveDocument): DocumentSession | undefined {
    try {
      return family.open(document, this.host);
    } catch (error) {
      this.host.log(`${document.uri} could not be taken for a ${family.id}`, error);
      return undefined;
    }
  }

  private schedule(open: Open): void {
    open.controller.abort();
    open.controller = new AbortController();
    clearTimeout(open.timer);
    open.timer = setTimeout(() => void this.diagnose(open), DIAGNOSTICS_DELAY);
  }

  /** Lets the session know what has changed. */
  private bring({ document, session }: Open): void {
    const change = document.takeChange();
    if (change) {
      session?.changed?.(change);
    }
  }

  private async diagnose(open: Open): Promise<void> {
    const { document, session, controller } = open;
    const { signal } = controller;
    if (session?.diagnostics === undefined) {
      if (session === undefined) {
        await this.recogniseAgain(open);
      }
      return;
    }
    try {
      this.bring(open);
      const problems = await session.diagnostics(signal, (found) => {
        if (!signal.aborted) {
          this.publish(open, found);
        }
      });
      if (!signal.aborted) {
        this.publish(open, problems);
        this.host.refreshViews();
      }
    } catch (error) {
      if (!signal.aborted) {
        this.host.log(`${document.uri} could not be checked`, error);
      }
    }
  }

  /** A document that was of no family may have become one. */
  private async recogniseAgain(open: Open): Promise<void> {
    const look = open.document.look();
    if (this.recognisers.some((recogniser) => recogniser.languages.includes(look.language) && recogniser.recognises(look))) {
      await this.recognise(open);
    }
  }

  private publish(open: Open, problems: readonly Diagnostic[]): void {
    const { uri, version } = open.document;
    open.problems = problems;
    void this.connection.sendDiagnostics({ uri, version, diagnostics: capped(problems, this.host) });
  }
}
