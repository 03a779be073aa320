import clearIcon from '@vscode/codicons/src/icons/close.svg' with { type: 'text' };
import columnIcon from '@vscode/codicons/src/icons/symbol-field.svg' with { type: 'text' };
import filterIcon from '@vscode/codicons/src/icons/filter.svg' with { type: 'text' };
import keywordIcon from '@vscode/codicons/src/icons/symbol-keyword.svg' with { type: 'text' };
import operatorIcon from '@vscode/codicons/src/icons/symbol-operator.svg' with { type: 'text' };
import valueIcon from '@vscode/codicons/src/icons/symbol-enum-member.svg' with { type: 'text' };
import { html, nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { isKeyword, tokensOf } from './clauses.ts';
import type { FilterProblem, GalleryCompletion } from './protocol.ts';

export interface FilterFieldOptions {
  readonly complete: (filter: string, caret: number) => Promise<readonly GalleryCompletion[]>;
  /** The expression as it is to be applied. */
  readonly onFilter: (filter: string) => void;
  /** Escape where nothing is left to shut or clear. */
  readonly onLeave: () => void;
}

/** Milliseconds without a keystroke before completions are asked for, and before the filter is applied. */
const QUIET = 80;
const APPLY = 250;
const MOST = 50;
const KIND_ICONS: Readonly<Record<GalleryCompletion['kind'], string>> = { column: columnIcon, value: valueIcon, operator: operatorIcon, keyword: keywordIcon };

/** The expression: a field with completion below it, coloured as it is typed, with what is wrong with it underlined. */
export class FilterField {
  readonly element = document.createElement('div');
  /** Shown at the right end of the field: `38,530 match`. */
  private matches = '';
  private problem: FilterProblem | undefined;
  private text = '';
  private items: readonly GalleryCompletion[] = [];
  private chosen = 0;
  private isOpen = false;
  private asked = 0;
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private applying: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: FilterFieldOptions) {
    this.element.className = 'filter';
    this.element.dataset['region'] = 'filter';
    this.draw();
  }

  /** The expression comes from elsewhere: a facet, the tree, an earlier time. */
  set(text: string): void {
    clearTimeout(this.applying);
    this.text = text;
    this.close();
    this.draw();
  }

  show(matches: string, problem: FilterProblem | undefined): void {
    if (matches !== this.matches || problem !== this.problem) {
      this.matches = matches;
      this.problem = problem;
      this.draw();
    }
  }

  focus(): void {
    this.input.focus();
  }

  private get input(): HTMLInputElement {
    return this.element.querySelector('input') as HTMLInputElement;
  }

  private draw(): void {
    render(this.template(), this.element);
  }

  private template(): TemplateResult {
    const { isOpen, items, chosen, problem } = this;
    return html`<div class="input ${problem ? 'bad' : ''}">
        ${icon(filterIcon)}
        <div class="typed">
          <div class="colours" aria-hidden="true">${this.coloured()}</div>
          <input
            type="text" role="combobox" spellcheck="false" autocomplete="off" aria-label="Filter" aria-autocomplete="list" placeholder=${'duration > 20 and split == "train" and caption ~ "dog"'}
            aria-expanded=${isOpen} aria-controls="completions" aria-activedescendant=${isOpen ? `completion-${chosen}` : nothing}
            aria-invalid=${problem ? 'true' : nothing} aria-describedby=${problem ? 'filter-problem' : nothing} .value=${this.text}
            @input=${() => this.onInput()} @keydown=${(event: KeyboardEvent) => this.onKey(event)} @scroll=${() => this.alignColours()} @blur=${() => this.close()} @click=${() => this.alignColours()}
          />
        </div>
        <span class="matches number">${this.matches}</span>
        ${this.text === ''
          ? nothing
          : html`<button class="icon-button" title="Clear filter" aria-label="Clear filter" data-action="clear" @click=${() => this.clear()}>${icon(clearIcon)}</button>`}
      </div>
      ${problem ? html`<div class="problem error" id="filter-problem" role="alert">${problem.message}</div>` : nothing}
      ${isOpen
        ? html`<div class="completions" id="completions" role="listbox" aria-label="Completions">
            ${items.map(
              (item, index) => html`<div
                class="completion ${index === chosen ? 'chosen' : ''}" role="option" id="completion-${index}" aria-selected=${index === chosen}
                @mousedown=${(event: MouseEvent) => {
                  event.preventDefault();
                  this.accept(item);
                }}
              >
                ${icon(KIND_ICONS[item.kind])}<code>${item.text}</code>
                <span class="detail">${item.detail}</span>
                ${item.count === undefined ? nothing : html`<span class="number count">${formatCount(item.count)}</span>`}
                ${index === chosen ? html`<kbd>Tab</kbd>` : nothing}
              </div>`,
            )}
          </div>`
        : nothing}`;
  }

  private coloured(): readonly unknown[] {
    const { text, problem } = this;
    const parts: unknown[] = [];
    let at = 0;
    for (const { kind, text: word, from, to } of tokensOf(text)) {
      const className = kind === 'string' || /^\.*\d/.test(word) ? 'of-value' : kind === 'word' ? (isKeyword(word) ? 'of-keyword' : 'of-column') : 'of-operator';
      const isWrong = problem !== undefined && from < Math.max(problem.to, problem.from + 1) && to > problem.from;
      parts.push(text.slice(at, from), html`<span class="${className} ${isWrong ? 'wrong' : ''}">${word}</span>`);
      at = to;
    }
    parts.push(text.slice(at));
    return parts;
  }

  private alignColours(): void {
    const colours = this.element.querySelector<HTMLElement>('.colours');
    if (colours) {
      colours.style.transform = `translateX(${-this.input.scrollLeft}px)`;
    }
  }

  private onInput(): void {
    this.text = this.input.value;
    this.draw();
    this.alignColours();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => void this.ask(), QUIET);
    clearTimeout(this.applying);
    this.applying = setTimeout(() => this.options.onFilter(this.text), APPLY);
  }

  private async ask(): Promise<void> {
    const asked = ++this.asked;
    const items = await this.options.complete(this.text, this.input.selectionStart ?? this.text.length).catch(() => []);
    if (asked === this.asked && document.activeElement === this.input) {
      // What stands there already needs no completion.
      this.items = items.filter(({ text, from, to }) => text !== this.text.slice(from, to)).slice(0, MOST);
      this.chosen = 0;
      this.isOpen = this.items.length > 0;
      this.draw();
    }
  }

  private onKey(event: KeyboardEvent): void {
    if (this.handles(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  private handles({ key, ctrlKey, shiftKey }: KeyboardEvent): boolean {
    const item = this.isOpen ? this.items[this.chosen] : undefined;
    if (ctrlKey) {
      if (key === ' ') {
        void this.ask();
      }
      return key === ' ';
    }
    if (item && (key === 'ArrowDown' || key === 'ArrowUp')) {
      this.choose(this.chosen + (key === 'ArrowDown' ? 1 : -1));
      return true;
    }
    if (item && key === 'Tab' && !shiftKey) {
      this.accept(item);
      return true;
    }
    if (key === 'Enter') {
      clearTimeout(this.applying);
      this.close();
      this.options.onFilter(this.text);
      return true;
    }
    if (key === 'Escape') {
      if (this.isOpen) {
        this.close();
      } else if (this.text !== '') {
        this.clear();
      } else {
        this.options.onLeave();
      }
      return true;
    }
    return false;
  }

  private choose(index: number): void {
    this.chosen = (index + this.items.length) % this.items.length;
    this.draw();
    this.element.querySelector(`#completion-${this.chosen}`)?.scrollIntoView({ block: 'nearest' });
  }

  private accept({ text, from, to }: GalleryCompletion): void {
    const { value } = this.input;
    this.input.value = value.slice(0, from) + text + value.slice(to);
    this.input.setSelectionRange(from + text.length, from + text.length);
    this.isOpen = false;
    this.onInput();
  }

  private clear(): void {
    this.set('');
    this.options.onFilter('');
    this.focus();
  }

  private close(): void {
    clearTimeout(this.quiet);
    this.asked++;
    if (this.isOpen) {
      this.isOpen = false;
      this.draw();
    }
  }
}
