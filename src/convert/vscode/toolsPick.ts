import * as vscode from 'vscode';
import type { ToolState } from '../../process/toolSearch.ts';
import type { ToolRow } from '../view/toolRows.ts';
import { toolRows, toolsText } from '../view/toolRows.ts';
import { Pick, plainLabel, separator } from './pick.ts';
import type { TextDocuments } from './textDocuments.ts';

interface ToolItem extends vscode.QuickPickItem {
  readonly row?: ToolRow;
  readonly act?: 'text' | 'again';
}

const COPY: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('copy'), tooltip: 'Copy Install Line' };
const SETTING: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('gear'), tooltip: 'Open Setting for Its Path' };

/**
 * What was found, where, which version; what is missing with the line that installs it. Resolves when it is shown: what the person
 * does with it comes later.
 */
export async function showTools(find: () => Promise<readonly ToolState[]>, documents: TextDocuments, onError: (error: unknown) => void): Promise<void> {
  const pick = new Pick<ToolItem>({ title: 'Tools', placeholder: 'Looking for ffmpeg, sox and ImageMagick' });
  try {
    const states = await look(pick, find);
    void converse(pick, states, find, documents)
      .catch(onError)
      .finally(() => pick.dispose());
  } catch (error) {
    pick.dispose();
    throw error;
  }
}

async function look(pick: Pick<ToolItem>, find: () => Promise<readonly ToolState[]>): Promise<readonly ToolState[]> {
  pick.ui.busy = true;
  const states = await find();
  pick.ui.busy = false;
  pick.ui.placeholder = 'Enter copies the line that installs a tool, or opens the setting for its path';
  pick.ui.items = itemsOf(toolRows(states));
  return states;
}

async function converse(
  pick: Pick<ToolItem>,
  first: readonly ToolState[],
  find: () => Promise<readonly ToolState[]>,
  documents: TextDocuments,
): Promise<void> {
  let states = first;
  for (;;) {
    const event = await pick.next();
    if (event.type === 'hide' || event.type === 'back') {
      return;
    }
    const { row, act } = event.item;
    if (act === 'text') {
      await documents.show('Tools.txt', toolsText(states));
      return;
    }
    if (row !== undefined) {
      await follow(row, event.type === 'button' ? event.button : row.install === undefined ? SETTING : COPY);
      return;
    }
    states = await look(pick, find);
  }
}

function itemsOf(rows: readonly ToolRow[]): ToolItem[] {
  return [
    ...rows.map((row): ToolItem => {
      const buttons = [...(row.install === undefined ? [] : [COPY]), ...(row.setting === undefined ? [] : [SETTING])];
      return {
        label: `$(${row.icon}) ${plainLabel(row.label)}`,
        description: plainLabel(row.description),
        ...(row.detail !== undefined && { detail: plainLabel(row.detail) }),
        buttons,
        row,
      };
    }),
    separator(''),
    { label: '$(refresh) Look again', act: 'again' },
    { label: '$(output) Show as text', description: 'with everything that each was built with', act: 'text' },
  ];
}

async function follow({ install, setting }: ToolRow, button: vscode.QuickInputButton): Promise<void> {
  if (button === COPY && install !== undefined) {
    await vscode.env.clipboard.writeText(install);
    vscode.window.setStatusBarMessage(`Copied: ${install}`, 5000);
  } else if (setting !== undefined) {
    await vscode.commands.executeCommand('workbench.action.openSettings', setting);
  }
}
