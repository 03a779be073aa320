import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextDocumentContentChangeEvent, TextDocumentItem } from 'vscode-languageserver-protocol';
import { pathOfUri } from '../pathOfUri.ts';
import type { DocumentChange, OpenDocument } from '../family.ts';
import type { DocumentLook } from '../recogniser.ts';
import { LOOK_LENGTH } from '../recogniser.ts';

/** A document of the editor, and what has changed in it since somebody last asked. */
export class LiveDocument implements OpenDocument {
  readonly uri: string;
  readonly path: string | undefined;
  readonly language: string;
  readonly text: TextDocument;
  private pending: DocumentChange | undefined;

  constructor({ uri, languageId, version, text }: TextDocumentItem) {
    this.uri = uri;
    this.path = pathOfUri(uri);
    this.language = languageId;
    this.text = TextDocument.create(uri, languageId, version, text);
  }

  get version(): number {
    return this.text.version;
  }

  look(): DocumentLook {
    const all = this.text.getText();
    return { uri: this.uri, path: this.path, language: this.language, head: all.slice(0, LOOK_LENGTH), isWhole: all.length <= LOOK_LENGTH };
  }

  apply(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    for (const change of changes) {
      const length = this.text.getText().length;
      const [start, oldEnd] = 'range' in change ? [this.text.offsetAt(change.range.start), this.text.offsetAt(change.range.end)] : [0, length];
      TextDocument.update(this.text, [change], version);
      this.note({ start, oldEnd, newEnd: start + change.text.length });
    }
  }

  /** What all changes since the last call come to. */
  takeChange(): DocumentChange | undefined {
    const change = this.pending;
    this.pending = undefined;
    return change;
  }

  /** Joins a change to those before it: `pending` speaks of the text before this one, and is to speak of the text after it. */
  private note({ start, oldEnd, newEnd }: DocumentChange): void {
    const { pending } = this;
    if (pending === undefined) {
      this.pending = { start, oldEnd, newEnd };
      return;
    }
    // Behind `pending.newEnd` the text is the old one, moved; what this change takes away from there was there before as well.
    const beyond = Math.max(0, oldEnd - pending.newEnd);
    const shift = newEnd - oldEnd;
    this.pending = {
      start: Math.min(start, pending.start),
      oldEnd: pending.oldEnd + beyond,
      newEnd: Math.max(oldEnd, pending.newEnd) + shift,
    };
  }
}
