import { MarkdownString } from 'vscode';
import type { CancellationToken } from 'vscode';
import { known } from '../../base/absent.ts';
import { formatBytes } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { CatalogueItem } from '../catalogue/catalogueApi.ts';
import type { ThumbnailsApi } from '../thumbnails/thumbnailsApi.ts';
import type { Thumbnail } from '../webview/gallery/thumbnail.ts';
import { factsOf, lengthOf } from './galleryItems.ts';
import type { ThreadShare } from './sharedThread.ts';

/** Bytes of a picture that a hover shows: more makes the window slow. */
const MOST_PICTURE = 22_000;

/** A card of an item: its picture or first words, and its facts. */
export async function itemHover(item: CatalogueItem, thumbnails: ThreadShare<ThumbnailsApi>, token: CancellationToken): Promise<MarkdownString> {
  const controller = new AbortController();
  const listening = token.onCancellationRequested(() => controller.abort());
  let thumbnail: Thumbnail | undefined;
  try {
    thumbnail = await thumbnails.requestUntil(controller.signal, 'thumbnail', { place: item.place, px: 128 });
  } catch {
    // Without a picture it is a card all the same.
  } finally {
    listening.dispose();
  }
  const card = new MarkdownString();
  if (thumbnail?.drawn === 'picture' && thumbnail.bytes.length <= MOST_PICTURE) {
    card.appendMarkdown(`![](data:${thumbnail.type};base64,${Buffer.from(thumbnail.bytes).toString('base64')})\n\n`);
  }
  for (const line of factLines(item, thumbnail)) {
    card.appendText(line).appendMarkdown('\n\n');
  }
  return card;
}

export function factLines(item: CatalogueItem, thumbnail: Thumbnail | undefined): readonly string[] {
  const size = known(item.size);
  const words = thumbnail?.drawn === 'text' ? thumbnail.lines.slice(0, 3).join(' ') : thumbnail?.drawn === 'nothing' && thumbnail.reason !== 'none' ? thumbnail.words : thumbnail?.drawn === 'turns' ? thumbnail.turns.slice(0, 2).map(({ role, text }) => `${role}: ${text}`).join(' ') : undefined;
  return [
    item.path,
    [lengthOf(item), factsOf(item) ?? 'not probed', size === undefined ? undefined : formatBytes(size)].filter((part) => part !== undefined).join(' · '),
    [item.label, item.split].filter((part) => part !== undefined).join(' · '),
    item.caption,
    words,
    item.health?.message,
  ]
    .filter((line) => line !== undefined && line !== '')
    .map((line) => printable(line ?? ''));
}
