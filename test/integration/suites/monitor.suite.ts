import { deepStrictEqual, strictEqual } from 'node:assert';
import { commands, env, TabInputWebview, window } from 'vscode';
import { childProcesses } from '../childProcesses.ts';
import { activated } from '../extensionUnderTest.ts';

/** Milliseconds between two looks at a machine that is being read for the first time. */
const LOOK_AGAIN_MS = 50;

/** What the command tells when it is given a process that is none, once this machine has been read. */
async function toldOf(command: string, process: string): Promise<readonly string[]> {
  const { notify } = await activated();
  for (;;) {
    notify.said.length = 0;
    await commands.executeCommand(command, { process });
    const said = notify.said.map(({ message }) => message);
    if (!said.some((message) => message.includes('not been read yet'))) {
      return said;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

function dashboards(): number {
  return window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ input }) => input instanceof TabInputWebview && input.viewType.includes('trainyard.system')).length;
}

/** Resolves once the tabs, of which the window tells a little later, are so. */
async function untilTabs(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise<void>((resolve) => {
      const listener = window.tabGroups.onDidChangeTabs(() => {
        listener.dispose();
        resolve();
      });
    });
  }
}

describe('the system of this machine', () => {
  for (const verb of ['signal', 'copyPid', 'copyCommand', 'revealTerminal', 'notifyEnd']) {
    it(`is not touched by ${verb} where the process has ended`, async () => {
      deepStrictEqual(await toldOf(`trainyard.monitor.${verb}`, '1/0'), ['This process has ended.']);
    });
  }

  it('is read without a process of its own where there is no GPU', async () => {
    await toldOf('trainyard.monitor.copyPid', '1/0');
    deepStrictEqual(await childProcesses(), []);
  });

  it('is shown on one page, however often it is asked for', async () => {
    await activated();
    await commands.executeCommand('trainyard.monitor.open');
    await untilTabs(() => dashboards() > 0);
    await commands.executeCommand('trainyard.monitor.open');
    await commands.executeCommand('workbench.action.closeActiveEditor');
    await untilTabs(() => dashboards() === 0);
    strictEqual(dashboards(), 0);
  });

  it('leaves the clipboard alone where there is nothing to copy', async () => {
    await env.clipboard.writeText('as it was');
    await toldOf('trainyard.monitor.copyPid', '1/0');
    strictEqual(await env.clipboard.readText(), 'as it was');
  });
});
