import type { CodeAction, CodeActionContext, CodeLens, CompletionList, Diagnostic, DocumentLink, DocumentSymbol, FoldingRange, Hover, InlayHint, Location, Position, Range } from 'vscode-languageserver-types';
import type { Disposable } from '../../base/disposable.ts';
import type { DocumentChange, DocumentFamily, DocumentSession, FamilyHost, OpenDocument } from '../family.ts';
import { Disk } from './disk.ts';
import { codeActionsAt, resolveBulk } from './features/actions.ts';
import { completionAt } from './features/completion.ts';
import { diagnosticOf } from './features/diagnostics.ts';
import { hoverAt } from './features/hover.ts';
import { SeenValues } from './features/seenValues.ts';
import { foldingOf, hintsIn, lensesOf, linksOf, rangeIn, symbolsOf, targetOf } from './features/views.ts';
import { ManifestModel } from './manifestModel.ts';
import { recogniseManifest } from './recogniseManifest.ts';

/** Problems that are handed on; the server shows fewer still, and lists these on request. */
export const MOST_PLACED = 10_000;

/** Manifests: one model a document, and one view of the disk for all of them. */
export function createManifestFamily(): DocumentFamily {
  const disk = new Disk();
  return { id: 'manifest', open: (document, host) => new ManifestSession(document, host, disk) };
}

class ManifestSession implements DocumentSession {
  private model: ManifestModel | undefined;
  private seen: SeenValues | undefined;
  private readonly listening: Disposable;

  constructor(
    private readonly document: OpenDocument,
    private readonly host: FamilyHost,
    private readonly disk: Disk,
  ) {
    this.renew();
    this.listening = host.onDidChangeFiles((paths) => this.filesChanged(paths));
  }

  changed(change: DocumentChange): void {
    this.seen?.forget();
    const now = recogniseManifest(this.document.look());
    if (this.model === undefined || (now !== undefined && (now.form !== this.model.form.id || now.kind !== this.model.kind.id))) {
      this.renew();
    } else {
      this.model.change(this.document.text.getText(), change);
    }
  }

  async diagnostics(signal: AbortSignal, publish: (diagnostics: readonly Diagnostic[]) => void): Promise<readonly Diagnostic[]> {
    const { model } = this;
    if (model === undefined) {
      return [];
    }
    await model.check(signal, () => publish(this.placed(model)));
    return this.placed(model);
  }

  completion(position: Position): CompletionList | undefined {
    return this.model && this.seen && completionAt(this.model, this.seen, this.document, position);
  }

  async hover(position: Position): Promise<Hover | undefined> {
    return this.model && hoverAt(this.model, this.disk, this.document, position);
  }

  definition(position: Position): Location[] | undefined {
    const { model, document } = this;
    const offset = document.text.offsetAt(position);
    const row = model?.rowAt(offset);
    if (model === undefined || row === undefined) {
      return undefined;
    }
    const path = model.state(row).paths.find((candidate) => contains(rangeIn(model, document, row, candidate), position));
    const target = path && targetOf(path);
    return target === undefined ? undefined : [{ uri: target, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } }];
  }

  /** Rows that name the same file. */
  references(position: Position): Location[] | undefined {
    const { model, document } = this;
    const row = model?.rowAt(document.text.offsetAt(position));
    if (model === undefined || row === undefined) {
      return undefined;
    }
    const file = model.state(row).paths.find((candidate) => contains(rangeIn(model, document, row, candidate), position))?.file;
    return file === undefined
      ? undefined
      : Array.from(model.known().entries()).flatMap(([other, state]) => (state?.paths ?? []).filter((path) => path.file === file).map((path) => ({ uri: document.uri, range: rangeIn(model, document, other, path) })));
  }

  links(): DocumentLink[] | undefined {
    return this.model && linksOf(this.model, this.document);
  }

  codeActions(range: Range, context: CodeActionContext): CodeAction[] | undefined {
    const isWanted = context.only === undefined || context.only.some((kind) => 'quickfix'.startsWith(kind));
    return this.model && isWanted ? codeActionsAt(this.model, this.document, range) : undefined;
  }

  resolveCodeAction(action: CodeAction): CodeAction {
    return this.model ? resolveBulk(action, this.model, this.document) : action;
  }

  lenses(): CodeLens[] | undefined {
    return this.model && lensesOf(this.model, this.document);
  }

  symbols(): DocumentSymbol[] | undefined {
    return this.model && symbolsOf(this.model, this.document);
  }

  folding(): FoldingRange[] | undefined {
    return this.model && foldingOf(this.model, this.document);
  }

  inlayHints(range: Range): InlayHint[] | undefined {
    return this.model && this.host.setting('language.inlayHints') !== false ? hintsIn(this.model, this.document, range) : undefined;
  }

  dispose(): void {
    this.listening.dispose();
  }

  private renew(): void {
    const { document, host, disk } = this;
    const recognised = recogniseManifest(document.look());
    this.model = recognised && new ManifestModel(recognised, document.text.getText(), document.path ?? document.uri, disk, host.folders);
    this.seen = this.model && new SeenValues(this.model);
  }

  private placed(model: ManifestModel): Diagnostic[] {
    return model.problems(MOST_PLACED).placed.map((problem) => diagnosticOf(problem, this.document.text));
  }

  private filesChanged(paths: readonly string[]): void {
    const { model, document, host, disk } = this;
    const others = paths.filter((path) => path !== document.path);
    if (model && others.length > 0) {
      disk.forget(others);
      if (model.filesChanged(others)) {
        host.refresh(document.uri);
      }
    }
  }
}

function contains({ start, end }: Range, { line, character }: Position): boolean {
  return (line > start.line || (line === start.line && character >= start.character)) && (line < end.line || (line === end.line && character <= end.character));
}
