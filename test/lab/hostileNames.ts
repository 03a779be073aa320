import { mkdirSync, writeFileSync } from 'node:fs';
import type { BytePath } from '../../src/base/bytePath.ts';
import { systemPath } from '../../src/base/bytePath.ts';

const utf8 = (text: string): BytePath => Buffer.from(text).toString('latin1');

/** Names that break programs: what a shell, rsync, find, git or a terminal could take for something else. None holds a slash or is a link. */
export const HOSTILE_NAMES: readonly BytePath[] = [
  ' ', ' leading', 'trailing ', 'a\nb', '\n', 'a\tb', '\t', 'a\rb', '\x01', '\x1b[31mred', '\x7f', 'bell\x07',
  '-', '--', '-rf', '--delete', '-e sh', '-oProxyCommand=x', '*', '?', '[a]', '[!a]', '**', '{a,b}', '~', '~root', '.', '..',
  '$HOME', '$(id)', '`id`', 'a;b', 'a&b', 'a|b', 'a>b', '(a)', "it's", '"', '\\', 'a\\b', '\\#012', '\\#134', 'a\\\nb', '#a', '!a', ':', 'host:path', 'a=b', '%n', '%s%i', '@',
  '.hidden', '...', '..a', '.~tmp~', '.gitignored', 'CON', 'a.', 'x'.repeat(255), `${'y'.repeat(250)}\n\xff\x80\xfe\xfd`,
  '\xff', '\x80abc', 'caf\xe9', utf8('é'), utf8('e\u0301'), utf8('日本語'), utf8('🚂'), utf8('\u202egpj.exe'), utf8('\u200b'), utf8('ß'), utf8('İ'), 'README', 'readme', 'link -> target', 'a => b',
].filter((name) => name !== '.' && name !== '..'); // prettier-ignore

/** Makes files of these names, and folders of some with a file in each. `root` exists. */
export function makeHostileTree(root: string, names: readonly BytePath[] = HOSTILE_NAMES): void {
  const base = Buffer.from(root).toString('latin1');
  names.forEach((name, index) => {
    if (index % 3 === 0) {
      mkdirSync(systemPath(`${base}/${name}`));
      writeFileSync(systemPath(`${base}/${name}/${names[(index + 1) % names.length] ?? 'x'}`), `inside ${index}`);
    } else {
      writeFileSync(systemPath(`${base}/${name}`), `content ${index}`);
    }
  });
}
