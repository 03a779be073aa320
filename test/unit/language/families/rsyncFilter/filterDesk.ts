import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodeAction, Diagnostic, TextEdit } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { OpenDocument } from '../../../../../src/language/family.ts';
import { createFilterFamily } from '../../../../../src/language/families/rsyncFilter/session.ts';
import { hostOf, quiet } from '../recipe/desk.ts';
import { GITIGNORE, TREE } from './brokenFilters.ts';

/** A folder of its own with the tree in it. */
export function plantTree(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-filters-')));
  for (const file of TREE) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), file === '.gitignore' ? GITIGNORE : 'x'.repeat(1000));
  }
  return folder;
}

/** All that is said of a text in that folder, once the folder was gone through. */
export async function codesOf(text: string, folder: string, name = 'mended.rsyncfilter', language = 'rsync-filter'): Promise<readonly unknown[]> {
  const path = join(folder, name);
  const uri = pathToFileURL(path).href;
  const document: OpenDocument = { uri, path, language, version: 1, text: TextDocument.create(uri, language, 1, text), look: () => ({ uri, path, language, head: text, isWhole: true }) };
  const session = createFilterFamily().open(document, hostOf());
  try {
    const found: readonly Diagnostic[] = (await session.diagnostics?.(quiet, () => {})) ?? [];
    return found.map(({ code }) => code);
  } finally {
    session.dispose?.();
  }
}

export function applied(text: string, action: CodeAction | undefined, uri: string): string {
  const edits: TextEdit[] = action?.edit?.changes?.[uri] ?? [];
  return TextDocument.applyEdits(TextDocument.create(uri, 'rsync-filter', 1, text), edits);
}
