import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CompletionItem, CompletionList, Position } from 'vscode-languageserver-types';
import { CompletionItemKind } from 'vscode-languageserver-types';
import { isMedium } from '../../../media/names.ts';
import type { OpenDocument } from '../../family.ts';
import type { KeySpec } from '../kinds/kind.ts';
import type { ManifestModel } from '../manifestModel.ts';
import type { SeenValues } from './seenValues.ts';

const MOST_NAMES = 500;

/** What stands at a place of a row: a key to be, or the value of one. */
interface Place {
  readonly part: 'key' | 'value';
  readonly key: string;
  /** Characters of the text that an item takes the place of. */
  readonly from: number;
  readonly to: number;
  /** What is written of it before the cursor. */
  readonly typed: string;
  readonly quote: boolean;
}

/** Keys of the format and of the other rows, values that were seen under a key, names of classes, paths. */
export function completionAt(model: ManifestModel, seen: SeenValues, document: OpenDocument, position: Position): CompletionList | undefined {
  const offset = document.text.offsetAt(position);
  const row = model.rowAt(offset);
  const place = row === undefined ? undefined : placeAt(model, row, offset);
  if (row === undefined || place === undefined) {
    return undefined;
  }
  const section = model.sectionOf(row);
  const keys = model.kind.keys(section, model.rows.layout);
  const found = place.part === 'key' ? keyItems(keys, seen.keys(section), present(model, row), place) : valueItems(model, keys.find(({ name }) => name === place.key), seen.values(section, place.key), place);
  const range = { start: document.text.positionAt(place.from), end: document.text.positionAt(place.to) };
  return { isIncomplete: false, items: found.map(({ newText, ...item }) => ({ ...item, textEdit: { range, newText }, filterText: newText })) };
}

type Item = CompletionItem & { readonly newText: string };

function present(model: ManifestModel, row: number): ReadonlySet<string> {
  return new Set([...model.textOf(row).matchAll(/"((?:[^"\\]|\\.)*)"\s*:/g)].map((match) => match[1] ?? ''));
}

function keyItems(keys: readonly KeySpec[], seen: readonly string[], there: ReadonlySet<string>, { quote, typed }: Place): Item[] {
  const names = [...new Set([...keys.filter(({ needed }) => needed === true).map(({ name }) => name), ...seen, ...keys.map(({ name }) => name)])];
  return names
    .filter((name) => name === typed || !there.has(name))
    .map((name, index) => {
      const spec = keys.find((key) => key.name === name);
      return {
        label: name,
        kind: CompletionItemKind.Property,
        sortText: String(index).padStart(4, '0'),
        ...(spec && { documentation: spec.help, detail: spec.needed === true ? 'needed' : spec.type }),
        newText: quote ? JSON.stringify(name) : name,
      };
    });
}

function valueItems(model: ManifestModel, spec: KeySpec | undefined, seen: readonly { readonly value: string | number | boolean; readonly count: number }[], place: Place): Item[] {
  const isPath = spec?.type === 'path' || /path|file|image|audio|video|wav/i.test(place.key);
  const paths = isPath ? pathItems(model.folder, place) : [];
  const known = (spec?.values ?? []).filter((word) => !seen.some(({ value }) => value === word)).map((value) => ({ value, count: 0 }));
  const values = isPath && paths.length > 0 ? [] : [...seen, ...known];
  return [
    ...paths,
    ...values.map(({ value, count }, index): Item => ({
      label: String(value),
      kind: CompletionItemKind.Value,
      sortText: String(index).padStart(4, '0'),
      ...(count > 0 && { detail: count === 1 ? 'in 1 row' : `in ${count} rows` }),
      newText: place.quote || typeof value !== 'string' ? JSON.stringify(value) : value,
    })),
  ];
}

function pathItems(folder: string, { typed, quote }: Place): Item[] {
  const above = typed.includes('/') ? typed.slice(0, typed.lastIndexOf('/') + 1) : '';
  try {
    return readdirSync(resolve(folder, above || '.'), { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || isMedium(entry.name)))
      .slice(0, MOST_NAMES)
      .map((entry): Item => {
        const path = `${above}${entry.name}${entry.isDirectory() ? '/' : ''}`;
        return { label: entry.name, kind: entry.isDirectory() ? CompletionItemKind.Folder : CompletionItemKind.File, sortText: `${entry.isDirectory() ? 1 : 0}${entry.name}`, newText: quote ? JSON.stringify(path) : path };
      });
  } catch {
    return [];
  }
}

function placeAt(model: ManifestModel, row: number, offset: number): Place | undefined {
  const [start, end] = model.spanOf(row);
  if (offset > end + 1) {
    return undefined;
  }
  const text = model.textOf(row);
  return model.form.id === 'jsonl' || model.form.id === 'json' ? jsonPlace(text, offset - start, start) : plainPlace(model, row, offset - start, start);
}

/** By the text before the cursor alone, as a row that is being written does not parse. */
function jsonPlace(row: string, at: number, start: number): Place | undefined {
  let key = '';
  let string = -1;
  let last = '';
  const owners: string[] = [];
  for (let index = 0; index < at; index++) {
    const character = row[index] ?? '';
    if (string >= 0) {
      if (character === '\\') {
        index++;
      } else if (character === '"') {
        const text = row.slice(string + 1, index);
        key = last === ':' ? key : text;
        last = 'string';
        string = -1;
      }
    } else if (character === '"') {
      string = index;
    } else if (character === '{' || character === '[') {
      owners.push(character);
      last = character;
    } else if (character === '}' || character === ']') {
      owners.pop();
      last = character;
    } else if (character === ':' || character === ',') {
      last = character;
    }
  }
  const isKey = owners.at(-1) === '{' && (last === '{' || last === ',');
  const part = isKey ? 'key' : 'value';
  if (string >= 0) {
    const close = closingQuote(row, string);
    return { part, key, from: start + string, to: start + (close ?? at), typed: row.slice(string + 1, at), quote: true };
  }
  const word = /[\w.+-]*$/.exec(row.slice(0, at))?.[0] ?? '';
  const isFree = isKey || last === ':' || (last === ',' && owners.at(-1) === '[') || last === '[';
  return isFree ? { part, key, from: start + at - word.length, to: start + at, typed: word, quote: true } : undefined;
}

/** Behind the quote that closes a string, where it is closed within what looks like one value. */
function closingQuote(row: string, open: number): number | undefined {
  const match = /^"(?:[^"\\]|\\.)*"(?=\s*[,:}\]]|\s*$)/.exec(row.slice(open));
  return match ? open + match[0].length : undefined;
}

function plainPlace(model: ManifestModel, row: number, at: number, start: number): Place | undefined {
  const found = model.parsed(row).pathAt(at);
  if (found === undefined) {
    return undefined;
  }
  const [from, to] = found.span;
  const written = model.textOf(row).slice(from, to);
  const open = written.startsWith('"') ? 1 : 0;
  return { part: found.part, key: String(found.path[0]), from: start + from + open, to: start + to - (open === 1 && written.length > 1 && written.endsWith('"') ? 1 : 0), typed: written.slice(open, at - from), quote: false };
}
