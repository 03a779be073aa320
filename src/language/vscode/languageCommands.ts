import { dirname, relative } from 'node:path';
import { commands, EventEmitter, Range, Uri, window, workspace } from 'vscode';
import type { QuickPickItem, TextDocumentContentProvider } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { formatCount, formatCountOf } from '../../base/format.ts';
import { isRecord } from '../../base/isRecord.ts';
import { printable } from '../../base/printable.ts';
import { insideUriParts } from '../../media/insideUri.ts';
import type { Services } from '../../platform/services.ts';
import type { LanguageFace } from '../client.ts';
import type { AllProblems, NamingRow } from '../protocol.ts';
import { checkLarge } from './largeTabs.ts';

const PROBLEMS_SCHEME = 'trainyard-problems';

/** Commands of cards, lenses and the palette. */
export function registerLanguageCommands(services: Services, face: () => Promise<LanguageFace>): Disposable {
  const owned = new DisposableStore();
  const { notify, log } = services;
  const lists = owned.add(new ProblemLists(face));
  const checks = new Map<string, Disposable>();
  owned.add(workspace.registerTextDocumentContentProvider(PROBLEMS_SCHEME, lists));
  owned.add(services.command('trainyard.language.openMedium', async (place) => {
    const uri = uriOf(place);
    if (uri) {
      await commands.executeCommand('vscode.open', uri, { preview: true });
    }
  }));
  owned.add(services.command('trainyard.language.revealMedium', async (place) => {
    const uri = isRecord(place) && typeof place.file === 'string' ? Uri.file(place.file) : undefined;
    if (uri) {
      await commands.executeCommand(workspace.getWorkspaceFolder(uri) ? 'revealInExplorer' : 'revealFileInOS', uri);
    }
  }));
  owned.add(services.command('trainyard.language.showInDatasets', async (path) => {
    if (typeof path === 'string' && path.startsWith('/')) {
      await commands.executeCommand('trainyard.dataset.openGallery', Uri.file(dirname(path)));
    }
  }));
  owned.add(services.command('trainyard.language.showProblems', async (target) => {
    const uri = target instanceof Uri ? target.toString() : typeof target === 'string' ? target : shownUri()?.toString();
    if (uri === undefined) {
      await notify.info('Open a manifest first: its problems are listed.');
      return;
    }
    const list = lists.renew(uri);
    await window.showTextDocument(await workspace.openTextDocument(list), { preview: true });
  }));
  owned.add(services.command('trainyard.language.checkManifest', async (target) => {
    const uri = target instanceof Uri ? target : shownUri();
    if (uri?.scheme !== 'file') {
      await notify.info('Choose a manifest in the Explorer, or open one: it is checked as a whole.');
      return;
    }
    checks.get(uri.toString())?.dispose();
    checks.set(uri.toString(), owned.add(checkLarge(uri, face, log)));
  }));
  owned.add(services.command('trainyard.language.findRows', async (target) => {
    const uri = target instanceof Uri ? target : shownUri();
    if (uri?.scheme !== 'file') {
      await notify.info('Choose a picture, film or sound: the rows of manifests that name it are found.');
      return;
    }
    const rows = await (await face()).rowsOfFile(uri.fsPath);
    await chooseRow(rows, uri, services);
  }));
  return owned;
}

/** A place that a card's link hands over. */
function uriOf(place: unknown): Uri | undefined {
  if (!isRecord(place) || typeof place.file !== 'string' || !place.file.startsWith('/')) {
    return undefined;
  }
  return typeof place.member === 'string' ? Uri.from(insideUriParts({ file: place.file, member: place.member })) : Uri.file(place.file);
}

/** Of the tab that is shown, whatever shows it. */
function shownUri(): Uri | undefined {
  const input: unknown = window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = typeof input === 'object' && input !== null && 'uri' in input ? input.uri : undefined;
  return uri instanceof Uri ? uri : undefined;
}

interface RowPick extends QuickPickItem {
  readonly row: NamingRow;
}

async function chooseRow(rows: readonly NamingRow[], medium: Uri, { notify }: Services): Promise<void> {
  if (rows.length === 0) {
    await notify.info(`No manifest in the folder of ${printable(medium.fsPath)}, or in those above it, names it.`);
    return;
  }
  const picks = rows.map((row): RowPick => {
    const { fsPath } = Uri.parse(row.uri);
    return { row, label: `${relative(dirname(medium.fsPath), fsPath)}:${row.line + 1}`, detail: printable(row.text) };
  });
  const chosen = picks.length === 1 ? picks[0] : await window.showQuickPick(picks, { title: formatCountOf(rows.length, 'row names it', 'rows name it'), matchOnDetail: true });
  if (chosen) {
    const { uri, line, character, length } = chosen.row;
    await commands.executeCommand('vscode.openWith', Uri.parse(uri), 'default', { selection: new Range(line, character, line, character + length), preview: true });
  }
}

/** Lists of problems as texts, each fetched when it is shown. */
class ProblemLists implements TextDocumentContentProvider {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly face: () => Promise<LanguageFace>) {}

  renew(uri: string): Uri {
    const list = Uri.from({ scheme: PROBLEMS_SCHEME, path: `${Uri.parse(uri).path} problems.txt`, query: uri });
    this.changed.fire(list);
    return list;
  }

  async provideTextDocumentContent({ query }: Uri): Promise<string> {
    return listOf(await (await this.face()).allProblems(query), Uri.parse(query).fsPath);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function listOf({ total, problems }: AllProblems, path: string): string {
  const lines = problems.map(({ range, code, message }) => `${path}:${range.start.line + 1}:${range.start.character + 1}  ${code}  ${printable(typeof message === 'string' ? message : message.value)}`);
  const more = total - problems.length;
  return [`${formatCountOf(total, 'problem')} in ${path}`, '', ...lines, ...(more > 0 ? ['', `${formatCount(more)} more were counted and not kept.`] : []), ''].join('\n');
}
