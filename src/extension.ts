import { join } from 'node:path';
import * as vscode from 'vscode';
import { registerConvert } from './convert/register.ts';
import { registerDataset } from './dataset/register.ts';
import { bundlePath } from './installation.ts';
import { registerLanguage } from './language/register.ts';
import { registerMonitor } from './monitor/register.ts';
import { createServices } from './platform/createServices.ts';
import { createLog } from './platform/log.ts';
import { RecordingNotify, windowNotify } from './platform/notify.ts';
import { contributeTerminalCommand } from './platform/terminalPath.ts';
import { registerSync } from './sync/register.ts';

/** What `activate` gives to the suite that runs inside the extension host, and to nobody else. */
export interface TestHandle {
  readonly notify: RecordingNotify;
}

export function activate(context: vscode.ExtensionContext): TestHandle | undefined {
  const testNotify = context.extensionMode === vscode.ExtensionMode.Test ? new RecordingNotify() : undefined;
  const log = createLog(process.env);
  const services = createServices(context, log, testNotify ?? windowNotify);
  const store = join(services.storage, 'jobs');
  const { installation } = services;

  context.subscriptions.push(log, registerConvert(services, store), registerMonitor(services), registerDataset(services), registerSync(services), registerLanguage(services));
  contributeTerminalCommand(
    context.environmentVariableCollection,
    join(services.storage, 'bin'),
    { node: process.execPath, cli: bundlePath(installation, 'cli'), store },
    log,
  );
  return testNotify && { notify: testNotify };
}
