import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompletionItem, Diagnostic, Position } from 'vscode-languageserver-types';
import { afterAll } from 'vitest';
import type { DocumentSession, FamilyHost, OpenDocument } from '../../../../../src/language/family.ts';
import { createRecipeFamily } from '../../../../../src/language/families/recipe/session.ts';
import { ToolLookup } from '../../../../../src/language/families/recipe/tools/installedTools.ts';

const ROOT = join(import.meta.dirname, '../../../../..');
const DESKS = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-desks-')));
/** One for all, so that each tool tells of itself once. */
const CACHE = join(DESKS, 'cache');
afterAll(() => rmSync(DESKS, { recursive: true, force: true }));

/** A folder of its own, gone when the tests of the file are over. */
export function deskFolder(): string {
  return mkdtempSync(join(DESKS, 'desk-'));
}

export const HEAD = "version: 1\ninputs: ['*.wav']\noutputs: { folder: out }\nsteps:\n";

export interface Opened {
  readonly session: Required<Pick<DocumentSession, 'diagnostics'>> & DocumentSession;
  readonly document: OpenDocument;
  readonly folder: string;
}

export interface DeskOptions {
  readonly isTrusted?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly lookup?: ToolLookup;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly host?: Partial<FamilyHost>;
}

export function hostOf({ isTrusted = true, settings = {}, host }: DeskOptions = {}): FamilyHost {
  return {
    folders: [], root: ROOT, isTrusted,
    setting: (name) => settings[name],
    refresh: () => {},
    refreshViews: () => {},
    applyEdit: () => Promise.resolve(true),
    log: (message, error) => {
      throw new Error(message, { cause: error });
    },
    onDidChangeFiles: () => ({ dispose() {} }),
    ...host,
  };
}

export function lookupFor(host: FamilyHost, env: NodeJS.ProcessEnv = {}, now?: () => number): ToolLookup {
  return new ToolLookup(host, { PATH: '/usr/bin:/bin', XDG_CACHE_HOME: CACHE, ...env }, now);
}

/** Opens a recipe in a folder of its own, which has one sound in it. */
export function open(text: string, options: DeskOptions = {}): Opened {
  const folder = deskFolder();
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'a.wav'), '');
  const path = join(folder, 'r.recipe.yaml');
  writeFileSync(path, text);
  const uri = pathToFileURL(path).href;
  const host = hostOf(options);
  const document: OpenDocument = {
    uri, path, language: 'yaml', version: 1,
    text: TextDocument.create(uri, 'yaml', 1, text),
    look: () => ({ uri, path, language: 'yaml', head: text, isWhole: true }),
  };
  const family = createRecipeFamily(() => options.lookup ?? lookupFor(host, options.env));
  return { session: family.open(document, host) as Opened['session'], document, folder };
}

export const quiet = new AbortController().signal;

export async function diagnosed(text: string, options: DeskOptions = {}): Promise<readonly string[]> {
  const { session, document } = open(text, options);
  const found = await session.diagnostics(quiet, () => {});
  return found.map(({ code, range }: Diagnostic) => `${String(code).replace('recipe/', '')}: ${document.text.getText(range)}`);
}

/** The text with `|` taken out, and where it was. */
export function caret(text: string, options: DeskOptions = {}): Opened & { readonly position: Position } {
  const at = text.indexOf('|');
  const opened = open(text.slice(0, at) + text.slice(at + 1), options);
  return { ...opened, position: opened.document.text.positionAt(at) };
}

export async function completed(text: string, options: DeskOptions = {}): Promise<readonly CompletionItem[]> {
  const { session, position } = caret(text, options);
  const items = (await session.completion?.(position, quiet, undefined)) ?? [];
  return 'items' in items ? items.items : items;
}

export async function labels(text: string, options: DeskOptions = {}): Promise<readonly string[]> {
  return (await completed(text, options)).map(({ label }) => label);
}
