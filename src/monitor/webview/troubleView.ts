import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { icon } from '../../webview/icon.ts';
import { errorIcon, infoIcon, warningIcon } from '../../webview/icons.ts';
import type { Trouble } from './protocol.ts';

const ICONS: Readonly<Record<Trouble['level'], readonly [svg: string, tone: string]>> = { info: [infoIcon, ''], warning: [warningIcon, 'yellow'], error: [errorIcon, 'red'] };

export interface TroubleEvents {
  readonly copy: () => void;
  readonly way: (way: NonNullable<Trouble['way']>) => void;
}

const WAYS: Readonly<Record<NonNullable<Trouble['way']>, string>> = { signIn: 'Sign in…', retryBox: 'Try again now' };

/** What is so, what still works, the measured facts, and one thing to do. */
export function troubleView(trouble: Trouble, events: TroubleEvents): TemplateResult {
  const [svg, tone] = ICONS[trouble.level];
  return html`<section class="trouble">
    <h2>${icon(svg, tone)}${trouble.title}</h2>
    <p class="dim">${trouble.text}</p>
    ${trouble.facts.length === 0 ? nothing : html`<dl>${trouble.facts.map(([title, value]) => html`<dt>${title}</dt><dd>${value}</dd>`)}</dl>`}
    ${trouble.said === null ? nothing : html`<pre class="mono">${trouble.said}</pre>`}
    ${trouble.way === null
      ? trouble.level === 'info'
        ? nothing
        : html`<button class="button small" @click=${events.copy}>Copy details</button>`
      : html`<button class="button small ${trouble.way === 'signIn' ? 'main' : ''}" data-action=${trouble.way} @click=${() => trouble.way !== null && events.way(trouble.way)}>${WAYS[trouble.way]}</button>`}
  </section>`;
}
