import { commands } from 'vscode';

const LOOK_AGAIN_MS = 50;

/** Runs a command whose quick pick nobody answers: the pick is turned away whenever it is up, until the command is done. */
export async function runUnattended(command: string, ...args: readonly unknown[]): Promise<void> {
  let done = false;
  const running = Promise.resolve(commands.executeCommand(command, ...args)).finally(() => (done = true));
  running.catch(() => undefined);
  while (!done) {
    await commands.executeCommand('workbench.action.closeQuickOpen');
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  await running;
}
