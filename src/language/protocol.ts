import type { Diagnostic } from 'vscode-languageserver-types';

/** What client and server say to one another beyond the Language Server Protocol. */

/** What the client hands over when it starts the server. */
export interface ServerOptions {
  /** Absolute path of the extension's own folder. */
  readonly root: string;
  readonly isTrusted: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Notification: the workspace was trusted, or a setting changed. */
export const STATE = 'trainyard/state';
export type ServerState = Pick<ServerOptions, 'isTrusted' | 'settings'>;

/** Request to the session of an open document; `method` and `params` are between it and whoever asks. */
export const DOCUMENT_REQUEST = 'trainyard/document';
export interface DocumentRequest {
  readonly uri: string;
  readonly method: string;
  readonly params?: unknown;
}

/** Request: checks a file that is too large for a document, and goes on with it as it grows. Answers once it was gone through. */
export const CHECK_FILE = 'trainyard/checkFile';
/** Notification: nobody wants to know any longer. */
export const FORGET_FILE = 'trainyard/forgetFile';
/** Notification of the server, while a large file is gone through. */
export const FILE_PROGRESS = 'trainyard/fileProgress';
export interface FileAddress {
  readonly uri: string;
}
export interface FileSummary {
  readonly uri: string;
  readonly rows: number;
  readonly bytes: number;
  readonly size: number;
  readonly problems: number;
  readonly seconds: number;
}

/** Request: every problem of a document or large file, those included that are beyond the cap. */
export const ALL_PROBLEMS = 'trainyard/allProblems';
export interface AllProblems {
  readonly total: number;
  /** In the order of the rows; at most `MOST_LISTED`. */
  readonly problems: readonly Diagnostic[];
}

/** Request: the rows of manifests beside and above a medium that name it. */
export const ROWS_OF_FILE = 'trainyard/rowsOfFile';
export interface RowsOfFile {
  /** Absolute path of the medium. */
  readonly path: string;
}
export interface NamingRow {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
  readonly length: number;
  /** The line's text, cut. */
  readonly text: string;
}
