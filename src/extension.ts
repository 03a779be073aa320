import { join } from 'node:path';
import * as vscode from 'vscode';
import { registerConvert } from './convert/register.ts';
import { bundlePath } from './installation.ts';
import { createServices } from './platform/createServices.ts';
import { createLog } from './platform/log.ts';
import { RecordingNotify, windowNotify } from './platform/notify.ts';
import { contributeTerminalCommand } from './platform/terminalPath.ts';

/** What `activate` gives to the suite that runs inside the extension host, and to nobody else. */
export interface TestHandle {
  readonly notify: RecordingNotify;
  /** Milliseconds that `activate` took, the bundle's own loading not included. */
  readonly activationMs: number;
}

export function activate(context: vscode.ExtensionContext): TestHandle | undefined {
  const start = performance.now();
  const testNotify = context.extensionMode === vscode.ExtensionMode.Test ? new RecordingNotify() : undefined;
  const log = createLog(process.env);
  const services = createServices(context, log, testNotify ?? windowNotify);
  const store = join(services.storage, 'jobs');
  const { installation } = services;

  context.subscriptions.push(log, registerConvert(services, store));
  contributeTerminalCommand(
    context.environmentVariableCollection,
    join(services.storage, 'bin'),
    { node: process.execPath, cli: bundlePath(installation, 'cli'), store },
    log,
  );

  const activationMs = performance.now() - start;
  log.debug(`activated in ${activationMs.toFixed(1)} ms`);
  return testNotify && { notify: testNotify, activationMs };
}
