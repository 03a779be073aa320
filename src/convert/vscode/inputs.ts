import * as vscode from 'vscode';
import type { Notify } from '../../platform/notify.ts';
import { MEDIA_EXTENSIONS, isMediaName } from '../view/mediaExtensions.ts';
import { plainLabel } from './pick.ts';

/**
 * The paths that a conversion is asked for. VS Code's menus give the entry that was clicked and all that are selected; the palette
 * gives nothing: then it is the file in the active editor, or what the person chooses. Undefined where they turned away.
 */
export async function inputPaths(args: readonly unknown[], notify: Notify): Promise<readonly string[] | undefined> {
  const [clicked, selected] = args;
  const uris = Array.isArray(selected) && selected.length > 0 ? selected.filter(isUri) : isUri(clicked) ? [clicked] : undefined;
  if (uris !== undefined) {
    return onDisk(uris, notify);
  }
  const active = activeFile();
  return active === undefined ? askForPaths(notify) : [active];
}

function isUri(value: unknown): value is vscode.Uri {
  return value instanceof vscode.Uri;
}

async function onDisk(uris: readonly vscode.Uri[], notify: Notify): Promise<readonly string[] | undefined> {
  const files = uris.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
  if (files.length < uris.length) {
    const others = new Set(uris.map(({ scheme }) => scheme).filter((scheme) => scheme !== 'file'));
    await notify.warn(`ffmpeg, sox and ImageMagick need files on a disk; ${[...others].join(', ')} is none.`);
  }
  return files.length > 0 ? files : undefined;
}

/** Also of editors that hold no text: an image is a file all the same. */
function activeFile(): string | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
  return uri?.scheme === 'file' && isMediaName(uri.path) ? uri.fsPath : undefined;
}

type Choice = vscode.QuickPickItem & ({ readonly path: string } | { readonly ask: 'files' | 'folder' });

async function askForPaths(notify: Notify): Promise<readonly string[] | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const choices: Choice[] = [
    ...folders.map(({ name, uri }) => ({ label: `$(root-folder) ${plainLabel(name)}`, description: 'everything in it', path: uri.fsPath })),
    { label: '$(files) Choose Files…', ask: 'files' },
    { label: '$(folder) Choose a Folder…', ask: 'folder' },
  ];
  const choice = await vscode.window.showQuickPick(choices, { title: 'Convert', placeHolder: 'What to convert' });
  if (choice === undefined || 'path' in choice) {
    return choice === undefined ? undefined : [choice.path];
  }
  const isFolder = choice.ask === 'folder';
  const defaultUri = folders[0]?.uri;
  const uris = await vscode.window.showOpenDialog({
    title: 'Convert',
    openLabel: 'Convert',
    canSelectMany: !isFolder,
    canSelectFiles: !isFolder,
    canSelectFolders: isFolder,
    ...(defaultUri && { defaultUri }),
    ...(!isFolder && { filters: DIALOG_FILTERS }),
  });
  return uris === undefined || uris.length === 0 ? undefined : onDisk(uris, notify);
}

const DIALOG_FILTERS: Record<string, string[]> = {
  Media: Object.values(MEDIA_EXTENSIONS).flat(),
  Audio: [...MEDIA_EXTENSIONS.audio],
  Video: [...MEDIA_EXTENSIONS.video],
  Pictures: [...MEDIA_EXTENSIONS.image],
  'Lists of files': [...MEDIA_EXTENSIONS.list],
  'All files': ['*'],
};
