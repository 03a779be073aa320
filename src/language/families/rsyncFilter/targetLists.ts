import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { OpenDocument } from '../../family.ts';
import type { FilterList } from './filterList.ts';

/** The lists of rules in `.vscode/trainyard.json`. */
export function listsOfTargets({ text, path }: Pick<OpenDocument, 'text' | 'path'>): readonly FilterList[] {
  const root = parseTree(text.getText(), [], { allowTrailingComma: true });
  const targets = root && findNodeAtLocation(root, ['targets']);
  return (targets?.children ?? []).flatMap((target) => {
    const rules = findNodeAtLocation(target, ['rules']);
    const isWhole = rules?.type === 'array' && rules.children?.every(({ type }) => type === 'string');
    return isWhole ? [listOfTarget(rules.children ?? [], folderOf(target, path), text)] : [];
  });
}

/** A pull takes names of the other side, which are not here. */
function folderOf(target: Node, path: string | undefined): string | undefined {
  const word = (name: string): unknown => findNodeAtLocation(target, [name])?.value as unknown;
  const local = word('local') ?? '.';
  return path === undefined || word('direction') === 'pull' || typeof local !== 'string' ? undefined : resolve(dirname(dirname(path)), local.replace(/^~(?=\/|$)/, homedir()));
}

function listOfTarget(nodes: readonly Node[], folder: string | undefined, text: OpenDocument['text']): FilterList {
  const whole = text.getText();
  const written = nodes.map(({ offset, length }) => offsetsOf(whole.slice(offset, offset + length)));
  return {
    lines: nodes.map(({ value }) => String(value)),
    folder,
    isOfTarget: true,
    place(line, { from, to }) {
      const [start, offsets] = [nodes[line]?.offset ?? 0, written[line] ?? []];
      return { from: start + (offsets[from] ?? 0), to: start + (offsets[to] ?? 0) };
    },
    at(offset) {
      const line = nodes.findIndex((node) => node.offset < offset && offset < node.offset + node.length);
      return line === -1 ? undefined : { line, column: (written[line] ?? []).findLastIndex((at) => (nodes[line]?.offset ?? 0) + at <= offset) };
    },
    edits: (edits) => edits.map(({ line, text: rules }) => {
      const [node, next, before] = [nodes[line], nodes[line + 1], nodes[line - 1]];
      const [start, stop] = [node?.offset ?? 0, (node?.offset ?? 0) + (node?.length ?? 0)];
      // Without a rule its comma goes as well.
      const [from, to] = rules.length > 0 ? [start, stop] : next !== undefined ? [start, next.offset] : [before === undefined ? start : before.offset + before.length, stop];
      return { range: { start: text.positionAt(from), end: text.positionAt(to) }, newText: rules.map((rule) => JSON.stringify(rule)).join(', ') };
    }),
  };
}

/** Where each character of a string stands in its JSON, and where the last one ends. */
function offsetsOf(json: string): readonly number[] {
  const offsets: number[] = [];
  let at = 1;
  while (at < json.length - 1) {
    offsets.push(at);
    at += json[at] !== '\\' ? 1 : json[at + 1] === 'u' ? 6 : 2;
  }
  return [...offsets, at];
}
