import type { Document, Pair, Scalar } from 'yaml';
import { isMap, isNode, isPair, isScalar, parseDocument, visit } from 'yaml';
import { isRecord } from '../../../base/isRecord.ts';
import type { RuleCode } from '../../../media/rules/index.ts';
import type { Finding, KeyPath } from '../../../media/rules/rule.ts';
import type { ManifestForm, ParsedRow, RowValue, Span } from './form.ts';

/** A YAML document as one row. */
export const yamlForm: ManifestForm = {
  id: 'yaml',
  split: (text) => (text.trim() === '' ? { starts: [], ends: [], layout: {}, findings: [] } : { starts: [0], ends: [text.length], layout: {}, findings: [] }),
  parse: (row) => new YamlRow(row),
  change({ text, span: [from, to] }, mend, path) {
    if (mend.do === 'removeRow') {
      return undefined;
    }
    if (mend.do === 'rewrite') {
      return { from, to, text: mend.text };
    }
    const row = new YamlRow(text.slice(from, to));
    const at = mend.at ?? path;
    const pair = row.pairAt(at);
    switch (mend.do) {
      case 'set': {
        const [start, end] = row.locate(at, 'value');
        return pair === undefined && at.length === 0 ? undefined : { from: from + start, to: from + end, text: typeof mend.value === 'string' && /^[\w./-]+$/.test(mend.value) ? mend.value : JSON.stringify(mend.value) };
      }
      case 'rename': {
        const [start, end] = row.locate(at, 'key');
        return { from: from + start, to: from + end, text: mend.to };
      }
      case 'add':
        return { from: to, to, text: `${text.slice(from, to).endsWith('\n') ? '' : '\n'}${String(at.at(-1))}: ${JSON.stringify(mend.value)}\n` };
      case 'removeKey': {
        const [start] = row.locate(at, 'key');
        const [, end] = row.locate(at, 'value');
        const line = text.indexOf('\n', from + end);
        return { from: from + start, to: line < 0 ? to : line + 1, text: '' };
      }
    }
  },
};

class YamlRow implements ParsedRow {
  readonly value: RowValue | undefined;
  readonly findings: readonly Finding<RuleCode>[];
  private readonly document: Document;

  constructor(private readonly row: string) {
    this.document = parseDocument(row, { uniqueKeys: false, logLevel: 'silent' });
    const [error] = this.document.errors;
    const value: unknown = error === undefined ? valueOf(this.document) : undefined;
    this.value = isRecord(value) ? value : undefined;
    this.findings =
      error === undefined
        ? [...twins(this.document), ...(this.value === undefined ? [{ code: 'row/unreadable', message: 'The document is no map of keys.' } as const] : [])]
        : [{ code: 'row/unreadable', message: error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '.') ?? 'No YAML.', span: [error.pos[0], Math.min(this.row.length, Math.max(error.pos[1], error.pos[0] + 1))] }];
  }

  pairAt(path: KeyPath): Pair | undefined {
    const owner = this.nodeAt(path.slice(0, -1));
    return isMap(owner) ? owner.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1))) : undefined;
  }

  locate(path: KeyPath, part: 'value' | 'key'): Span {
    for (let length = path.length; length > 0; length--) {
      const way = path.slice(0, length);
      const key = this.pairAt(way)?.key as Scalar | undefined;
      const node = part === 'key' && key?.range ? key : this.nodeAt(way);
      const range = isNode(node) ? node.range : key?.range;
      if (range) {
        return [range[0], Math.max(range[1], range[0])];
      }
    }
    return [0, Math.min(1, this.row.length)];
  }

  pathAt(offset: number): ReturnType<ParsedRow['pathAt']> {
    let found: ReturnType<ParsedRow['pathAt']>;
    visit(this.document, (key, node, ancestors) => {
      if (!isNode(node) || !node.range || offset < node.range[0] || offset > node.range[1]) {
        return isPair(node) ? undefined : visit.SKIP;
      }
      if (isScalar(node)) {
        found = { path: pathOf(ancestors, node), part: key === 'key' ? 'key' : 'value', span: [node.range[0], node.range[1]] };
      }
      return undefined;
    });
    return found;
  }

  /** Keys are compared as texts: those of maps may be numbers. */
  private nodeAt(path: KeyPath): unknown {
    let node: unknown = this.document.contents;
    for (const step of path) {
      node = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.value : isList(node) ? node.items[Number(step)] : undefined;
    }
    return node;
  }
}

function isList(node: unknown): node is { readonly items: readonly unknown[] } {
  return typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items) && !isMap(node);
}

function valueOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function pathOf(ancestors: readonly unknown[], node: unknown): (string | number)[] {
  const chain = [...ancestors, node];
  return chain.flatMap((item, index): (string | number)[] => {
    if (isPair(item) && isScalar(item.key)) {
      return [String(item.key.value)];
    }
    const next = chain[index + 1];
    return isList(item) ? [item.items.indexOf(next)] : [];
  });
}

function twins(document: Document): Finding<RuleCode>[] {
  const { contents } = document;
  if (!isMap(contents)) {
    return [];
  }
  const seen = new Set<unknown>();
  return contents.items.flatMap(({ key }): Finding<RuleCode>[] => {
    const name = isScalar(key) ? key.value : undefined;
    const range = isScalar(key) ? key.range : undefined;
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ code: 'row/key-twice', key: String(name), message: `The key ${String(name)} is there twice.`, ...(range && { span: [range[0], range[1]] }) }];
  });
}
