import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeAction, CodeLens, CompletionItem, Hover } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILTER_RULES } from '../../../../../src/language/families/rsyncFilter/filterRules.ts';
import { buildServer, ServerProcess } from '../../serverProcess.ts';
import { BROKEN_FILTERS, IN_TARGET } from './brokenFilters.ts';
import { applied, codesOf, plantTree } from './filterDesk.ts';

const LANGUAGE = 'rsync-filter';
let built: Awaited<ReturnType<typeof buildServer>>;
let server: ServerProcess;
let folder: string;
let count = 0;

beforeAll(async () => {
  built = await buildServer();
  folder = plantTree();
  server = await ServerProcess.start(built.folder, { folders: [folder], isTrusted: false });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  built.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const open = (text: string, name = `${count++}.rsyncfilter`): Promise<string> => server.open(join(folder, name), LANGUAGE, text);
const actionsAt = (uri: string, range: unknown): Promise<CodeAction[]> => server.ask('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [] } });

/** rsync takes the rules, whatever they do. */
function rsyncTakes(text: string): boolean {
  writeFileSync(join(folder, 'taken'), text);
  const { status } = spawnSync('rsync', ['-rn', `--filter=merge ${join(folder, 'taken')}`, `${folder}/`, `${folder}-none/`]);
  rmSync(join(folder, 'taken'));
  return status === 0;
}

describe('rules that do not what was meant', () => {
  it.each(BROKEN_FILTERS.map((broken) => [broken.code, broken.what, broken] as const))('%s: %s is found on its characters, and its fix mends it', async (code, _, { text, at, mended }) => {
    const uri = await open(text);
    const document = TextDocument.create(uri, LANGUAGE, 1, text);
    const fits = (one: { readonly code?: unknown }): boolean => one.code === code;
    const problem = (await server.diagnostics(uri, (list) => list.some(fits))).find(fits);
    expect(document.getText(problem?.range)).toBe(at);
    expect(rsyncTakes(text)).toBe(FILTER_RULES[code].severity !== 'error');
    const action = (await actionsAt(uri, problem?.range)).find(({ diagnostics }) => diagnostics?.[0]?.code === code);
    expect(action?.edit === undefined ? undefined : applied(text, action, uri)).toBe(mended);
    if (mended !== undefined) {
      expect(rsyncTakes(mended)).toBe(true);
      expect(await codesOf(mended, folder)).not.toContain(code);
    }
  });

  it('there are of every code', () => {
    const shown = new Set<string>([...BROKEN_FILTERS, IN_TARGET].map(({ code }) => code));
    expect(Object.keys(FILTER_RULES).filter((code) => !shown.has(code))).toEqual([]);
  });
});

describe('the server as it is shipped, with filter rules', () => {
  it('says nothing of rules that are well', async () => {
    const text = '# what to send\n+ keep.log\n- *.log\n-s /runs/***\nP *.pt\nH /x/data/*.bin\n+ */\n- .env\n';
    expect(rsyncTakes(text)).toBe(true);
    expect(await codesOf(text, folder)).toEqual([]);
  });

  it('turns a .gitignore that is opened as a filter as a whole', async () => {
    const text = '# noise\n*.log\n\n!keep.log\n/data/raw/\n';
    const uri = await open(text, 'sub.gitignore');
    await server.diagnostics(uri, (list) => list.length === 3);
    const action = (await actionsAt(uri, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } })).find(({ title }) => title.startsWith('Turn all'));
    expect(applied(text, action, uri)).toBe('- /data/raw/\n+ keep.log\n# noise\n- *.log\n');
  });

  it('tells what a rule means, and what it comes to here', async () => {
    const uri = await open('- /runs/\n-! *.log\n:n- .rules\n');
    const hover = async (line: number): Promise<string> => {
      const found = await server.ask<Hover | null>('textDocument/hover', { textDocument: { uri }, position: { line, character: 3 } });
      return (found?.contents as { value: string } | undefined)?.value ?? '';
    };
    const first = await hover(0);
    expect(first).toContain('Leaves out what matches');
    expect(first).toContain('folders whose path from the folder of the transfer is `runs`, and all that is in such folders');
    expect(first).toContain('Here it matches 2 files, 2.00 kB (2,000 bytes).');
    expect(first).toContain('- `runs/best.pt`\n- `runs/1/m.pt`');
    expect(await hover(1)).toContain('It speaks of all files and folders but those named `*.log`');
    expect(await hover(2)).toContain('- `n`: the rules do not hold in folders below');
  });

  it('counts above each rule and above the first, and follows no link', async () => {
    mkdirSync(join(folder, 'linked'));
    symlinkSync('/usr', join(folder, 'linked', 'usr'));
    const uri = await open('+ *.pt\n- /runs/\n- /linked/\n- *.none\n', 'counted.rsyncfilter');
    const lenses = await server.ask<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    expect(lenses.map(({ command, range }) => [range.start.line, command?.title])).toEqual([
      [0, expect.stringMatching(/^Takes in \d+ files, [\d.]+ kB · leaves out \d+ files?, [\d.]+ k?B$/)],
      [0, 'decides about none of the 2 names it matches'],
      [1, 'matches 2 files, 2.00 kB'],
      [2, expect.stringMatching(/^matches/)],
      [3, 'matches nothing here'],
    ]);
  });

  it('completes kinds, modifiers and paths', async () => {
    const labels = async (text: string): Promise<readonly string[]> => {
      const uri = await open(text);
      const found = await server.ask<CompletionItem[] | null>('textDocument/completion', { textDocument: { uri }, position: { line: 0, character: text.length } });
      return (found ?? []).map(({ label }) => label);
    };
    expect(await labels('')).toEqual(expect.arrayContaining(['-', 'exclude', 'P', 'protect', ':', 'dir-merge', '!']));
    expect(await labels('ex')).toContain('exclude');
    expect(await labels('-')).toEqual(expect.arrayContaining(['/', '!', 'C', 'r', 's', 'p', 'x']));
    expect(await labels('-s')).not.toContain('s');
    expect(await labels('protect,')).toEqual(['/', '!', 'p', 'x']);
    expect(await labels('- ')).toEqual(expect.arrayContaining(['logs/', 'train.py', '*.py']));
    expect(await labels('- /logs/')).toEqual(['a.log', 'keep.log', '*.log']);
    expect(await labels('- */')).toEqual([]);
    expect(await labels(': ')).not.toContain('logs/');
  });

  it('checks the rules of the targets of a workspace where they stand, and mends them there', async () => {
    const text = JSON.stringify({ targets: [{ box: 'a', remote: '~/a', rules: ['- *.log', '- caf\u00e9\\x', '+ keep.log', IN_TARGET.text, '-/ /lgos/'] }, { box: 'b', remote: '~/b', local: 'data', rules: ['- /rwa/'] }, { box: 'c', remote: '~/c', direction: 'pull', rules: ['- /gone/'] }] }, undefined, 2);
    const uri = await server.open(join(folder, '.vscode', 'trainyard.json'), 'jsonc', text);
    const found = await server.diagnostics(uri, (list) => list.some(({ code }) => code === 'rsync/misspelt-path'));
    const document = TextDocument.create(uri, 'jsonc', 1, text);
    expect(found.map(({ code, range }) => [code, document.getText(range)])).toEqual([
      [IN_TARGET.code, IN_TARGET.at],
      ['rsync/not-in-target', '/'],
      ['rsync/backslash', '\\\\'],
      ['rsync/shadowed', '+ keep.log'],
      ['rsync/misspelt-path', 'rwa'],
    ]);
    const fix = async (index: number): Promise<{ targets: { rules: string[] }[] }> => JSON.parse(applied(text, (await actionsAt(uri, found[index]?.range))[0], uri)) as never;
    expect((await fix(3)).targets[0]?.rules.slice(0, 3)).toEqual(['+ keep.log', '- *.log', '- caf\u00e9\\x']);
    expect((await fix(2)).targets[0]?.rules[1]).toBe('- caf\u00e9x');
    expect((await fix(4)).targets[1]?.rules).toEqual(['- /raw/']);
  });
});
