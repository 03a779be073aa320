import type {
  CodeAction,
  CodeActionContext,
  CodeLens,
  Command,
  CompletionItem,
  CompletionList,
  Definition,
  Diagnostic,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  Position,
  Range,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-types';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Disposable } from '../base/disposable.ts';
import type { DocumentLook } from './recogniser.ts';

/** A kind of document that the server understands: manifests, recipes, filter rules. */
export interface DocumentFamily {
  /** That of its recogniser. */
  readonly id: string;
  /** Called when such a document opens. What is costly waits until it is asked for. */
  open(document: OpenDocument, host: FamilyHost): DocumentSession;
}

/** A document that is open in the editor; all of its members tell how it is now. */
export interface OpenDocument {
  readonly uri: string;
  /** Absolute path; undefined where it is no file here. */
  readonly path: string | undefined;
  readonly language: string;
  readonly version: number;
  /** UTF-16 positions and offsets of the present text. The object stays the same over all changes. */
  readonly text: TextDocument;
  look(): DocumentLook;
}

/** What all changes since the last time come to: the text before `start` and that behind `newEnd` are as they were. In UTF-16 units. */
export interface DocumentChange {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/**
 * One open document. Everything is optional: what is left out, the document does not have. Each is called with the document as it is
 * now; `signal` is aborted when the document changes, closes, or nobody waits any longer; rejections with its reason are silent.
 * An error in one of them is logged and answered with nothing, so that one document never takes the server with it.
 */
export interface DocumentSession extends Partial<Disposable> {
  /** Told before anything else is asked of the changed document. */
  changed?(change: DocumentChange): void;
  /**
   * What is wrong, asked for after `DIAGNOSTICS_DELAY` milliseconds without a change. `publish` may be called before the last word,
   * with what is known until then; it replaces what was published before.
   */
  diagnostics?(signal: AbortSignal, publish: (diagnostics: readonly Diagnostic[]) => void): Promise<readonly Diagnostic[]> | readonly Diagnostic[];
  completion?(position: Position, signal: AbortSignal, trigger: string | undefined): Answer<CompletionList | readonly CompletionItem[]>;
  hover?(position: Position, signal: AbortSignal): Answer<Hover>;
  signatureHelp?(position: Position, signal: AbortSignal): Answer<SignatureHelp>;
  definition?(position: Position, signal: AbortSignal): Answer<Definition>;
  references?(position: Position, signal: AbortSignal): Answer<readonly Location[]>;
  links?(signal: AbortSignal): Answer<readonly DocumentLink[]>;
  /** Given back from `links` without a target, when somebody follows it. */
  resolveLink?(link: DocumentLink, signal: AbortSignal): Answer<DocumentLink>;
  codeActions?(range: Range, context: CodeActionContext, signal: AbortSignal): Answer<readonly (CodeAction | Command)[]>;
  /** Given back from `codeActions` without an edit, when it is chosen. `data` is the session's own and may be anything JSON. */
  resolveCodeAction?(action: CodeAction, signal: AbortSignal): Answer<CodeAction>;
  lenses?(signal: AbortSignal): Answer<readonly CodeLens[]>;
  symbols?(signal: AbortSignal): Answer<readonly DocumentSymbol[]>;
  folding?(signal: AbortSignal): Answer<readonly FoldingRange[]>;
  inlayHints?(range: Range, signal: AbortSignal): Answer<readonly InlayHint[]>;
  format?(signal: AbortSignal): Answer<readonly TextEdit[]>;
  /** Answers the client's request `trainyard/document` with the method's name: what no part of the protocol has a name for. */
  request?(method: string, params: unknown, signal: AbortSignal): Answer<unknown>;
}

export type Answer<T> = Promise<T | undefined> | T | undefined;

/** Milliseconds of quiet before diagnostics are asked for. */
export const DIAGNOSTICS_DELAY = 120;

/** What the server gives to its families. */
export interface FamilyHost {
  /** Absolute paths of the workspace's folders. */
  readonly folders: readonly string[];
  /** Absolute path of the extension's own folder. */
  readonly root: string;
  /** Whether tools may be run, and what is found in the workspace be trusted. May become true, never false. */
  readonly isTrusted: boolean;
  /** A setting below `trainyard.`, as the client last told it. */
  setting(name: string): unknown;
  /** Asks for diagnostics again although the document did not change: a tool was found, a file beside it has changed. */
  refresh(uri: string): void;
  /** Has lenses and hints asked for again. */
  refreshViews(): void;
  /** Previewable and undone in one go where it carries change annotations. */
  applyEdit(label: string, edit: WorkspaceEdit): Promise<boolean>;
  log(message: string, error?: unknown): void;
  /** Told with absolute paths when files of the workspace are made, changed or deleted. */
  onDidChangeFiles(listener: (paths: readonly string[]) => void): Disposable;
}
