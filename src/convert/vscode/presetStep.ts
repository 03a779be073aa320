import * as vscode from 'vscode';
import type { Survey } from '../survey.ts';
import type { PickContext, PickEntry } from '../view/presetPick.ts';
import { presetEntries, surveyTitle } from '../view/presetPick.ts';
import { Pick, plainLabel } from './pick.ts';
import type { SurveyRun } from './surveyRun.ts';

interface EntryItem extends vscode.QuickPickItem {
  readonly entry: PickEntry;
}

const SHOW_TOOLS: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('tools'), tooltip: 'Show Tools' };

/** The first step: which preset. Gives its id; undefined where the person turned away. Fills while the files are looked at. */
export async function choosePreset(survey: SurveyRun, context: Omit<PickContext, 'isOver'>): Promise<string | undefined> {
  const pick = new Pick<EntryItem>({
    title: surveyTitle(survey.latest, survey.isOver),
    placeholder: 'What to make of them',
    step: { current: 1, total: 3 },
  });
  const show = (latest: Survey | undefined): void => {
    const { isOver } = survey;
    pick.ui.busy = !isOver;
    pick.ui.title = surveyTitle(latest, isOver);
    if (survey.problem !== undefined) {
      pick.ui.placeholder = survey.problem;
    }
    pick.setItems(latest === undefined ? [] : presetEntries(latest, { ...context, isOver }).map(itemOf), keyOf);
  };
  const listening = survey.onDidChange(show);
  show(survey.latest);
  try {
    for (;;) {
      const event = await pick.next();
      if (event.type === 'hide' || event.type === 'back') {
        return undefined;
      }
      const { entry } = event.item;
      if (event.type === 'button' || (entry.type === 'preset' && entry.impossible !== undefined)) {
        void vscode.commands.executeCommand('trainyard.tools.show');
        return undefined;
      }
      if (entry.type === 'preset') {
        return entry.id;
      }
      if (entry.type === 'remark' && entry.isSetting) {
        void vscode.commands.executeCommand('workbench.action.openSettings', 'trainyard.convert.presets');
        return undefined;
      }
    }
  } finally {
    listening.dispose();
    pick.dispose();
  }
}

function itemOf(entry: PickEntry): EntryItem {
  switch (entry.type) {
    case 'separator':
      return { label: entry.label, kind: vscode.QuickPickItemKind.Separator, entry };
    case 'remark':
      return { label: `$(${entry.icon}) ${entry.label}`, description: plainLabel(entry.description), alwaysShow: !entry.isSetting, entry };
    case 'preset':
      return {
        label: `$(${entry.icon}) ${plainLabel(entry.label)}`,
        description: plainLabel(entry.description),
        ...(entry.impossible !== undefined && { buttons: [SHOW_TOOLS] }),
        entry,
      };
  }
}

function keyOf({ entry }: EntryItem): string {
  return entry.type === 'preset' ? entry.id : entry.type === 'remark' ? entry.description : entry.label;
}
