import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount } from '../../../base/format.ts';

const MAX_CHILDREN = 200;
const MAX_TEXT = 2000;

export interface TreeState {
  /** Paths that differ from how their depth is shown at first. */
  readonly turned: ReadonlySet<string>;
  turn(path: string): void;
}

/** A JSON value as a tree of which the upper two levels are open. */
export function jsonTree(value: unknown, state: TreeState): TemplateResult {
  return html`<div class="tree" role="tree" aria-label="Values">${children(value, '', 1, state)}</div>`;
}

function children(value: unknown, path: string, level: number, state: TreeState): unknown {
  const entries = Array.isArray(value) ? value.slice(0, MAX_CHILDREN).map((inner, index) => [String(index), inner] as const) : Object.entries(value as object).slice(0, MAX_CHILDREN);
  const total = Array.isArray(value) ? value.length : Object.keys(value as object).length;
  return html`${entries.map(([key, inner]) => node(key, inner, `${path}/${key}`, level, state))}${total > entries.length ? html`<p class="dim">and ${formatCount(total - entries.length)} more</p>` : nothing}`;
}

function node(key: string, value: unknown, path: string, level: number, state: TreeState): TemplateResult {
  const isBranch = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isBranch) {
    return html`<div role="treeitem" aria-level=${level} class="leaf"><span class="key">${key}</span> ${leaf(value)}</div>`;
  }
  const isOpen = level <= 2 !== state.turned.has(path);
  const count = Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`;
  return html`<div role="treeitem" aria-level=${level} aria-expanded=${isOpen}>
    <button class="branch" @click=${() => state.turn(path)}><span class="twist" aria-hidden="true">${isOpen ? '▾' : '▸'}</span><span class="key">${key}</span> <span class="dim">${count}</span></button>
    ${isOpen ? html`<div role="group" class="children">${children(value, path, level + 1, state)}</div>` : nothing}
  </div>`;
}

function leaf(value: unknown): TemplateResult {
  if (value === null) {
    return html`<i class="unknown">null</i>`;
  }
  if (typeof value === 'string') {
    return html`<span class="string">${JSON.stringify(value.slice(0, MAX_TEXT))}${value.length > MAX_TEXT ? html`<i class="unknown"> … ${formatCount(value.length)} characters</i>` : nothing}</span>`;
  }
  return html`<span class="value">${JSON.stringify(value)}</span>`;
}
