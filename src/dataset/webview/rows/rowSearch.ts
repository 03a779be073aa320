import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { filterIcon, previousIcon, shutIcon, stopIcon } from '../../../webview/icons.ts';
import type { Found, RowsHost } from './protocol.ts';

interface RowSearchOptions {
  readonly find: (params: Parameters<RowsHost['find']>[0]) => Promise<Found>;
  readonly from: () => number;
  readonly total: () => number;
  readonly onFound: (row: number) => void;
  readonly onChange: () => void;
}

/** Looks for a text in all rows, a stretch at a time, forwards and backwards. */
export class RowSearch {
  private text = '';
  private matchCase = false;
  private words = '';
  /** Of the search that goes on; another number ends it. */
  private running = 0;
  private isRunning = false;

  constructor(private readonly options: RowSearchOptions) {}

  template(): TemplateResult {
    return html`<div class="input find" role="search">
      ${icon(filterIcon)}
      <input type="text" placeholder="Find in rows" aria-label="Find in rows" .value=${this.text} @input=${(event: Event) => (this.text = (event.target as HTMLInputElement).value)} @keydown=${(event: KeyboardEvent) => this.onKey(event)} />
      <span class="found dim number" role="status">${this.words}</span>
      <button class="icon-button case" aria-pressed=${this.matchCase} title="Match case" aria-label="Match case" @click=${() => this.toggleCase()}>Aa</button>
      ${this.isRunning
        ? html`<button class="icon-button" title="Stop" aria-label="Stop looking" @click=${() => this.stop('stopped')}>${icon(stopIcon)}</button>`
        : html`<button class="icon-button" title="Previous match (Shift+F3)" aria-label="Previous match" @click=${() => void this.next(true)}>${icon(previousIcon)}</button>
            <button class="icon-button" title="Next match (F3)" aria-label="Next match" @click=${() => void this.next(false)}>${icon(shutIcon)}</button>`}
      ${nothing}
    </div>`;
  }

  async next(backwards: boolean): Promise<void> {
    if (this.text === '') {
      return;
    }
    const running = ++this.running;
    this.isRunning = true;
    this.words = '';
    this.options.onChange();
    let from = this.options.from() + (backwards ? -1 : 1);
    if (from < 0) {
      this.stop('no match above');
      return;
    }
    while (running === this.running) {
      let found: Found;
      try {
        found = await this.options.find({ text: this.text, from, backwards, matchCase: this.matchCase });
      } catch (error) {
        this.stop((error as Error).message);
        return;
      }
      if (running !== this.running) {
        return;
      }
      if (found.row !== undefined) {
        this.stop(`row ${formatCount(found.row + 1)}`);
        this.options.onFound(found.row);
        return;
      }
      if (found.next === undefined) {
        this.stop(backwards ? 'no match above' : 'no match below');
        return;
      }
      from = found.next;
      this.words = `at row ${formatCount(from + 1)}`;
      this.options.onChange();
    }
  }

  private stop(words: string): void {
    this.running++;
    this.isRunning = false;
    this.words = words;
    this.options.onChange();
  }

  private toggleCase(): void {
    this.matchCase = !this.matchCase;
    this.options.onChange();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      void this.next(event.shiftKey);
    } else if (event.key === 'Escape' && this.isRunning) {
      event.preventDefault();
      this.stop('stopped');
    }
  }
}
