import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';

/** Lines in the output channel “Trainyard”, which never opens by itself. */
export interface Log extends Disposable {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string, error?: unknown): void;
}

export function createLog(env: NodeJS.ProcessEnv): Log {
  const channel = vscode.window.createOutputChannel('Trainyard', { log: true });
  // The host's console reaches the log of whoever drives it; an output channel does not.
  const mirror = env['CI'] === undefined ? undefined : console;
  return {
    debug: (line) => channel.debug(line),
    info(line) {
      channel.info(line);
      mirror?.info(`[trainyard] ${line}`);
    },
    warn(line) {
      channel.warn(line);
      mirror?.warn(`[trainyard] ${line}`);
    },
    error(line, error) {
      const text = error === undefined ? line : `${line}: ${describeError(error)}`;
      channel.error(text);
      mirror?.error(`[trainyard] ${text}`);
    },
    dispose: () => channel.dispose(),
  };
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
