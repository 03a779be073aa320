import * as vscode from 'vscode';

/** Says something in the corner of the window, and resolves to the action that was chosen. A service, so that tests can answer. */
export interface Notify {
  info(message: string, ...actions: readonly string[]): Promise<string | undefined>;
  warn(message: string, ...actions: readonly string[]): Promise<string | undefined>;
  error(message: string, ...actions: readonly string[]): Promise<string | undefined>;
  /** Asks in the middle of the window, before something is ended or lost; true where `action` was chosen. */
  confirm(message: string, detail: string, action: string): Promise<boolean>;
}

export const windowNotify: Notify = {
  info: async (message, ...actions) => vscode.window.showInformationMessage(withoutLinks(message), ...actions),
  warn: async (message, ...actions) => vscode.window.showWarningMessage(withoutLinks(message), ...actions),
  error: async (message, ...actions) => vscode.window.showErrorMessage(withoutLinks(message), ...actions),
  confirm: async (message, detail, action) => (await vscode.window.showWarningMessage(message, { modal: true, detail }, action)) === action,
};

/** VS Code makes a link, of a command even, out of `[text](address)`, which a file's name may hold. */
function withoutLinks(message: string): string {
  return message.replaceAll('](', ']\u200b(');
}

export interface Said {
  readonly severity: keyof Notify;
  readonly message: string;
  readonly actions: readonly string[];
}

/** Keeps what was said and answers in the person's stead: what the suite inside the extension host uses. */
export class RecordingNotify implements Notify {
  readonly said: Said[] = [];
  /** Chooses an action by what was said; nothing is chosen until a test sets it. */
  answer: (said: Said) => string | undefined = () => undefined;

  async info(message: string, ...actions: readonly string[]): Promise<string | undefined> {
    return this.take({ severity: 'info', message, actions });
  }

  async warn(message: string, ...actions: readonly string[]): Promise<string | undefined> {
    return this.take({ severity: 'warn', message, actions });
  }

  async error(message: string, ...actions: readonly string[]): Promise<string | undefined> {
    return this.take({ severity: 'error', message, actions });
  }

  async confirm(message: string, detail: string, action: string): Promise<boolean> {
    return this.take({ severity: 'confirm', message: `${message}\n${detail}`, actions: [action] }) === action;
  }

  private take(said: Said): string | undefined {
    this.said.push(said);
    return this.answer(said);
  }
}
