import type { MessageNode } from '../webview/sensor/protocol.ts';

const MAX_NODES = 1500;
const MAX_ELEMENTS = 64;
const MAX_DEPTH = 16;
const MAX_TEXT = 1000;

/** A message line by line, cut where nobody would read on. */
export function messageTree(message: Readonly<Record<string, unknown>>): readonly MessageNode[] {
  const nodes: MessageNode[] = [];
  const visit = (name: string, value: unknown, depth: number) => {
    if (nodes.length >= MAX_NODES) {
      return;
    }
    if (value instanceof Uint8Array) {
      nodes.push({ depth, name, value: `[${value.length} bytes]`, kind: 'group' });
    } else if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      const list = value as ArrayLike<unknown>;
      nodes.push({ depth, name, value: list.length === 0 ? '[ ] empty' : `[${list.length}]`, kind: 'group' });
      for (let index = 0; index < Math.min(list.length, MAX_ELEMENTS) && depth < MAX_DEPTH; index++) {
        visit(String(index), list[index], depth + 1);
      }
      if (list.length > MAX_ELEMENTS) {
        nodes.push({ depth: depth + 1, name: '…', value: `${list.length - MAX_ELEMENTS} more`, kind: 'group' });
      }
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value);
      nodes.push({ depth, name, value: entries.length === 0 ? '{ } empty' : timeWords(value), kind: 'group' });
      if (depth < MAX_DEPTH) {
        entries.forEach(([inner, one]) => visit(inner, one, depth + 1));
      }
    } else {
      const text = typeof value === 'string' ? value : String(value);
      nodes.push({ depth, name, value: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text, kind: typeof value === 'string' ? 'text' : 'number' });
    }
  };
  Object.entries(message).forEach(([name, value]) => visit(name, value, 0));
  if (nodes.length >= MAX_NODES) {
    nodes.push({ depth: 0, name: '…', value: 'more is not shown', kind: 'group' });
  }
  return nodes;
}

/** Of a time stamp its date. */
function timeWords(value: object): string {
  const { sec, nsec, nanosec } = value as { readonly sec?: unknown; readonly nsec?: unknown; readonly nanosec?: unknown };
  const rest = nanosec ?? nsec;
  if (typeof sec !== 'number' || typeof rest !== 'number' || sec < 1e8) {
    return '';
  }
  return new Date(sec * 1000 + rest / 1e6).toISOString().replace('T', ' ');
}
