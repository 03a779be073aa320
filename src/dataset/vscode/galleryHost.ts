import * as v from 'valibot';
import type { Uri } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { Event } from '../../base/emitter.ts';
import type { MediaPlace } from '../../media/place.ts';
import { WebviewHost, checked } from '../../platform/webviewHost.ts';
import type { WebviewHostOptions } from '../../platform/webviewHost.ts';
import type { CatalogueApi, CatalogueItem, Query, Summary } from '../catalogue/catalogueApi.ts';
import type { ServiceThread } from '../serviceThread.ts';
import type { ThumbnailsApi } from '../thumbnails/thumbnailsApi.ts';
import { THUMBNAIL_SIZES } from '../thumbnails/thumbnailsApi.ts';
import { MOST_BYTES } from '../webview/audio/protocol.ts';
import { FACETS, GALLERY_ACTIONS, GROUPS, MOST_GROUPS, MOST_IDS, SORTS } from '../webview/gallery/protocol.ts';
import type { GalleryAction, GalleryFacet, GalleryHost, GalleryPage, GalleryQuery, GallerySelection, GroupColumn } from '../webview/gallery/protocol.ts';
import type { NoThumbnail } from '../webview/gallery/thumbnail.ts';
import { galleryItem, gallerySummary } from './galleryItems.ts';
import { GalleryMedia } from './galleryMedia.ts';
import type { MediaServices } from './galleryMedia.ts';

export type Asks<Api> = Pick<ServiceThread<Api, object>, 'request' | 'requestUntil'>;

export interface GalleryServices {
  readonly extensionUri: Uri;
  readonly catalogue: Asks<CatalogueApi>;
  readonly onDidChange: Event<Summary>;
  readonly thumbnails: Asks<ThumbnailsApi>;
  /** For what is played and looked through in its tile. */
  readonly media: MediaServices;
  /** What can be done with items in this window. */
  readonly actions: () => Promise<readonly GalleryAction[]>;
  readonly act: (action: GalleryAction, target: ActionTarget) => Promise<void>;
}

/** What an action of the page is for. */
export interface ActionTarget {
  readonly query: Query;
  /** Undefined where nothing is selected: then it is all that the query finds. */
  readonly selection: GallerySelection | undefined;
  /** The one item that was opened. */
  readonly item: CatalogueItem | undefined;
  /** Places of what is selected, or else of all that match, at most `MOST_IDS`. */
  readonly items: () => Promise<readonly CatalogueItem[]>;
}

const TEXT = v.pipe(v.string(), v.maxLength(10_000));
const WHOLE = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const IDS = v.pipe(v.array(WHOLE), v.maxLength(MOST_IDS));
const QUERY = { filter: TEXT, sort: v.strictObject({ column: v.picklist(SORTS), descending: v.boolean() }), group: v.exactOptional(v.picklist(GROUPS)) };
const PART_REQUEST = v.strictObject({ ...QUERY, offset: WHOLE, count: v.pipe(WHOLE, v.maxValue(MOST_IDS)) });
const THUMBNAIL_REQUEST = v.strictObject({ id: WHOLE, px: v.picklist(THUMBNAIL_SIZES) });
const GROUPS_REQUEST = v.strictObject({ filter: TEXT, group: v.picklist(GROUPS) });
const ONE = v.strictObject({ id: WHOLE });
const BYTES_REQUEST = v.strictObject({ id: WHOLE, start: WHOLE, length: v.pipe(WHOLE, v.maxValue(MOST_BYTES)) });
const SAMPLES_REQUEST = v.strictObject({ id: WHOLE, from: WHOLE, count: WHOLE });
const FRAME_REQUEST = v.strictObject({ id: WHOLE, at: v.pipe(v.number(), v.minValue(0), v.maxValue(1)), width: v.pipe(WHOLE, v.minValue(16), v.maxValue(1024)) });
const FACETS_REQUEST = v.strictObject({ facets: v.pipe(v.array(v.strictObject({ column: v.picklist(FACETS), filter: TEXT })), v.maxLength(FACETS.length)) });
const COMPLETE_REQUEST = v.strictObject({ filter: TEXT, caret: WHOLE });
const HIDDEN_REQUEST = v.strictObject({ filter: TEXT, ids: IDS });
const SELECTION = v.union([v.strictObject({ ids: IDS }), v.strictObject({ filter: TEXT, except: IDS })]);
const ACT_REQUEST = v.strictObject({ action: v.picklist(GALLERY_ACTIONS), query: v.strictObject(QUERY), selection: v.optional(SELECTION), id: v.optional(WHOLE) });

