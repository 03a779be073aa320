import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { commands, ExtensionKind } from 'vscode';
import { childProcesses } from '../childProcesses.ts';
import { extensionUnderTest, manifest } from '../extensionUnderTest.ts';
import { livingIntervals } from '../intervals.ts';
import { runUnattended } from '../unattended.ts';

describe('the extension', () => {
  it('runs where the workspace is', () => {
    strictEqual(extensionUnderTest().extensionKind, ExtensionKind.Workspace);
  });

  it('is activated by a command', async () => {
    await runUnattended('trainyard.tools.show');
    ok(extensionUnderTest().isActive);
  });

  it('registers the commands that it declares, and no others', async () => {
    await extensionUnderTest().activate();
    const ofViews = new Set(Object.values(manifest().contributes.views).flatMap((views) => views.flatMap(({ id }) => viewCommands(id))));
    const registered = (await commands.getCommands(true)).filter((id) => id.startsWith('trainyard.') && !ofViews.has(id));
    const declared = manifest().contributes.commands.map(({ command }) => command);
    deepStrictEqual(registered.sort(), declared.sort());
  });

  it('has started nothing of its own by being active, and collects in a thread', async () => {
    await extensionUnderTest().activate();
    deepStrictEqual(await childProcesses(), []);
  });

  it('leaves no process running once a command is done', async () => {
    await runUnattended('trainyard.tools.show');
    deepStrictEqual(await childProcesses(), []);
  });

  it('keeps no clock ticking while nothing is to be followed', async () => {
    await extensionUnderTest().activate();
    await commands.executeCommand('workbench.action.closeAllEditors');
    await commands.executeCommand('workbench.action.closePanel');
    await commands.executeCommand('workbench.view.explorer');
    deepStrictEqual(livingIntervals(), []);
  });
});

/** What VS Code itself registers for each view. */
function viewCommands(id: string): string[] {
  return ['focus', 'open', 'toggleVisibility', 'resetViewLocation', 'removeView'].map((verb) => `${id}.${verb}`);
}
