import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node, type Pair } from 'yaml';
import type { MapEntry, RecipeNode } from './node.ts';
import { problemAt, type RecipeProblem, type Span } from './problem.ts';

/** Characters. */
export const LONGEST_RECIPE = 128 * 1024;
const DEEPEST = 32;
/** Brackets that are open at a time: the parser below calls itself for each. */
const MOST_OPEN = 200;

export interface ParsedYaml {
  /** As far as the text could be read; undefined where there is nothing of it. */
  readonly root: RecipeNode | undefined;
  readonly problems: readonly RecipeProblem[];
}

/** Reads a text that may be anything. What is not plain YAML 1.2 (anchors, aliases, tags, merge keys) is told and left out. Throws nothing. */
export function parseYaml(text: string): ParsedYaml {
  if (text.length > LONGEST_RECIPE) {
    const message = `A recipe has at most ${LONGEST_RECIPE / 1024} KiB; this one has ${Math.ceil(text.length / 1024)}.`;
    return { root: undefined, problems: [problemAt({ from: 0, to: Math.min(1, text.length) }, 'recipe/too-large', message)] };
  }
  const open = tooManyOpen(text);
  if (open !== undefined) {
    return { root: undefined, problems: [problemAt({ from: open, to: open + 1 }, 'recipe/too-large', 'Brackets are nested too deep.')] };
  }
  return new Reader(text).read();
}

function tooManyOpen(text: string): number | undefined {
  let depth = 0;
  let dashes = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x5b || character === 0x7b) {
      depth++;
    } else if (character === 0x5d || character === 0x7d) {
      depth = Math.max(0, depth - 1);
    }
    // `- - - -` and `? ? ? ?` on one line nest as brackets do; so does each deeper indentation.
    dashes = character === 0x0a ? 0 : (character === 0x2d || character === 0x3f || character === 0x3a) && text.charCodeAt(at + 1) === 0x20 ? dashes + 1 : dashes;
    if (depth > MOST_OPEN || dashes > MOST_OPEN) {
      return at;
    }
  }
  return undefined;
}

class Reader {
  private readonly problems: RecipeProblem[] = [];

  constructor(private readonly text: string) {}

  read(): ParsedYaml {
    try {
      const document = parseDocument(this.text, { prettyErrors: false, uniqueKeys: false, merge: false, schema: 'core', logLevel: 'silent' });
      for (const { pos, message } of [...document.errors, ...document.warnings]) {
        this.tell(this.clamped(pos[0], Math.max(pos[1], pos[0] + 1)), 'recipe/yaml', `${message.replace(/\s+/g, ' ').trim()}.`.replace(/\.\.$/, '.'));
      }
      const { contents } = document;
      return { root: contents === null ? undefined : this.nodeOf(contents, { from: 0, to: this.text.length }, 0), problems: this.problems };
    } catch (error) {
      // The library gives up on what is nested too deep.
      this.tell(this.clamped(0, 1), 'recipe/yaml', `The text cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
      return { root: undefined, problems: this.problems };
    }
  }

  private nodeOf(node: Node, around: Span, depth: number): RecipeNode {
    const span = this.spanOf(node, around);
    if (depth > DEEPEST) {
      this.tell(span, 'recipe/too-large', `Values are nested deeper than ${DEEPEST} levels.`);
      return { kind: 'scalar', value: null, text: '', ...span };
    }
    if (isAlias(node)) {
      this.tell(span, 'recipe/alias', `*${node.source} is an alias: write the value out.`);
      return { kind: 'scalar', value: null, text: '', ...span };
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
      this.tell(span, 'recipe/alias', `&${node.anchor} is an anchor: nothing in a recipe may refer to it.`);
    }
    if (typeof node.tag === 'string' && !node.tag.startsWith('tag:yaml.org,2002:')) {
      this.tell(span, 'recipe/alias', `${node.tag} is a tag, and recipes have none.`);
    }
    if (isMap(node)) {
      return { kind: 'map', entries: this.entriesOf(node.items as readonly Pair<Node | null, Node | null>[], span, depth), ...span };
    }
    if (isSeq(node)) {
      return { kind: 'list', items: node.items.map((item) => this.nodeOrNull(item as Node | null, span, depth + 1)), ...span };
    }
    return this.scalarOf(node, span);
  }

  private entriesOf(pairs: readonly Pair<Node | null, Node | null>[], around: Span, depth: number): readonly MapEntry[] {
    const entries: MapEntry[] = [];
    const seen = new Set<string>();
    for (const { key, value } of pairs) {
      const keySpan = key === null ? { from: around.from, to: around.from } : this.spanOf(key, around);
      if (!isScalar(key)) {
        this.tell(keySpan, 'recipe/type', 'A key has to be a word.');
        continue;
      }
      const name = String(key.value);
      if (name === '<<') {
        this.tell(keySpan, 'recipe/alias', '<< merges other maps, which recipes do not do.');
      }
      if (seen.has(name)) {
        this.tell(keySpan, 'recipe/duplicate-key', `“${name}” stands in this map already.`);
      }
      seen.add(name);
      entries.push({ key: name, keySpan, value: this.nodeOrNull(value, { from: keySpan.to, to: keySpan.to }, depth + 1) });
    }
    return entries;
  }

  private nodeOrNull(node: Node | null, around: Span, depth: number): RecipeNode {
    return node === null ? { kind: 'scalar', value: null, text: '', from: around.to, to: around.to } : this.nodeOf(node, around, depth);
  }

  private scalarOf(node: Node, span: Span): RecipeNode {
    const value: unknown = isScalar(node) ? node.value : null;
    const source = isScalar(node) ? node.source : undefined;
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') {
      return { kind: 'scalar', value, text: typeof value === 'string' ? value : (source ?? String(value)), ...span };
    }
    return { kind: 'scalar', value: null, text: '', ...span };
  }

  private spanOf(node: Node, around: Span): Span {
    return node.range ? this.clamped(node.range[0], node.range[1]) : around;
  }

  private clamped(from: number, to: number): Span {
    const start = Math.max(0, Math.min(from, this.text.length));
    return { from: start, to: Math.max(start, Math.min(to, this.text.length)) };
  }

  private tell(span: Span, code: RecipeProblem['code'], message: string): void {
    this.problems.push(problemAt(span, code, message));
  }
}
