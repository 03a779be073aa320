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

function pages(viewType: string): number {
  return window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ input }) => input instanceof TabInputWebview && input.viewType.includes(viewType)).length;
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

  for (const [what, command, viewType] of [
    ['is shown on one page', 'trainyard.monitor.open', 'trainyard.system'],
    ['is shown with all boxes on another', 'trainyard.monitor.fleet', 'trainyard.fleet'],
  ] as const) {
    it(`${what}, however often it is asked for`, async () => {
      await activated();
      await commands.executeCommand(command);
      await untilTabs(() => pages(viewType) > 0);
      await commands.executeCommand(command);
      await commands.executeCommand('workbench.action.closeActiveEditor');
      await untilTabs(() => pages(viewType) === 0);
      strictEqual(pages(viewType), 0);
    });
  }

  for (const verb of ['signal', 'revealTerminal', 'notifyEnd']) {
    it(`is not taken for a box by ${verb}: a process there has a number that another has here`, async () => {
      const { notify } = await activated();
      notify.said.length = 0;
      await commands.executeCommand(`trainyard.monitor.${verb}`, { process: `${process.pid}/1`, machine: 'box' });
      deepStrictEqual(notify.said.map(({ message }) => message), ['This can be done to processes of this machine alone. On a box, use a terminal.']);
    });
  }

  it('leaves the clipboard alone where there is nothing to copy', async () => {
    await env.clipboard.writeText('as it was');
    await toldOf('trainyard.monitor.copyPid', '1/0');
    strictEqual(await env.clipboard.readText(), 'as it was');
  });
});
