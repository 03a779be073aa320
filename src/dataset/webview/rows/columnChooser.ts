import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount } from '../../../base/format.ts';
import type { ShownColumn } from './protocol.ts';

interface ColumnChooserOptions {
  readonly columns: () => readonly ShownColumn[];
  readonly isShown: (name: string) => boolean;
  /** Undefined for those that are shown at first. */
  readonly onChoose: (names: readonly string[] | undefined) => void;
  readonly onChange: () => void;
}

/** Columns that are listed at once; further ones are found by their name. */
const LISTED = 200;
const MOST = 500;

/** A list of the columns to tick, found by a part of their names. */
export class ColumnChooser {
  isOpen = false;
  private part = '';

  constructor(private readonly options: ColumnChooserOptions) {}

  toggle(): void {
    this.isOpen = !this.isOpen;
    this.part = '';
    this.options.onChange();
    document.querySelector<HTMLInputElement>('.chooser input[type=text]')?.focus();
  }

  template(): TemplateResult {
    const { columns, isShown, onChoose } = this.options;
    const part = this.part.toLowerCase();
    const matching = columns().filter(({ name }) => name.toLowerCase().includes(part));
    return html`<div class="chooser" role="dialog" aria-label="Columns" @keydown=${(event: KeyboardEvent) => this.onKey(event)}>
      <label class="input"><input type="text" placeholder="Find a column" aria-label="Find a column" .value=${this.part} @input=${(event: Event) => this.filter((event.target as HTMLInputElement).value)} /></label>
      <div class="choices">
        ${matching.slice(0, LISTED).map(
          ({ name, type }) =>
            html`<label><input type="checkbox" .checked=${isShown(name)} @change=${(event: Event) => this.tick(name, (event.target as HTMLInputElement).checked)} /><span class="name">${name}</span><span class="dim">${type ?? ''}</span></label>`,
        )}
        ${matching.length > LISTED ? html`<p class="dim">and ${formatCount(matching.length - LISTED)} more</p>` : nothing}
        ${matching.length === 0 ? html`<p class="unknown">No column is called so.</p>` : nothing}
      </div>
      <div class="bar">
        <button class="button small" @click=${() => onChoose(matching.slice(0, MOST).map(({ name }) => name))}>Show only these</button>
        <button class="button small" @click=${() => onChoose(undefined)}>First ones</button>
      </div>
    </div>`;
  }

  private filter(part: string): void {
    this.part = part;
    this.options.onChange();
  }

  private tick(name: string, shown: boolean): void {
    const { columns, isShown, onChoose } = this.options;
    const names = columns()
      .map((column) => column.name)
      .filter((other) => (other === name ? shown : isShown(other)));
    onChoose(names);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.toggle();
      document.querySelector<HTMLElement>('.toolbar .columns')?.focus();
    }
  }
}
