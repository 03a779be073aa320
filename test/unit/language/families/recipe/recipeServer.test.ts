import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeLens, CompletionItem, CompletionList, SignatureHelp } from 'vscode-languageserver-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServer, ServerProcess } from '../../serverProcess.ts';
import { STATE } from '../../../../../src/language/protocol.ts';
import { deskFolder, HEAD } from './desk.ts';

let built: Awaited<ReturnType<typeof buildServer>>;
beforeAll(async () => (built = await buildServer()));
afterAll(() => built.dispose());

const TEXT = `${HEAD}  - ffmpeg:\n      video: { filters: "hflip,scal=w=64:h=32" }\n      extension: mp4\n`;

describe('the server as it is shipped, with a recipe', () => {
  it('runs no tool until the workspace is trusted, and then tells, completes and signs by the installed ones', async () => {
    const folder = deskFolder();
    writeFileSync(join(folder, 'a.wav'), '');
    const server = await ServerProcess.start(built.folder, { folders: [folder], isTrusted: false });
    try {
      const path = join(folder, 'r.recipe.yaml');
      writeFileSync(path, TEXT);
      const uri = await server.open(path, 'yaml', TEXT);
      expect(await server.diagnostics(uri)).toEqual([]);
      await server.connection.sendNotification(STATE, { isTrusted: true, settings: {} });
      const [found] = await server.diagnostics(uri, (diagnostics) => diagnostics.length > 0);
      const line = TEXT.split('\n').findIndex((text) => text.includes('scal'));
      const character = TEXT.split('\n')[line]!.indexOf('scal');
      expect(found).toMatchObject({ code: 'recipe/unknown-filter', range: { start: { line, character }, end: { line, character: character + 4 } } });

      const textDocument = { uri };
      const completion = await server.ask<CompletionList | CompletionItem[]>('textDocument/completion', { textDocument, position: { line, character: character + 4 } });
      expect(('items' in completion ? completion.items : completion).map(({ label }) => label)).toContain('scale');
      await server.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text: TEXT.replace('scal=', 'scale=') }] });
      expect(await server.diagnostics(uri, () => true, 2)).toEqual([]);
      const help = await server.ask<SignatureHelp>('textDocument/signatureHelp', { textDocument, position: { line, character: character + 'scale=w=64:h='.length } });
      expect(help.signatures[0]?.label).toMatch(/^scale=w:/);
      const lenses = await server.ask<CodeLens[]>('textDocument/codeLens', { textDocument });
      expect(lenses.map(({ command }) => command?.command)).toEqual(['trainyard.recipe.run', 'trainyard.recipe.dryRun', 'trainyard.recipe.sample']);
    } finally {
      await server.stop();
    }
  });
});
