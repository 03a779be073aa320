import { deepStrictEqual, ok } from 'node:assert';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, languages, Range, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import type { CodeAction, Hover, MarkdownString } from 'vscode';
import { activated } from '../extensionUnderTest.ts';

const LOOK_AGAIN_MS = 100;
const folder = (): string => join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'speech');
const file = (): Uri => Uri.file(join(folder(), 'train.jsonl'));

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

function codes(): unknown[] {
  return languages.getDiagnostics(file()).filter(({ source }) => source === 'Trainyard').map(({ code }) => code);
}

/** One second of silence: 8000 samples of 8 bits. */
function wav(): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(8036, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(8000, 40);
  return Buffer.concat([head, Buffer.alloc(8000, 128)]);
}

async function serverPids(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map(async (pid) => [Number(pid), await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')] as const));
  return lines.filter(([, line]) => line.includes('languageServer.js')).map(([pid]) => pid);
}

/** It stands last by its name: the language server that it starts lives as long as the window. */
describe('a manifest in an editor', () => {
  before(async () => {
    await activated();
    await mkdir(folder(), { recursive: true });
    await writeFile(join(folder(), 'a.wav'), wav());
    await writeFile(file().fsPath, '{"audio_filepath": "a.wav", "duration": 1, "text": "one"}\n{"audio_filepath": "b.wav", "duration": 1, "text": "two"}\n');
  });

  after(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder(), { recursive: true, force: true });
  });

  it('has its problems on the very values, and a fix', async () => {
    await window.showTextDocument(await workspace.openTextDocument(file()));
    await until(() => codes().length > 0);
    deepStrictEqual(codes(), ['row/path-missing']);
    const [problem] = languages.getDiagnostics(file());
    deepStrictEqual(problem?.range, new Range(1, 19, 1, 26));
    const actions = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', file(), problem?.range);
    ok(actions.some(({ title }) => title === 'Drop row 2'), actions.map(({ title }) => title).join());
  });

  it('shows a card of the sound under the cursor', async () => {
    const [hover] = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', file(), new Range(0, 22, 0, 22).start);
    const text = (hover?.contents[0] as MarkdownString | undefined)?.value ?? '';
    ok(text.includes('8,000 Hz') && text.includes('Row 1 of 2'), text);
  });

  it('is checked on after the server was killed', async () => {
    const [pid, ...others] = await serverPids();
    deepStrictEqual(others, []);
    process.kill(pid ?? 0, 'SIGKILL');
    await until(async () => (await serverPids()).some((other) => other !== pid));
    const edit = new WorkspaceEdit();
    edit.replace(file(), new Range(0, 0, 0, 1), '[');
    await workspace.applyEdit(edit);
    await until(() => codes().includes('row/unreadable'));
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