const GONE = 'is not in the dataset any more';
/** Items that the catalogue gives at once. */
const PART = 1000;
/** Ids that are asked for one by one. */
const FEW = 500;
/** Places that are kept for the thumbnails; the catalogue knows the others. */
const MOST_PLACES = 20_000;

/** The host's side of one gallery: a dataset's items, and nothing outside of it. */
export class GalleryHostSide implements Disposable {
  private readonly own = new DisposableStore();
  private readonly host: WebviewHost<GalleryHost, GalleryPage>;
  private readonly places = new Map<number, MediaPlace>();
  private readonly media: GalleryMedia;
  private isReady = false;
  private summary: Summary | undefined;

  constructor(
    private readonly services: GalleryServices,
    private readonly root: string,
    webview: WebviewHostOptions<GalleryHost>['webview'],
    /** The filter that the page is to begin with. */
    private filter: string | undefined,
  ) {
    this.media = this.own.add(new GalleryMedia(services.media, (id, signal) => this.placeOf(id, signal)));
    this.host = this.own.add(
      new WebviewHost<GalleryHost, GalleryPage>({
        webview,
        extensionUri: services.extensionUri,
        page: 'datasetGallery',
        title: 'Gallery',
        showsMedia: true,
        handlers: {
          items: checked(PART_REQUEST, ({ offset, count, ...query }, signal) => this.items(query, offset, Math.min(count, PART), signal)),
          ids: checked(PART_REQUEST, ({ offset, count, ...query }, signal) => this.ids(query, offset, count, signal)),
          thumbnail: checked(THUMBNAIL_REQUEST, ({ id, px }, signal) => this.thumbnail(id, px, signal)),
          groups: checked(GROUPS_REQUEST, ({ filter, group }, signal) => this.groups(filter, group, signal)),
          sound: checked(ONE, ({ id }, signal) => this.media.sound(id, signal)),
          soundBytes: checked(BYTES_REQUEST, (params, signal) => this.media.soundBytes(params, signal)),
          soundSamples: checked(SAMPLES_REQUEST, (params, signal) => this.media.soundSamples(params, signal)),
          frame: checked(FRAME_REQUEST, (params, signal) => this.media.frame(params, signal)),
          facets: checked(FACETS_REQUEST, ({ facets }, signal) => this.facets(facets, signal)),
          complete: checked(COMPLETE_REQUEST, (params, signal) => services.catalogue.requestUntil(signal, 'complete', { root, ...params })),
          hidden: checked(HIDDEN_REQUEST, ({ filter, ids }, signal) => this.hidden(filter, ids, signal)),
          act: checked(ACT_REQUEST, ({ action, query, selection, id }) => this.act(action, query, selection, id)),
        },
        onReady: () => void this.begin(),
      }),
    );
    this.own.add(services.onDidChange((summary) => summary.root === root && this.show(summary)));
  }

  /** Shows only what a filter finds from now on. */
  setFilter(filter: string): void {
    this.filter = filter;
    if (this.isReady) {
      this.host.notify('filter', filter);
    }
  }

  dispose(): void {
    this.own.dispose();
  }

  private async begin(): Promise<void> {
    this.isReady = true;
    if (this.filter !== undefined) {
      this.host.notify('filter', this.filter);
    }
    try {
      this.show(await this.services.catalogue.request('open', { root: this.root }));
    } catch (error) {
      this.host.notify('problem', wordsOf(error));
    }
  }

  private show(summary: Summary): void {
    this.summary = summary;
    if (this.isReady) {
      void this.services.actions().then((actions) => this.summary === summary && this.host.notify('summary', gallerySummary(summary, actions)));
    }
  }

  private async items(query: GalleryQuery, offset: number, count: number, signal: AbortSignal): Promise<ReturnType<GalleryHost['items']>> {
    const { items, total, generation, problem } = await this.services.catalogue.requestUntil(signal, 'items', { root: this.root, ...query, offset, count });
    for (const { id, place } of items) {
      this.places.delete(id);
      this.places.set(id, place);
    }
    for (const oldest of this.places.keys()) {
      if (this.places.size <= MOST_PLACES) {
        break;
      }
      this.places.delete(oldest);
    }
    return { items: items.map(galleryItem), total, generation, ...(problem && { problem }) };
  }

