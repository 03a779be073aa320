/** What of a document decides whether the server is told of it. */
export interface DocumentLook {
  readonly uri: string;
  /** Absolute path of a document that is a file here. */
  readonly path: string | undefined;
  /** VS Code's id of its language. */
  readonly language: string;
  /** Its first characters, at most `LOOK_LENGTH` of them. */
  readonly head: string;
  /** Whether `head` is the whole document. */
  readonly isWhole: boolean;
}

export const LOOK_LENGTH = 65_536;

/**
 * Tells documents of one family by name and content. It runs in the extension host, for every document that opens in one of the
 * languages: it is cheap, knows nothing of the disk, and never takes a document that is not surely its own.
 */
export interface Recogniser {
  /** Of the family of the same id. */
  readonly id: string;
  /** VS Code's ids of the languages whose documents are looked at. Features are asked for in these alone. */
  readonly languages: readonly string[];
  recognises(look: DocumentLook): boolean;
}
