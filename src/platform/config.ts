import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { ToolId } from '../process/toolPlan.ts';

const ROOT = 'trainyard';
const TOOLS_WITH_PATH = ['ffmpeg', 'ffprobe', 'sox', 'imagemagick'] as const satisfies readonly ToolId[];

/** Reads settings afresh at each use, so that a change holds without a reload. Rooms add their own getters on top. */
export class Config {
  /** As VS Code merges it: user, remote, workspace, folder. Of settings that decide what is run, use `ofUser`. */
  merged(name: string): unknown {
    return vscode.workspace.getConfiguration(ROOT).get(name);
  }

  /**
   * What the user or the machine says, and never the workspace. The scopes in package.json say so already; this holds even where
   * an editor other than VS Code does not keep to them.
   */
  ofUser(name: string): unknown {
    const found = vscode.workspace.getConfiguration(ROOT).inspect(name);
    return found?.globalValue ?? found?.defaultValue;
  }

  /** The user's own tool paths; what is empty is left out. */
  toolPaths(): Readonly<Partial<Record<ToolId, string>>> {
    const paths = TOOLS_WITH_PATH.flatMap((id) => {
      const path = this.ofUser(`tools.${id}`);
      return typeof path === 'string' && path.trim() !== '' ? [[id, path.trim()] as const] : [];
    });
    return Object.fromEntries(paths);
  }

  onDidChange(name: string, listener: () => void): Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${ROOT}.${name}`)) {
        listener();
      }
    });
  }
}
