import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNodeAtLocation, parseTree, getNodeValue } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import type { Target } from '../target.ts';
import { parseTargets } from './parseTargets.ts';

/** Where a workspace keeps its targets. */
export const TARGETS_FILE = '.vscode/trainyard.json';

export interface FileProblem {
  /** Counts from 1. */
  readonly line: number;
  /** `targets[0].direction`; '' for the file as a whole. */
  readonly key: string;
  /** A sentence with the file's name, the line and the key. */
  readonly message: string;
}

/** What a folder's own file says; a file that is not there says nothing. */
export function readTargetsFile(folder: string): { readonly targets: readonly Target[]; readonly problems: readonly FileProblem[] } {
  const file = join(folder, TARGETS_FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { targets: [], problems: code === 'ENOENT' || code === 'ENOTDIR' ? [] : [{ line: 1, key: '', message: `${TARGETS_FILE} cannot be read: ${message}` }] };
  }
  return parseTargetsFile(text, folder);
}

/** JSON with comments and trailing commas. `folder`: the workspace's, which local folders start from. */
export function parseTargetsFile(text: string, folder: string): { readonly targets: readonly Target[]; readonly problems: readonly FileProblem[] } {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [broken] = errors;
  if (broken !== undefined || tree?.type !== 'object') {
    const line = lineAt(text, broken?.offset ?? 0);
    return { targets: [], problems: [{ line, key: '', message: `${TARGETS_FILE}, line ${line}: this is no JSON object with a list of targets` }] };
  }
  const value = getNodeValue(tree) as Readonly<Record<string, unknown>>;
  const foreign = Object.keys(value).filter((key) => key !== 'targets' && key !== '$schema').map((key) => ({ key, message: 'is no key of this file: it has “targets”' }));
  const { targets, problems } = parseTargets(value['targets'] ?? [], { from: 'workspace', folder, path: 'targets' });
  return {
    targets,
    problems: [...foreign, ...problems].map(({ key, message }) => {
      const line = lineAt(text, nodeOf(tree, key)?.offset ?? 0);
      return { line, key, message: `${TARGETS_FILE}, line ${line}: ${key} ${message}` };
    }),
  };
}

/** The value that a key names, or the nearest one around it. */
function nodeOf(tree: Node, key: string): Node | undefined {
  const path = key.split(/[.[\]]+/).filter((part) => part !== '').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) {
      return node;
    }
  }
  return undefined;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
