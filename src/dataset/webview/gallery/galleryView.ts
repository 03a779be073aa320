import { html, render } from 'lit/html.js';
import { formatCount } from '../../../base/format.ts';
import { Announcer } from '../../../webview/announcer.ts';
import { connectHost } from '../../../webview/messageClient.ts';
import { PagedRows } from '../../../webview/pagedRows.ts';
import { cycleRegions } from '../../../webview/regions.ts';
import { without } from './clauses.ts';
import type { Colours } from './colours.ts';
import { onThemeChange, rankColour, readColours } from './colours.ts';
import { emptyView } from './emptyView.ts';
import { FacetPanel } from './facetPanel.ts';
import { FilterField } from './filterField.ts';
import { Groups } from './groups.ts';
import { catalogueNote, groupView, headView, problemNote, sortView } from './headView.ts';
import type { HeadEvents } from './headView.ts';
import { parseGalleryState } from './pageState.ts';
import type { GalleryState } from './pageState.ts';
import type { GalleryAction, GalleryFacet, GalleryHost, GalleryItem, GalleryItems, GalleryPage, GalleryQuery, GallerySummary } from './protocol.ts';
import { FACETS } from './protocol.ts';
import { Selecting } from './selecting.ts';
import { selectionBar } from './selectionBar.ts';
import { ThumbnailLoader } from './thumbnailLoader.ts';
import { TileGrid } from './tileGrid.ts';
import { TilePlay } from './tilePlay.ts';

/** Pixels below which the facets lie over the tiles, as the style sheet has it. */
const DRAWER = 720;
/** Least milliseconds between two looks at the facets, while the catalogue fills. */
const FACETS_EVERY = 2000;
/** Milliseconds of rest before thumbnails are asked for while the grid flies past. */
const FLYING = 90;
/** Milliseconds between two looks at which thumbnails are wanted, while it scrolls. */
const CALM = 60;

/** The gallery's page: the expression, the grid and the facets, over items that stay with the host. */
export class GalleryView {
  private readonly root = document.createElement('main');
  private readonly head = document.createElement('div');
  private readonly body = document.createElement('div');
  private readonly bar = document.createElement('div');
  private readonly sort = document.createElement('div');
  private readonly empty = document.createElement('div');
  private readonly host = connectHost<GalleryHost, GalleryPage>({
    summary: (summary) => this.onSummary(summary as GallerySummary),
    filter: (text) => this.applyFilter(String(text), true),
    problem: (message) => this.say(String(message)),
  });
  private readonly announcer: Announcer;
  private state: GalleryState = parseGalleryState(this.host.state.load(), window.innerWidth >= DRAWER);
  private summary: GallerySummary | undefined;
  private problem: string | undefined;
  /** What was said of the catalogue, and is known now. */
  private knownProblem: string | undefined;
  private colours: Colours = readColours();
  private labelRanks = new Map<string, number>();
  private facetsAsked = -Infinity;
  private facetsTimer: ReturnType<typeof setTimeout> | undefined;
  private facetsRun = 0;
  private wantTimer: ReturnType<typeof setTimeout> | undefined;
  private lastFirst = 0;
  private lastWant = -Infinity;
  private wanted: readonly number[] = [];
  private updating: number | undefined;
  private restored = this.state.first === 0 && this.state.active === 0;

  private readonly items = new PagedRows<GalleryItem, GalleryItems>({
    pageSize: 120,
    maxPages: 24,
    fetch: (offset, count) => this.host.request('items', { ...this.query, offset, count }),
    onChange: () => this.onItems(),
  });
  private readonly selecting = new Selecting({
    host: this.host,
    items: this.items,
    query: () => this.query,
    onChange: () => this.afterSelecting(),
    say: (words) => this.say(words),
  });
  private readonly groups = new Groups({
    fetch: (params) => this.host.request('groups', params),
    onChange: () => {
      this.draw();
      this.grid.update();
    },
  });
  private readonly play = new TilePlay({ host: this.host, onChange: () => this.updateSoon(), say: (words) => this.say(words) });
  private readonly thumbnails = new ThumbnailLoader({
    fetch: (id, signal) => this.host.requestUntil(signal, 'thumbnail', { id, px: this.thumbnailSize }),
    onArrive: () => this.updateSoon(),
  });
  private readonly grid = new TileGrid({
    label: 'Items',
    total: () => this.items.total,
    groups: () => this.groups.known,
    motion: (item) => this.play.motionOf(item),
    at: (index) => this.items.at(index),
    thumbnail: (item) => this.thumbnails.get(item),
    isSelected: (item) => this.selecting.selection.has(item.id),
    labelColour: (item) => (item.label === undefined ? undefined : rankColour(this.labelRanks.get(item.label))),
    colours: () => this.colours,
    onShow: (first, count, nearest) => this.onShow(first, count, nearest),
    onActive: (index, { extend, from }) => void this.selecting.moved(index, extend, from),
    onToggle: (index) => this.selecting.toggle(index),
    onOpen: (index) => this.open(index),
    onPlay: (index) => this.withItem(index, (item) => void this.play.toggle(item)),
    onScrub: (index, steps) => this.withItem(index, (item) => this.play.step(item, steps)) === true,
    onRest: (index, at) => (index === undefined ? this.play.leave() : this.withItem(index, (item) => this.play.look(item, at))),
    onAll: () => this.selecting.all(),
    onEscape: () => this.escape(),
  });
  private readonly filter = new FilterField({
    complete: (filter, caret) => this.host.request('complete', { filter, caret }),
    onFilter: (filter) => this.applyFilter(filter, false),
    onLeave: () => this.grid.focus(),
  });
  private readonly facets = new FacetPanel({ filter: () => this.state.filter, onFilter: (filter) => this.applyFilter(filter, true), labelRank: (label) => this.labelRanks.get(label) });

