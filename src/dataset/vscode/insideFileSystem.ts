import { basename } from 'node:path';
import { commands, EventEmitter, FileSystemError, FileType, window, workspace } from 'vscode';
import type { FileChangeEvent, FileStat, FileSystemProvider, QuickPickItem , Uri} from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { MediaPlace } from '../../media/place.ts';
import type { RowsApi } from '../rows/rowsApi.ts';
import type { DatasetFace } from './datasetFace.ts';
import { INSIDE_SCHEME } from '../../media/insideUri.ts';
import { placeOfUri, uriOfPlace } from './placeUri.ts';
import type { ThreadShare } from './sharedThread.ts';

/** The read-only file system of what is inside of archives and tables, and the command that goes into one. */
export function registerInside(face: DatasetFace): Disposable {
  const own = new DisposableStore();
  const files = own.add(new InsideFileSystem(face));
  own.add(workspace.registerFileSystemProvider(INSIDE_SCHEME, files, { isReadonly: true, isCaseSensitive: true }));
  const command = (id: string, run: (uri?: Uri) => Promise<void>) => own.add(commands.registerCommand(id, run));
  command('trainyard.dataset.openInside', async (uri) => {
    const chosen = uri ?? (await chooseArchive());
    const place = chosen && placeOfUri(chosen);
    if (place) {
      await pickMember(files, { file: place.file, member: '' });
    }
  });
  return own;
}

class InsideFileSystem implements FileSystemProvider {
  private readonly changed = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private thread: ThreadShare<RowsApi> | undefined;

  constructor(private readonly face: DatasetFace) {}

  watch(): Disposable {
    return { dispose: () => undefined };
  }

  async stat(uri: Uri): Promise<FileStat> {
    const found = await this.ask(uri, (thread, place) => thread.request('stat', { place }));
    if (found === null) {
      throw FileSystemError.FileNotFound(uri);
    }
    const { isFolder, size, modified } = found;
    return { type: isFolder ? FileType.Directory : FileType.File, size, mtime: modified, ctime: modified };
  }

  async readDirectory(uri: Uri): Promise<[string, FileType][]> {
    const entries = await this.ask(uri, (thread, place) => thread.request('list', { place }));
    return entries.map(({ name, isFolder }) => [name, isFolder ? FileType.Directory : FileType.File]);
  }

  readFile(uri: Uri): Promise<Uint8Array> {
    return this.ask(uri, (thread, place) => thread.request('bytes', { place }));
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.thread?.dispose();
    this.changed.dispose();
  }

  private async ask<T>(uri: Uri, request: (thread: ThreadShare<RowsApi>, place: MediaPlace) => Promise<T>): Promise<T> {
    const place = placeOfUri(uri);
    if (place === undefined) {
      throw FileSystemError.FileNotFound(uri);
    }
    this.thread ??= this.face.share<RowsApi>('rows');
    try {
      return await request(this.thread, place);
    } catch (error) {
      throw FileSystemError.Unavailable((error as Error).message);
    }
  }
}

/** Where the command is run from the palette: the archive that is shown, or one that is asked for. */
async function chooseArchive(): Promise<Uri | undefined> {
  const shown = (window.tabGroups.activeTabGroup.activeTab?.input as { readonly uri?: Uri } | undefined)?.uri;
  if (shown && /\.(?:tar|tgz|tar\.gz|zip|npz)$/i.test(shown.path)) {
    return shown;
  }
  const chosen = await window.showOpenDialog({ canSelectMany: false, filters: { Archives: ['tar', 'tgz', 'gz', 'zip', 'npz'] } });
  return chosen?.[0];
}

interface Pick extends QuickPickItem {
  readonly member: string;
  readonly isFolder: boolean;
}

/** Goes from folder to folder of an archive to a member, which is opened with the viewer of its type. */
async function pickMember(files: InsideFileSystem, from: MediaPlace): Promise<void> {
  let folder = from.member ?? '';
  for (;;) {
    const reading = files.readDirectory(uriOfPlace({ file: from.file, member: folder })).then((entries) => picksOf(folder, entries));
    const chosen = await window.showQuickPick(reading, { title: basename(from.file), placeHolder: folder === '' ? 'A member to open' : folder, matchOnDescription: true });
    if (chosen === undefined) {
      return;
    }
    if (!chosen.isFolder) {
      await commands.executeCommand('vscode.open', uriOfPlace({ file: from.file, member: chosen.member }));
      return;
    }
    folder = chosen.member;
  }
}

function picksOf(folder: string, entries: readonly [string, FileType][]): Pick[] {
  const up: Pick[] = folder === '' ? [] : [{ label: '$(arrow-left) ..', member: folder.split('/').slice(0, -1).join('/'), isFolder: true }];
  const picks = entries.map(([name, type]): Pick => {
    const isFolder = type === FileType.Directory;
    return { label: `$(${isFolder ? 'folder' : 'file'}) ${name}`, member: folder === '' ? name : `${folder}/${name}`, isFolder };
  });
  return [...up, ...picks.sort((a, b) => Number(b.isFolder) - Number(a.isFolder))];
}
