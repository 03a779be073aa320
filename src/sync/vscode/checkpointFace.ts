import { join } from 'node:path';
import * as v from 'valibot';
import { Uri, ViewColumn, commands, window } from 'vscode';
import type { CustomDocument, CustomReadonlyEditorProvider, WebviewPanel } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { Services } from '../../platform/services.ts';
import { WebviewHost } from '../../platform/webviewHost.ts';
import type { CheckpointApi, CheckpointEvents } from '../checkpoints/checkpointApi.ts';
import type { CheckpointHost, CheckpointPage } from '../webview/checkpoint/protocol.ts';
import { createCheckpointSession } from './checkpointSession.ts';
import { createSyncThread } from './syncThread.ts';

const CHECKPOINT_VIEW_TYPE = 'trainyard.checkpoint';
/** The same for files that nothing else opens. */
const FILE_VIEW_TYPE = 'trainyard.checkpointFile';
/** Files that stand for their folder. */
const MARKER = /\/(?:\.metadata|trainer_state\.json|_CHECKPOINT_METADATA|saved_model\.pb)$/;
const BOX_SCHEME = 'trainyard-box';
const STATE = v.object({ place: v.pipe(v.string(), v.minLength(1), v.maxLength(8192)) });

/** The read-only editor of checkpoints, for files here, and for what lies on a box. */
export function registerCheckpoints(services: Services): Disposable {
  const own = new DisposableStore();
  const editors = new CheckpointEditors(services);
  for (const viewType of [CHECKPOINT_VIEW_TYPE, FILE_VIEW_TYPE]) {
    own.add(window.registerCustomEditorProvider(viewType, editors, { supportsMultipleEditorsPerDocument: true, webviewOptions: { retainContextWhenHidden: true } }));
  }
  own.add(services.command('trainyard.checkpoint.open', (target) => openCheckpoint(editors, target)));
  own.add(services.command('trainyard.checkpoint.openPath', () => openPath(editors)));
  return own;
}

class CheckpointEditors implements CustomReadonlyEditorProvider {
  constructor(private readonly services: Services) {}

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: CustomDocument, panel: WebviewPanel): void {
    const place = placeOf(uri);
    if (place === undefined) {
      throw new Error(`${uri.toString(true)} is neither a file of the machine that Trainyard runs on nor of a box.`);
    }
    this.show(place, panel);
  }

  /** A tab of its own, for folders and for what lies on a box. */
  openTab(place: string): void {
    const title = place.replace(/\/+$/, '').split('/').at(-1) ?? place;
    this.show(place, window.createWebviewPanel(CHECKPOINT_VIEW_TYPE, title, ViewColumn.Active, { retainContextWhenHidden: true }));
  }

  private show(place: string, panel: WebviewPanel): void {
    const { services } = this;
    const own = new DisposableStore();
    panel.onDidDispose(() => own.dispose());
    const session = createCheckpointSession({
      place,
      page: () => host,
      thread: (events) =>
        own.add(
          // A thread to a checkpoint: one that hangs its reader takes no other along.
          createSyncThread<CheckpointApi, CheckpointEvents>(services, 'checkpoint', events),
        ),
      pickOther: () => pickPlace('Compare with', place),
      // Reading is harmless; what ssh runs for a host (ProxyCommand) is the user's own, but not in a folder that is not trusted.
      mayOpen: async (wanted) => !isRemote(wanted) || services.trust.check(),
    });
    const host: WebviewHost<CheckpointHost, CheckpointPage> = own.add(
      new WebviewHost<CheckpointHost, CheckpointPage>({ webview: panel.webview, extensionUri: services.extensionUri, page: 'syncCheckpoint', title: panel.title, handlers: session.handlers, onReady: () => session.onReady(), timeout: 600_000 }),
    );
  }
}

/** `trainyard-box://HOST/PATH` stands for what lies on a box. */
function placeOf(uri: Uri): string | undefined {
  return uri.scheme === 'file' ? uri.fsPath : uri.scheme === BOX_SCHEME && uri.authority !== '' ? `${uri.authority}:${uri.path}` : undefined;
}

function isRemote(place: string): boolean {
  return !place.startsWith('/');
}

/** A file or folder of the Explorer, the preview that is shown, or `{ place }` of another view. */
async function openCheckpoint(editors: CheckpointEditors, target: unknown): Promise<void> {
  const tab = window.tabGroups.activeTabGroup.activeTab?.input as { readonly uri?: unknown } | undefined;
  const uri = target instanceof Uri ? target : target === undefined && tab?.uri instanceof Uri ? tab.uri : undefined;
  const asked = v.safeParse(STATE, target);
  const place = asked.success ? asked.output.place : uri && placeOf(uri);
  if (place === undefined) {
    await openPath(editors);
  } else if (MARKER.test(place)) {
    editors.openTab(place.replace(MARKER, ''));
  } else if (uri?.scheme === 'file' && /\.\w+$/.test(uri.path)) {
    await commands.executeCommand('vscode.openWith', uri, CHECKPOINT_VIEW_TYPE);
  } else {
    editors.openTab(place);
  }
}

async function openPath(editors: CheckpointEditors): Promise<void> {
  const place = await pickPlace('Open checkpoint', undefined);
  if (place !== undefined) {
    editors.openTab(place);
  }
}

/** A path, `HOST:PATH`, or what the file dialog gives. */
async function pickPlace(title: string, beside: string | undefined): Promise<string | undefined> {
  const ways = [
    { label: 'File…', files: true, folders: false },
    { label: 'Folder…', files: false, folders: true },
    { label: 'On a box, or by its path…', files: false, folders: false },
  ];
  const way = await window.showQuickPick(ways, { title });
  if (way?.files === true || way?.folders === true) {
    const start = beside?.startsWith('/') === true ? { defaultUri: Uri.file(join(beside, '..')) } : {};
    const [found] = (await window.showOpenDialog({ title, canSelectFiles: way.files, canSelectFolders: way.folders, ...start })) ?? [];
    return found?.fsPath;
  }
  return way && window.showInputBox({ title, prompt: 'HOST:PATH, or an absolute path of this machine', validateInput: (text) => (/^(?:\/|[A-Za-z0-9_][A-Za-z0-9_.@-]*:)/.test(text.trim()) ? undefined : 'HOST:PATH, or an absolute path.') }).then((text) => text?.trim());
}
