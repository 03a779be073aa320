import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CodeActionKind,
  MarkupKind,
  SymbolKind,
  type CodeAction,
  type CodeLens,
  type CompletionItem,
  type Diagnostic,
  type DocumentLink,
  type DocumentSymbol,
  type Hover,
  type Position,
  type Range,
  type SignatureHelp,
} from 'vscode-languageserver-types';
import type { Disposable } from '../../../base/disposable.ts';
import { createThrottle } from '../../../base/throttle.ts';
import { globOf } from '../../../recipe/globs.ts';
import { presetsOfSchema } from '../../../recipe/jsonSchema.ts';
import { entryOf } from '../../../recipe/node.ts';
import { RECIPE_RULES, severityOf, type RecipeProblem, type Span } from '../../../recipe/problem.ts';
import { readRecipe, type ReadRecipe } from '../../../recipe/readRecipe.ts';
import type { Vocabulary } from '../../../recipe/recipe.ts';
import { SEVERITIES } from '../../diagnosticSeverity.ts';
import type { DocumentFamily, DocumentSession, FamilyHost, OpenDocument } from '../../family.ts';
import { caretAt } from './caret.ts';
import { completionsAt } from './complete.ts';
import { diskProblems, namesOf } from './diskChecks.ts';
import { dryProblems } from './dryParse.ts';
import { graphCompletions, signatureFor } from './graphHelp.ts';
import { hoverTextAt } from './hover.ts';
import { partAt, partsOf, rawGraphsOf, type Part } from './stepParts.ts';
import { toolProblems } from './toolChecks.ts';
import { ToolLookup, type InstalledTools } from './tools/installedTools.ts';

/** Recipes: one look-up of tools for all of them. `lookup`: made for the host where left out. */
export function createRecipeFamily(lookup?: (host: FamilyHost) => ToolLookup): DocumentFamily {
  let tools: ToolLookup | undefined;
  let vocabulary: Vocabulary | undefined;
  return {
    id: 'recipe',
    open(document, host) {
      tools ??= lookup?.(host) ?? new ToolLookup(host);
      vocabulary ??= vocabularyOf(host);
      return new RecipeSession(document, tools, vocabulary, host);
    },
  };
}

/** The presets are those of the schema, which is made of them. */
function vocabularyOf(host: FamilyHost): Vocabulary {
  try {
    return { presets: presetsOfSchema(JSON.parse(readFileSync(join(host.root, 'syntaxes', 'recipe.schema.json'), 'utf8'))) };
  } catch (error) {
    host.log('The presets are not known', error);
    return { presets: [] };
  }
}

const SOURCE = 'Trainyard';
/** Milliseconds between two looks at inputs in a folder in which files change all the time. */
const LOOK_AGAIN = 5000;

class RecipeSession implements DocumentSession {
  private read: (ReadRecipe & { readonly text: string; readonly parts: readonly Part[] }) | undefined;
  private problems: readonly RecipeProblem[] = [];
  /** What the tools said of this very text. */
  private tried: { readonly text: string; readonly tools: InstalledTools; readonly problems: readonly RecipeProblem[] } | undefined;
  private readonly owned: readonly Disposable[];

  constructor(
    private readonly document: OpenDocument,
    private readonly tools: ToolLookup,
    private readonly vocabulary: Vocabulary,
    host: FamilyHost,
  ) {
    // An input may have come or gone. Where files change all the time, what is being tried is not given up for each of them.
    const again = createThrottle(LOOK_AGAIN, () => host.refresh(document.uri));
    this.owned = [again, host.onDidChangeFiles(() => again.request())];
  }

  dispose(): void {
    this.owned.forEach((one) => one.dispose());
  }

  changed(): void {
    this.read = undefined;
  }

  async diagnostics(signal: AbortSignal, publish: (diagnostics: readonly Diagnostic[]) => void): Promise<readonly Diagnostic[]> {
    const { root, problems, parts, text } = this.current();
    this.problems = problems;
    publish(this.diagnosed());
    const add = (more: readonly RecipeProblem[]): void => {
      signal.throwIfAborted();
      this.problems = [...this.problems, ...more];
    };
    if (root === undefined) {
      return this.diagnosed();
    }
    if (this.document.path !== undefined) {
      add(await diskProblems(root, this.document.path, signal));
    }
    const tools = await this.tools.get();
    if (tools !== undefined && this.tried?.text === text && this.tried.tools === tools) {
      // Only the disk has changed since: no tool is asked again.
      add(this.tried.problems);
    } else if (tools !== undefined) {
      const told = await toolProblems(root, parts, tools.facts, this.vocabulary);
      add(told);
      publish(this.diagnosed());
      const tried = await dryProblems(root, parts, this.faultySteps(), tools.runner, signal);
      add(tried);
      this.tried = { text, tools, problems: [...told, ...tried] };
    }
    return this.diagnosed();
  }

  async completion(position: Position, signal: AbortSignal): Promise<readonly CompletionItem[]> {
    const text = this.document.text.getText();
    const offset = this.document.text.offsetAt(position);
    const facts = (await this.tools.get())?.facts;
    signal.throwIfAborted();
    const graph = rawGraphsOf(this.current().root).find(({ node }) => offset > node.from && offset <= node.to);
    if (graph !== undefined && (facts === undefined || graph.node.text !== '')) {
      return facts === undefined ? [] : graphCompletions({ ...graph, offset, text, rangeOf: (span) => this.rangeOf(span) }, facts);
    }
    const caret = caretAt(text, offset);
    return caret === undefined ? [] : completionsAt(caret, this.rangeOf(caret.span), this.vocabulary, facts);
  }

