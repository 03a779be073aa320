import { delimiter, join } from 'node:path';
import type * as vscode from 'vscode';
import type { Log } from './log.ts';
import type { TerminalCommand } from './terminalCommand.ts';
import { terminalScript, writeTerminalScript } from './terminalCommand.ts';

/**
 * Puts `trainyard` on the PATH of integrated terminals. VS Code remembers the collection by workspace, so that terminals opened
 * before the next activation have it too; the first one of a workspace activates us (`onTerminal`) and is relaunched by VS Code if
 * it came first. A shell whose start-up files set PATH anew does not have it.
 */
export function contributeTerminalCommand(
  variables: vscode.EnvironmentVariableCollection,
  folder: string,
  command: TerminalCommand,
  log: Log,
): void {
  variables.description = 'The command `trainyard`: conversions from the terminal, shown in the Jobs view.';
  variables.prepend('PATH', `${folder}${delimiter}`);
  writeTerminalScript(join(folder, 'trainyard'), terminalScript(command)).catch((error: unknown) => {
    log.error('The command trainyard could not be laid down for the terminal', error);
  });
}
