import { html } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';

/** An icon of the set that VS Code uses, by the text of its SVG file. It takes the colour of the text around it and is silent: the words beside it, or its button's name, say what it means. */
export function icon(svg: string, className = ''): TemplateResult {
  return html`<span class="icon ${className}" aria-hidden="true">${unsafeSVG(svg)}</span>`;
}
