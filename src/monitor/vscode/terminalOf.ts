import * as vscode from 'vscode';
import type { ProcessSample } from '../hostSample.ts';

const DEEPEST = 64;

/** The terminal of this window in which a process, or one above it, was started. */
export async function terminalOf(process: ProcessSample, all: readonly ProcessSample[]): Promise<vscode.Terminal | undefined> {
  const byPid = new Map(all.map((one) => [one.pid, one]));
  const line = new Set<number>();
  for (let pid: number | undefined = process.pid; pid !== undefined && pid > 1 && !line.has(pid) && line.size < DEEPEST; pid = byPid.get(pid)?.parent) {
    line.add(pid);
  }
  const shells = await Promise.all(vscode.window.terminals.map(async (terminal) => ({ terminal, pid: await terminal.processId })));
  return shells.find(({ pid }) => pid !== undefined && line.has(pid))?.terminal;
}
