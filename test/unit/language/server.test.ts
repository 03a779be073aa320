import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeAction, CodeLens, CompletionItem, CompletionList, DocumentLink, DocumentSymbol, FoldingRange, Hover, InlayHint, Location } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { AllProblems, FileSummary, NamingRow } from '../../../src/language/protocol.ts';
import { wavBytes } from '../media/wavBytes.ts';
import { buildServer, ServerProcess } from './serverProcess.ts';

let folder: string;
let built: Awaited<ReturnType<typeof buildServer>>;
let server: ServerProcess;

beforeAll(async () => {
  built = await buildServer();
  folder = mkdtempSync(join(tmpdir(), 'trainyard-manifests-'));
  mkdirSync(join(folder, 'wavs'));
  for (const name of ['a', 'b', 'c']) {
    writeFileSync(join(folder, 'wavs', `${name}.wav`), wav(2));
  }
  server = await ServerProcess.start(built.folder, { folders: [folder] });
});

afterAll(async () => {
  expect(await server.stop()).toBe(0);
  built.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const wav = (seconds: number, sampleRate = 16_000): Buffer => wavBytes({ tag: 1, channels: 1, sampleRate, bits: 16, frames: Math.round(seconds * sampleRate) });
const lines = (...rows: readonly unknown[]): string => `${rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n')}\n`;

describe('the language server, over its streams', () => {
  it('finds what is wrong with a manifest, on the very values, and mends it', async () => {
    const text = lines({ audio_filepath: 'wavs/a.wav', duration: 2, text: 'one' }, { audio_filepath: 'wavs/b.wav', duration: 3.5, text: 'two' }, { audio_filepath: 'wavs/C.wav', duration: 2, text: 'three' });
    const path = join(folder, 'mended.jsonl');
    const uri = await server.open(path, 'jsonl', text);
    const found = await server.diagnostics(uri, (list) => list.some(({ code }) => code === 'nemo/duration-mismatch'));
    const document = TextDocument.create(uri, 'jsonl', 1, text);
    expect(found.map(({ code, range, severity }) => [code, document.getText(range), severity])).toEqual([
      ['nemo/duration-mismatch', '3.5', 1],
      ['row/path-case', '"wavs/C.wav"', 1],
    ]);
    for (const [index, mended] of [[0, text.replace('3.5', '2')], [1, text.replace('wavs/C', 'wavs/c')]] as const) {
      const [action] = await server.ask<CodeAction[]>('textDocument/codeAction', { textDocument: { uri }, range: found[index]?.range, context: { diagnostics: [] } });
      const [edit] = action?.edit?.documentChanges ?? [];
      expect(TextDocument.applyEdits(document, edit && 'edits' in edit ? edit.edits.filter((change) => 'newText' in change) : [])).toBe(mended);
    }
  });

  it('keeps in step with changes, and takes back what was mended', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => ({ audio_filepath: `wavs/${'abc'[index % 3]}.wav`, duration: 1, offset: index / 100, text: `row ${index}` }));
    const uri = await server.open(join(folder, 'stepped.jsonl'), 'jsonl', lines(...rows));
    expect(await server.diagnostics(uri, (list) => list.length === 0)).toEqual([]);
    await server.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ range: { start: { line: 7, character: 0 }, end: { line: 7, character: 1 } }, text: '[' }, { range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: '' }] });
    const broken = await server.diagnostics(uri, () => true, 2);
    expect(broken.map(({ code, range }) => [code, range.start.line])).toEqual([['row/unreadable', 6]]);
    await server.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: 3 }, contentChanges: [{ range: { start: { line: 6, character: 0 }, end: { line: 6, character: 1 } }, text: '{' }] });
    expect(await server.diagnostics(uri, () => true, 3)).toEqual([]);
  });

  it('previews a fix over the whole file', async () => {
    mkdirSync(join(folder, 'lists'), { recursive: true });
    const text = lines(...['a', 'b', 'c'].map((name) => ({ audio_filepath: `wavs/${name}.wav`, duration: 2, text: name })));
    const uri = await server.open(join(folder, 'lists', 'based.jsonl'), 'jsonl', text);
    const found = await server.diagnostics(uri, (list) => list.length === 3);
    expect(found.map(({ code }) => code)).toEqual(Array(3).fill('row/path-base'));
    const actions = await server.ask<CodeAction[]>('textDocument/codeAction', { textDocument: { uri }, range: found[0]?.range, context: { diagnostics: [] } });
    const bulk = actions.find(({ title }) => title === 'Mend the base folder of all 3 such paths');
    const resolved = await server.ask<CodeAction>('codeAction/resolve', bulk);
    expect(Object.values(resolved.edit?.changeAnnotations ?? {})).toMatchObject([{ needsConfirmation: true, description: '3 changes' }]);
    const [edit] = resolved.edit?.documentChanges ?? [];
    const mended = TextDocument.applyEdits(TextDocument.create(uri, 'jsonl', 1, text), edit && 'edits' in edit ? edit.edits.filter((change) => 'newText' in change) : []);
    expect(mended).toBe(text.replaceAll('wavs/', '../wavs/'));
  });

  it('shows cards, links, lenses, hints, symbols and folds, and completes keys, values and paths', async () => {
    const rows = ['a', 'b', 'c'].map((name) => ({ audio_filepath: `wavs/${name}.wav`, duration: name === 'c' ? 1.5 : 2, text: name, speaker: 'anna' }));
    const uri = await server.open(join(folder, 'shown.jsonl'), 'jsonl', lines(...rows));
    await server.diagnostics(uri, (list) => list.length > 0);
    const textDocument = { uri };
    const at = (line: number, character: number): unknown => ({ textDocument, position: { line, character } });
    const hover = await server.ask<Hover>('textDocument/hover', at(0, 25));
    expect(hover.contents).toMatchObject({ kind: 'markdown' });
    const card = (hover.contents as { value: string }).value;
    expect(card).toMatch(/!\[\]\(data:image\/svg\+xml;base64,/);
    expect(card).toContain('2.00 s · 16,000 Hz · 1 channel · pcm_s16le · 64.0 kB');
    expect(card).toContain('[Play](command:trainyard.language.openMedium?');
    expect(card).toContain('Row 1 of 3');
    const links = await server.ask<DocumentLink[]>('textDocument/documentLink', { textDocument });
    expect(links.map(({ target }) => target)).toEqual(['a', 'b', 'c'].map((name) => pathToFileURL(join(folder, 'wavs', `${name}.wav`)).href));
    const [definition] = await server.ask<Location[]>('textDocument/definition', at(1, 25));
    expect(definition?.uri).toBe(links[1]?.target);
    const lenses = await server.ask<CodeLens[]>('textDocument/codeLens', { textDocument });
    expect(lenses.map(({ command }) => command?.title)).toEqual(['NeMo manifest: 3 rows · 5.5 s', '1 problem']);
    const hints = await server.ask<InlayHint[]>('textDocument/inlayHint', { textDocument, range: { start: { line: 0, character: 0 }, end: { line: 3, character: 0 } } });
    expect(hints.map(({ label, position }) => [label, position.line])).toEqual([['file: 2.00 s', 2]]);
    const symbols = await server.ask<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument });
    expect(symbols.map(({ name }) => name)).toEqual(['wavs/a.wav', 'wavs/b.wav', 'wavs/c.wav']);
    expect(await server.ask<FoldingRange[]>('textDocument/foldingRange', { textDocument })).toEqual([{ startLine: 0, endLine: 2, kind: 'region' }]);

    const labels = async (line: number, typed: string): Promise<string[]> => {
      const found = await server.ask<CompletionList>('textDocument/completion', at(line, typed.length));
      return (found?.items ?? []).map((item: CompletionItem) => item.label);
    };
    await server.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ range: { start: { line: 3, character: 0 }, end: { line: 3, character: 0 } }, text: '{"audio_filepath": "wavs/\n{"speaker": "\n{"' }] });
    expect(await labels(3, '{"audio_filepath": "wavs/')).toEqual(['a.wav', 'b.wav', 'c.wav']);
    expect(await labels(4, '{"speaker": "')).toEqual(['anna']);
    expect((await labels(5, '{"')).slice(0, 4)).toEqual(['audio_filepath', 'duration', 'text', 'speaker']);
  });

  it('finds the rows that name a medium', async () => {
    const file = join(folder, 'naming.jsonl');
    writeFileSync(file, lines({ audio_filepath: 'wavs/a.wav', duration: 2, text: 'x' }, { audio_filepath: 'wavs/b.wav', duration: 2, text: 'y' }));
    const found = await server.ask<NamingRow[]>('trainyard/rowsOfFile', { path: join(folder, 'wavs', 'b.wav') });
    expect(found.filter(({ uri }) => uri === pathToFileURL(file).href).map(({ line, character, length }) => [line, character, length])).toEqual([[1, 18, 12]]);
    rmSync(file);
  });

  it('goes through a file that no document is there for, caps what it shows, lists the rest, and goes on as it grows', async () => {
    const path = join(folder, 'large.jsonl');
    const row = (index: number): string => JSON.stringify({ audio_filepath: index % 2 === 0 ? 'wavs/a.wav' : 'wavs/gone.wav', duration: 1, offset: index / 1000, text: 'x' });
    writeFileSync(path, `${Array.from({ length: 3000 }, (_, index) => row(index)).join('\n')}\n`);
    const uri = pathToFileURL(path).href;
    const summary = await server.ask<FileSummary>('trainyard/checkFile', { uri });
    expect(summary).toMatchObject({ rows: 3000, problems: 1500, bytes: readFileSync(path).length });
    const shown = await server.diagnostics(uri, (list) => list.length > 1000);
    expect(shown.slice(0, 2).map(({ code, range }) => [code, range.start.line])).toEqual([['trainyard/more', 0], ['row/path-missing', 1]]);
    expect(shown).toHaveLength(1001);
    expect((await server.ask<AllProblems>('trainyard/allProblems', { uri })).problems).toHaveLength(1500);
    writeFileSync(path, `${row(3001)}\nbroken`, { flag: 'a' });
    await server.diagnostics(uri, (list) => JSON.stringify(list[0]?.message).startsWith('"502 more'));
    const all = await server.ask<AllProblems>('trainyard/allProblems', { uri });
    expect(all.problems.slice(-2).map(({ code, range }) => [code, range.start.line])).toEqual([['row/path-missing', 3000], ['row/unreadable', 3001]]);
    writeFileSync(path, ' row\n', { flag: 'a' });
    await server.diagnostics(uri, (list) => JSON.stringify(list[0]?.message).startsWith('"502 more'));
    await server.connection.sendNotification('trainyard/forgetFile', { uri });
    expect(await server.diagnostics(uri, (list) => list.length === 0)).toEqual([]);
  });

  it('has nothing to say of a large file that has gone, finds it again where it comes back, and leaves nothing standing of one that is a manifest no longer', async () => {
    const path = join(folder, 'moved.jsonl');
    writeFileSync(path, lines({ audio_filepath: 'wavs/gone.wav', duration: 1, text: 'x' }));
    const uri = pathToFileURL(path).href;
    await server.ask<FileSummary>('trainyard/checkFile', { uri });
    const listed = (): Promise<AllProblems> => server.ask<AllProblems>('trainyard/allProblems', { uri });
    expect((await listed()).total).toBe(1);
    renameSync(path, `${path}.away`);
    await server.diagnostics(uri, (list) => list.length === 0);
    expect(await listed()).toEqual({ total: 0, problems: [] });
    renameSync(`${path}.away`, path);
    await server.diagnostics(uri, (list) => list.length === 1);
    writeFileSync(path, 'no rows\n');
    expect(await server.diagnostics(uri, (list) => list.length === 0)).toEqual([]);
  });

  it('has nothing to say of documents that are none of its own', async () => {
    const uri = await server.open(join(folder, 'package.json'), 'json', '{ "name": "x", "images": 3 }');
    expect(await server.ask('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 4 } })).toBeNull();
    expect(await server.ask('textDocument/codeLens', { textDocument: { uri } })).toBeNull();
  });
});
