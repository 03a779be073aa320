import { html } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { printable } from '../base/printable.ts';
import { splitPath } from './pathParts.ts';

/** A file name or path in one line: cut in its middle where it does not fit, whole (`full`) on hover. */
export function pathText(shown: string, full: string, className = ''): TemplateResult {
  const { head, tail } = splitPath(shown);
  return html`<span class="path ${className}" title=${printable(full)}><span class="head">${head}</span>${tail === '' ? '' : html`<span class="tail">${tail}</span>`}</span>`;
}