  private readonly headEvents: HeadEvents = {
    act: (action) => void this.act(action),
    setList: (list) => this.setList(list),
    toggleFacets: () => this.toggleFacets(),
  };

  constructor() {
    const status = document.createElement('div');
    status.className = 'spoken';
    status.role = 'status';
    this.announcer = new Announcer(status);
    const bar = document.createElement('div');
    bar.className = 'filter-bar';
    this.sort.className = 'order';
    bar.append(this.filter.element, this.sort);
    const middle = document.createElement('div');
    middle.className = 'middle';
    this.empty.className = 'over';
    this.body.className = 'body';
    this.body.append(this.grid.element, this.empty);
    middle.append(this.body, this.facets.element);
    this.root.append(this.head, bar, middle, this.bar);
    document.body.append(this.root, status);
    cycleRegions(this.root);
    onThemeChange(() => {
      this.colours = readColours();
      this.grid.update();
    });
    window.addEventListener('pagehide', () => this.save());
    this.grid.setList(this.state.list);
    this.filter.set(this.state.filter);
    this.draw();
    this.grid.focus();
    this.host.ready();
  }

  private get query(): GalleryQuery {
    const { filter, sort, group } = this.state;
    return { filter, sort, ...(group !== undefined && { group }) };
  }

  /** Pixels: a tile is some 200 CSS pixels wide. */
  private get thumbnailSize(): number {
    return this.state.list ? 128 : window.devicePixelRatio > 1.25 ? 512 : 256;
  }

  private onSummary(summary: GallerySummary): void {
    const before = this.summary;
    this.summary = summary;
    if (summary.problem !== undefined && summary.problem !== before?.problem) {
      this.announcer.say(summary.problem);
    }
    if (before === undefined) {
      this.items.reset();
    } else if (before.generation !== summary.generation) {
      this.items.renew();
    }
    if (before?.generation !== summary.generation) {
      void this.groups.ask(this.query);
      this.askFacets();
    }
    this.draw();
  }

  private onItems(): void {
    if (!this.restored && this.items.total !== undefined && this.items.total > 0) {
      this.restored = true;
      this.grid.restore(this.state);
    }
    this.draw();
    this.grid.update();
  }

  private onShow(first: number, count: number, nearest: readonly number[]): void {
    this.items.show(first, count);
    const flies = Math.abs(first - this.lastFirst) > count / 2;
    this.lastFirst = first;
    this.wanted = nearest;
    if (flies) {
      clearTimeout(this.wantTimer);
      this.wantTimer = undefined;
    }
    this.wantTimer ??= setTimeout(() => this.want(), flies ? FLYING : performance.now() - this.lastWant < CALM ? CALM : 0);
  }

  private want(): void {
    this.wantTimer = undefined;
    this.lastWant = performance.now();
    this.thumbnails.want(this.wanted.map((index) => this.items.at(index)).filter((item) => item !== undefined));
  }

  /** Once for all that arrives before the next frame. */
  private updateSoon(): void {
    this.updating ??= requestAnimationFrame(() => {
      this.updating = undefined;
      this.grid.update();
    });
  }

  private applyFilter(filter: string, showInField: boolean): void {
    if (showInField) {
      this.filter.set(filter);
    }
    if (filter.trim() === this.state.filter.trim()) {
      return;
    }
    const before = this.query;
    this.state = { ...this.state, filter };
    void this.selecting.keep(before);
    this.restart();
  }