  async hover(position: Position, signal: AbortSignal): Promise<Hover | undefined> {
    const { root, parts } = this.current();
    const offset = this.document.text.offsetAt(position);
    if (root === undefined) {
      return undefined;
    }
    const facts = (await this.tools.get())?.facts;
    signal.throwIfAborted();
    const found = await hoverTextAt(root, partAt(parts, offset), offset, this.vocabulary, facts);
    return found && { contents: { kind: MarkupKind.Markdown, value: found.markdown }, range: this.rangeOf(found.span) };
  }

  async signatureHelp(position: Position): Promise<SignatureHelp | undefined> {
    const offset = this.document.text.offsetAt(position);
    const part = partAt(this.current().parts, offset);
    const facts = (await this.tools.get())?.facts;
    const isBehindName = part !== undefined && offset > part.nameSpan.to;
    return part && facts && isBehindName ? signatureFor(part, offset, facts) : undefined;
  }

  codeActions(range: Range): readonly CodeAction[] {
    const { text } = this.document;
    const [from, to] = [text.offsetAt(range.start), text.offsetAt(range.end)];
    return this.problems
      .filter((problem) => problem.from <= to && problem.to >= from)
      .flatMap((problem) =>
        (problem.fixes ?? []).map(({ title, edits }): CodeAction => ({
          title,
          kind: CodeActionKind.QuickFix,
          isPreferred: true,
          diagnostics: [this.diagnosticOf(problem)],
          edit: { changes: { [this.document.uri]: edits.map((edit) => ({ range: this.rangeOf(edit), newText: edit.text })) } },
        })),
      );
  }

  /** Above the first line of the recipe itself. */
  lenses(): readonly CodeLens[] {
    const { root } = this.current();
    if (root?.kind !== 'map' || this.document.path === undefined) {
      return [];
    }
    const start = this.document.text.positionAt(root.from);
    const range = { start, end: start };
    const lens = (title: string, command: string): CodeLens => ({ range, command: { title, command, arguments: [this.document.uri] } });
    return [
      lens('$(play) Run', 'trainyard.recipe.run'),
      lens('$(checklist) Dry run', 'trainyard.recipe.dryRun'),
      lens('$(beaker) Run on one sample', 'trainyard.recipe.sample'),
    ];
  }

  links(): readonly DocumentLink[] {
    const { root } = this.current();
    const { path } = this.document;
    if (root === undefined || path === undefined) {
      return [];
    }
    const folder = dirname(path);
    return namesOf(root)
      .filter((node) => !globOf(node.text, folder).hasWildcard)
      .map((node) => ({ range: this.rangeOf(node), target: pathToFileURL(resolve(folder, node.text)).href }));
  }

  symbols(): readonly DocumentSymbol[] {
    const { root } = this.current();
    const steps = entryOf(root, 'steps')?.value;
    if (root?.kind !== 'map') {
      return [];
    }
    const stepSymbols = (steps?.kind === 'list' ? steps.items : []).map((step, index): DocumentSymbol => {
      const range = this.rangeOf(step);
      const preset = entryOf(step, 'preset')?.value;
      const name = preset?.kind === 'scalar' && preset.text !== '' ? preset.text : ((step.kind === 'map' ? step.entries[0]?.key : undefined) || '?');
      return { name: `${index + 1} ${name}`, kind: SymbolKind.Function, range, selectionRange: { start: range.start, end: range.start } };
    });
    return root.entries.map(({ key, keySpan, value }) => ({
      name: key || '?',
      kind: SymbolKind.Property,
      range: this.rangeOf({ from: keySpan.from, to: Math.max(keySpan.to, value.to) }),
      selectionRange: this.rangeOf(keySpan),
      ...(key === 'steps' && { children: stepSymbols }),
    }));
  }

  private current(): NonNullable<RecipeSession['read']> {
    const text = this.document.text.getText();
    if (this.read?.text !== text) {
      const read = readRecipe(text, this.vocabulary);
      this.read = { ...read, text, parts: partsOf(read.root, text) };
    }
    return this.read;
  }

  /** Steps that have errors already: a tool could only say the same of them in other words, or is not to be shown them. */
  private faultySteps(): ReadonlySet<number> {
    const { root } = this.current();
    const steps = entryOf(root, 'steps')?.value;
    const faulty = (steps?.kind === 'list' ? steps.items : []).flatMap((step, index) => {
      const isIn = ({ from, to, code }: RecipeProblem): boolean => (severityOf(code) === 'error' || code.startsWith('recipe/tool-')) && from <= step.to && to >= step.from;
      return this.problems.some(isIn) ? [index] : [];
    });
    return new Set(faulty);
  }

  private diagnosed(): readonly Diagnostic[] {
    return this.problems.map((problem) => this.diagnosticOf(problem));
  }

  private diagnosticOf(problem: RecipeProblem): Diagnostic {
    const { code, message } = problem;
    return { range: this.rangeOf(problem), severity: SEVERITIES[RECIPE_RULES[code].severity], code, message, source: SOURCE };
  }

  private rangeOf({ from, to }: Span): Range {
    const { text } = this.document;
    return { start: text.positionAt(from), end: text.positionAt(to) };
  }
}
