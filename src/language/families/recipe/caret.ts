import { entryOf, type NodePath, type RecipeNode } from '../../../recipe/node.ts';
import { parseYaml } from '../../../recipe/parseYaml.ts';
import type { Span } from '../../../recipe/problem.ts';

/** What is being written at the caret. */
export interface Caret {
  /** The recipe as it would be with a word at the caret. */
  readonly root: RecipeNode;
  /** The map, list or key that the word belongs to. */
  readonly path: NodePath;
  readonly isKey: boolean;
  /** What is written of the word. */
  readonly begun: string;
  /** The word's characters in the present text. */
  readonly span: Span;
  /** In a quoted text: quotes are there already. */
  readonly isQuoted: boolean;
}

const MARK = 'trainyardCaret';
const WORD = /[^\s:,[\]{}"'#]*$/;

/**
 * Finds out what may be completed at an offset. A recipe that is being written is seldom YAML, so that it is read with a word in the
 * caret's place, as a key and as a value: where it is found again, there one stands.
 */
export function caretAt(text: string, offset: number): Caret | undefined {
  const begun = WORD.exec(text.slice(0, offset))?.[0] ?? '';
  const from = offset - begun.length;
  const to = offset + (/^[^\s:,[\]{}"'#]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const [before, after] = [text.slice(0, from), text.slice(to)];
  const isQuoted = /["']$/.test(before);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const startsLine = /^\s*(?:- +)*$/.test(line) || /[{,]\s*$/.test(line);
  const rest = after.slice(0, after.indexOf('\n') < 0 ? undefined : after.indexOf('\n'));
  const isFollowed = /^\s*:(?:\s|$)/.test(rest);
  const asKey = `${before}${MARK}${isFollowed ? '' : ': 0'}${after}`;
  const asValue = `${before}${MARK}${after}`;
  for (const [variant, isKey] of startsLine && !isQuoted ? ([[asKey, true], [asValue, false]] as const) : ([[asValue, false]] as const)) {
    const { root } = parseYaml(variant);
    const path = root && find(root, isKey);
    if (root !== undefined && path !== undefined) {
      return { root, path, isKey, begun, span: { from, to }, isQuoted };
    }
  }
  return undefined;
}

/** Way to the map of the key, or to the value itself. */
function find(node: RecipeNode, isKey: boolean): NodePath | undefined {
  switch (node.kind) {
    case 'scalar':
      return !isKey && node.text.includes(MARK) ? [] : undefined;
    case 'list':
      for (const [index, item] of node.items.entries()) {
        const path = find(item, isKey);
        if (path !== undefined) {
          return [index, ...path];
        }
      }
      return undefined;
    case 'map':
      if (isKey && entryOf(node, MARK) !== undefined) {
        return [];
      }
      for (const { key, value } of node.entries) {
        const path = find(value, isKey);
        if (path !== undefined) {
          return [key, ...path];
        }
      }
      return undefined;
  }
}
