import { join } from 'node:path';
import { commands, env, Uri, window } from 'vscode';
import type { Command } from 'vscode';
import { formatCount, formatCountOf } from '../../base/format.ts';
import type { Notify } from '../../platform/notify.ts';
import type { CatalogueApi, CatalogueItem } from '../catalogue/catalogueApi.ts';
import { MOST_IDS } from '../webview/gallery/protocol.ts';
import type { GalleryAction } from '../webview/gallery/protocol.ts';
import type { ActionTarget, Asks } from './galleryHost.ts';
import { uriOfPlace } from './placeUri.ts';
import { PREVIEWS } from './previews/index.ts';

/** Actions that are another room's, by its command: offered where the command is there. */
const BY_COMMAND: Readonly<Partial<Record<GalleryAction, string>>> = {
  convert: 'trainyard.convert.start',
  sync: 'trainyard.sync.start',
  problems: 'trainyard.dataset.health',
};
const OWN: readonly GalleryAction[] = ['open', 'export', 'copyPaths', 'reveal', 'refresh'];

export async function offeredActions(): Promise<readonly GalleryAction[]> {
  const there = new Set(await commands.getCommands(true));
  const others = Object.entries(BY_COMMAND).filter(([, command]) => there.has(command));
  return [...OWN, ...others.map(([action]) => action as GalleryAction)];
}

export function createActions(catalogue: Asks<CatalogueApi>, notify: Notify): (action: GalleryAction, target: ActionTarget) => Promise<void> {
  return async (action, target) => {
    switch (action) {
      case 'open':
        return target.item && openItem(target.item);
      case 'export':
        return exportItems(catalogue, notify, target);
      case 'copyPaths':
        return env.clipboard.writeText((await target.items()).map(({ place }) => uriOfPlace(place).fsPath).join('\n'));
      case 'reveal':
        return target.item && void (await commands.executeCommand('revealInExplorer', Uri.file(target.item.place.file)));
      case 'refresh':
        return void (await catalogue.request('refresh', { root: target.query.root }));
      case 'problems':
        return void (await commands.executeCommand(BY_COMMAND.problems ?? '', Uri.file(target.query.root)));
      case 'convert':
      case 'sync':
        return runOnFiles(BY_COMMAND[action] ?? '', notify, target);
      case 'close':
        return void (await catalogue.request('close', { root: target.query.root }));
    }
  };
}

async function openItem(item: CatalogueItem): Promise<void> {
  const { command, arguments: args = [] } = openCommand(item);
  await commands.executeCommand(command, ...(args as unknown[]));
}

/** In a preview tab, by our own editor where there is one for its kind. */
export function openCommand({ place, kind, container }: CatalogueItem): Command {
  const viewType = previewOf(kind, typeof container === 'string' ? container : '');
  const uri = uriOfPlace(place);
  return viewType === undefined
    ? { command: 'vscode.open', title: 'Open', arguments: [uri, { preview: true }] }
    : { command: 'vscode.openWith', title: 'Open', arguments: [uri, viewType, { preview: true }] };
}

const ROWS = new Set(['jsonl', 'csv', 'tsv', 'parquet']);
const ARRAYS = new Set(['npy', 'npz', 'safetensors', 'hdf5']);

/** The view type of our preview; undefined where VS Code's own editor is the one. */
export function previewOf(kind: CatalogueItem['kind'], container: string): string | undefined {
  const name = ROWS.has(container) ? 'rows' : ARRAYS.has(container) ? 'arrays' : kind;
  const viewType = `trainyard.${name}`;
  return viewType in PREVIEWS ? viewType : undefined;
}

async function runOnFiles(command: string, notify: Notify, target: ActionTarget): Promise<void> {
  const items = await target.items();
  const uris = items.filter(({ place }) => place.member === undefined).map(({ place }) => Uri.file(place.file));
  if (uris.length < items.length) {
    await notify.warn(`${formatCountOf(items.length - uris.length, 'item')} inside archives cannot be handed on; ${formatCountOf(uris.length, 'file')} can.`);
  }
  if (items.length >= MOST_IDS) {
    await notify.warn(`Only the first ${formatCount(MOST_IDS)} items are taken. Filter for fewer, or start from the folder.`);
  }
  if (uris.length > 0) {
    await commands.executeCommand(command, uris[0], uris);
  }
}

const FORMS = [
  { label: 'JSON Lines', description: 'one object a row, with every column', form: 'jsonl', name: 'manifest.jsonl' },
  { label: 'CSV', description: 'one line a row, with a header', form: 'csv', name: 'manifest.csv' },
  { label: 'Hugging Face metadata', description: 'metadata.jsonl with file_name, relative to its folder', form: 'hf', name: 'metadata.jsonl' },
] as const;

async function exportItems(catalogue: Asks<CatalogueApi>, notify: Notify, { query, selection, items }: ActionTarget): Promise<void> {
  const chosen = await window.showQuickPick(FORMS, { title: 'Export Manifest', placeHolder: 'The form of the manifest' });
  const file = chosen && (await window.showSaveDialog({ defaultUri: Uri.file(join(query.root, chosen.name)), title: 'Export Manifest', saveLabel: 'Export' }));
  if (chosen === undefined || file === undefined) {
    return;
  }
  const isPart = selection !== undefined && ('ids' in selection || selection.except.length > 0);
  const ids = isPart ? (await items()).map(({ id }) => id) : undefined;
  const whole = selection !== undefined && 'filter' in selection ? { ...query, filter: selection.filter } : query;
  const rows = await catalogue.request('exportManifest', { ...(ids === undefined ? whole : { ...query, filter: '' }), ...(ids && { ids }), form: chosen.form, file: file.fsPath });
  const action = await notify.info(`${formatCountOf(rows, 'row')} written to ${file.fsPath}.`, 'Open');
  if (action === 'Open') {
    await commands.executeCommand('vscode.open', file);
  }
}