  private restart(): void {
    this.play.stop();
    this.play.leave();
    this.items.reset();
    void this.groups.ask(this.query);
    this.grid.restore({ first: 0, active: 0 });
    this.askFacets(0);
    this.save();
    this.draw();
  }

  private askFacets(wait = FACETS_EVERY): void {
    if (!this.state.facets) {
      return;
    }
    clearTimeout(this.facetsTimer);
    const due = Math.max(0, Math.min(wait, this.facetsAsked + wait - performance.now()));
    this.facetsTimer = setTimeout(() => void this.loadFacets(), due);
  }

  private async loadFacets(): Promise<void> {
    this.facetsAsked = performance.now();
    const run = ++this.facetsRun;
    const { filter } = this.state;
    try {
      const facets = await this.host.request('facets', { facets: FACETS.map((column) => ({ column, filter: without(filter, column) })) });
      if (run === this.facetsRun) {
        this.showFacets(facets);
      }
    } catch {
      // The grid says what is wrong with the filter or the dataset.
    }
  }

  private showFacets(facets: readonly GalleryFacet[]): void {
    const labels = facets.find((facet) => facet.column === 'label');
    // Colours go by the size of a class over all, and stay while a filter is tried.
    if (labels?.kind === 'values' && (this.labelRanks.size === 0 || this.state.filter === '')) {
      this.labelRanks = new Map(labels.values.flatMap(({ value }) => (value === null ? [] : [value])).map((value, rank) => [value, rank]));
      this.grid.update();
    }
    this.facets.show(facets, this.summary ? this.summary.items - this.summary.probed : 0);
  }

  private afterSelecting(): void {
    this.grid.update();
    this.drawBar();
    this.announcer.say(`${formatCount(this.selecting.selection.count)} selected`);
  }

  private escape(): void {
    if (this.selecting.selection.isEmpty) {
      this.filter.focus();
    } else {
      this.selecting.clear();
    }
  }

  private open(index: number): void {
    this.withItem(index, ({ id }) => void this.act('open', id));
  }

  private withItem<T>(index: number, use: (item: GalleryItem) => T): T | undefined {
    const item = this.items.at(index);
    return item && use(item);
  }

  private async act(action: GalleryAction, id?: number): Promise<void> {
    const selection = this.selecting.selection.request;
    this.problem = undefined;
    this.draw();
    try {
      await this.host.request('act', { action, query: this.query, ...(selection && { selection }), ...(id !== undefined && { id }) });
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  private say(words: string): void {
    this.announcer.say(words);
    this.problem = words;
    this.draw();
  }

  private dismiss(): void {
    this.problem = undefined;
    this.draw();
  }

  private acknowledge(): void {
    this.knownProblem = this.summary?.problem;
    this.draw();
  }

  private save(): void {
    this.state = { ...this.state, ...this.grid.place };
    this.host.state.save(this.state);
  }

  private setList(list: boolean): void {
    this.state = { ...this.state, list };
    this.grid.setList(list);
    this.draw();
    this.save();
  }

  private toggleFacets(): void {
    this.state = { ...this.state, facets: !this.state.facets };
    this.askFacets(0);
    this.draw();
    this.save();
  }

  private draw(): void {
    const { state, summary, items } = this;
    this.root.className = `gallery ${state.facets ? 'with-facets' : ''}`;
    render(
      html`${headView({ summary, list: state.list, facets: state.facets }, this.headEvents)}${catalogueNote(summary, this.knownProblem, () => this.acknowledge())}${problemNote(this.problem ?? this.groups.problem, this.problem === undefined ? undefined : () => this.dismiss())}`,
      this.head,
    );
    render(
      html`${sortView(state.sort, (sort) => {
        this.state = { ...this.state, sort };
        this.restart();
      })}${groupView(state.group, (group) => {
        this.state = { ...this.state, group };
        this.restart();
      })}`,
      this.sort,
    );
    const total = items.total;
    this.filter.show(total === undefined ? '' : state.filter === '' ? formatCount(total) : `${formatCount(total)} match`, items.latest?.problem);
    render(
      emptyView(
        { summary, total, filter: state.filter, hasFilterProblem: items.latest?.problem !== undefined, problem: items.problem },
        { clearFilter: () => this.applyFilter('', true), retry: () => void this.act('refresh').then(() => items.renew()) },
      ),
      this.empty,
    );
    this.drawBar();
  }

  private drawBar(): void {
    const { summary, items } = this;
    const { selection, hidden } = this.selecting;
    render(
      selectionBar({ count: selection.count, total: items.total ?? 0, bytes: selection.bytes, hidden, actions: summary?.actions ?? [] }, (action) => void this.act(action), () => this.selecting.clear()),
      this.bar,
    );
  }
}