  private async ids(query: GalleryQuery, offset: number, count: number, signal?: AbortSignal): Promise<ReturnType<GalleryHost['ids']>> {
    const items = await this.range({ root: this.root, ...query }, offset, count, signal);
    return { ids: items.map(({ id }) => id), bytes: items.reduce((sum, { size }) => sum + (typeof size === 'number' ? size : 0), 0) };
  }

  private async range(query: Query, offset: number, count: number, signal?: AbortSignal): Promise<readonly CatalogueItem[]> {
    const found: CatalogueItem[] = [];
    while (found.length < count) {
      const { items } = await this.services.catalogue.requestUntil(signal, 'items', { ...query, offset: offset + found.length, count: Math.min(PART, count - found.length) });
      found.push(...items);
      if (items.length === 0) {
        break;
      }
    }
    return found;
  }

  private async thumbnail(id: number, px: (typeof THUMBNAIL_SIZES)[number], signal: AbortSignal): Promise<ReturnType<GalleryHost['thumbnail']>> {
    const place = await this.findPlace(id, signal);
    if (place === undefined) {
      return { drawn: 'nothing', reason: 'vanished', words: GONE } satisfies NoThumbnail;
    }
    return this.services.thumbnails.requestUntil(signal, 'thumbnail', { place, px });
  }

  private async placeOf(id: number, signal: AbortSignal): Promise<MediaPlace> {
    const place = await this.findPlace(id, signal);
    if (place === undefined) {
      throw new Error(`It ${GONE}.`);
    }
    return place;
  }

  /** Undefined where the item is not in the dataset. */
  private async findPlace(id: number, signal: AbortSignal): Promise<MediaPlace | undefined> {
    return this.places.get(id) ?? (await this.services.catalogue.requestUntil(signal, 'item', { root: this.root, id }))?.place;
  }

  private async groups(filter: string, group: GroupColumn, signal: AbortSignal): Promise<Awaited<ReturnType<GalleryHost['groups']>>> {
    const sums = await this.services.catalogue.requestUntil(signal, 'sums', { root: this.root, filter, column: group });
    if (sums.length > MOST_GROUPS) {
      return { tooMany: sums.length };
    }
    // In the order in which the catalogue gives the items.
    const inOrder = [...sums].sort((a, b) => Number(a.value === null) - Number(b.value === null) || ((a.value ?? '') < (b.value ?? '') ? -1 : 1));
    return { groups: inOrder.map(({ value, items }) => ({ value, count: items })) };
  }

  /** Columns that are asked for under the same filter are asked for together. */
  private async facets(wanted: readonly { readonly column: (typeof FACETS)[number]; readonly filter: string }[], signal: AbortSignal): Promise<readonly GalleryFacet[]> {
    const filters = [...new Set(wanted.map(({ filter }) => filter))];
    const found = await Promise.all(
      filters.map((filter) =>
        this.services.catalogue.requestUntil(signal, 'facets', { root: this.root, filter, columns: wanted.filter((one) => one.filter === filter).map(({ column }) => column) }),
      ),
    );
    const all = found.flat() as readonly GalleryFacet[];
    return FACETS.flatMap((column) => all.find((facet) => facet.column === column) ?? []);
  }

  private async hidden(filter: string, ids: readonly number[], signal: AbortSignal): Promise<number | null> {
    if (ids.length > FEW) {
      return null;
    }
    const places = await Promise.all(ids.map((id) => this.services.catalogue.requestUntil(signal, 'indexOf', { root: this.root, filter, id })));
    return places.filter((place) => place < 0).length;
  }

  private async act(action: GalleryAction, { filter, sort, group }: GalleryQuery, selection: GallerySelection | undefined, id: number | undefined): Promise<void> {
    const query: Query = { root: this.root, filter, sort, ...(group !== undefined && { group }) };
    const item = id === undefined ? null : await this.services.catalogue.request('item', { root: this.root, id });
    const target: ActionTarget = { query, selection, item: item ?? undefined, items: () => this.chosen(query, selection) };
    // It may ask the person something, which takes its time.
    void this.services.act(action, target).catch((error: unknown) => this.host.notify('problem', wordsOf(error)));
  }

  private async chosen(query: Query, selection: GallerySelection | undefined): Promise<readonly CatalogueItem[]> {
    if (selection !== undefined && 'ids' in selection) {
      const items = await Promise.all(selection.ids.map((id) => this.services.catalogue.request('item', { root: this.root, id })));
      return items.filter((item) => item !== null);
    }
    const except = new Set(selection?.except);
    const all = selection === undefined ? query : { ...query, filter: selection.filter };
    return (await this.range(all, 0, MOST_IDS)).filter(({ id }) => !except.has(id));
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
