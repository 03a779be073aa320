import { readFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What ssh may be given as a host: never an option, never more than one word of a remote shell. */
const HOST = /^[A-Za-z0-9_][A-Za-z0-9_.@:%-]*$/;
/** As deep as ssh itself follows. */
const DEEPEST = 16;

export function isSshHost(name: string): boolean {
  return HOST.test(name);
}

/**
 * The aliases of `~/.ssh/config` that stand for one host each, in the order of the file, `Include` followed (ssh_config(5)). `Match`
 * names none. A file that cannot be read has none.
 */
export async function listSshHosts(home = homedir(), file = join(home, '.ssh/config')): Promise<readonly string[]> {
  const aliases = new Set<string>();

  async function read(path: string, depth: number): Promise<void> {
    const text = await readFile(path, 'utf8').catch(() => '');
    for (const { keyword, words } of parseSshConfig(text)) {
      if (keyword === 'host') {
        words.filter((word) => isSshHost(word)).forEach((alias) => aliases.add(alias));
      } else if (keyword === 'include' && depth < DEEPEST) {
        for (const included of (await Promise.all(words.map((word) => expand(word, home)))).flat()) {
          await read(included, depth + 1);
        }
      }
    }
  }

  await read(file, 0);
  return [...aliases];
}

export interface SshConfigLine {
  /** Lower case. */
  readonly keyword: string;
  readonly words: readonly string[];
}

/** Keyword and words of each line; words may stand in double quotes, and a `=` may follow the keyword. */
export function parseSshConfig(text: string): readonly SshConfigLine[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, keyword, rest = ''] = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
    if (keyword === undefined) {
      return [];
    }
    const words = [...rest.matchAll(/"([^"]*)"|(#.*)|([^\s"#][^\s"]*)/g)].flatMap(([, quoted, , bare]) => quoted ?? bare ?? []);
    return [{ keyword: keyword.toLowerCase(), words }];
  });
}

/** The files that an `Include` names: relative to `~/.ssh`, with `*` and `?`, in the order of their names. */
async function expand(pattern: string, home: string): Promise<readonly string[]> {
  const path = pattern.startsWith('~/') ? join(home, pattern.slice(2)) : isAbsolute(pattern) ? pattern : join(home, '.ssh', pattern);
  let found: readonly string[] = ['/'];
  for (const segment of path.split('/').filter((part) => part !== '')) {
    const next = await Promise.all(found.map((folder) => matches(folder, segment)));
    found = next.flat();
  }
  return found;
}

async function matches(folder: string, segment: string): Promise<readonly string[]> {
  if (!/[*?]/.test(segment)) {
    return [join(folder, segment)];
  }
  const escaped = segment
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => new RegExp(`^${escaped}$`).test(name) && (segment.startsWith('.') || !name.startsWith('.')))
    .sort()
    .map((name) => join(folder, name));
}
