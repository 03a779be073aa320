import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isAbsent } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { Quantity } from './quantity.ts';

/** A number with its small unit; where there is none a dotted dash that says why; blank where it does not apply. */
export function cell<T>(value: Measured<T> | null | undefined, show: (value: T) => TemplateResult | string): TemplateResult | string | typeof nothing {
  if (value === undefined || value === null) {
    return nothing;
  }
  return isAbsent(value) ? unknown(value.absent) : show(value);
}

export function unknown(reason: string): TemplateResult {
  const words = `Not known: ${printable(reason)}`;
  return html`<span class="unk" title=${words}><span aria-hidden="true">–</span><span class="spoken">${words}</span></span>`;
}

export function quantity({ digits, unit }: Quantity): TemplateResult {
  return html`${digits}<span class="u">${unit}</span>`;
}

/** `width` and the like go by property: a style attribute would need a hole in the page's security policy. */
export function percentWide(percent: number): string {
  return `width:${Math.min(100, Math.max(0, percent)).toFixed(2)}%`;
}
