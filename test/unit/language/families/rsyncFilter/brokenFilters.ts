import type { FilterCode } from '../../../../../src/language/families/rsyncFilter/filterRules.ts';

/** One way of writing rules that do not what was meant. */
export interface BrokenFilter {
  readonly code: FilterCode;
  readonly what: string;
  readonly text: string;
  /** The characters that are marked. */
  readonly at: string;
  /** What the first quick fix makes of the text. */
  readonly mended?: string;
}

/** What lies in the folder of the rules. */
export const TREE = ['train.py', 'Makefile', '.env', '.gitignore', 'logs/a.log', 'logs/keep.log', 'runs/best.pt', 'runs/1/m.pt', 'data/raw/x.bin', 'x/data/raw/y.bin'];
export const GITIGNORE = '*.log\n!keep.log\n';

/** What a file of rules may have, and the list of a target not. */
export const IN_TARGET: BrokenFilter = { code: 'rsync/not-in-target', what: 'a file of rules', text: ':n .rules', at: ':n .rules' };

export const BROKEN_FILTERS: readonly BrokenFilter[] = [
  { code: 'rsync/not-a-rule', what: 'a bare pattern', text: '*.log\n', at: '*.log', mended: '- *.log\n' },
  { code: 'rsync/not-a-rule', what: 'a bare path of a .gitignore', text: 'data/raw/\n', at: 'data/raw/', mended: '- /data/raw/\n' },
  { code: 'rsync/not-a-rule', what: 'a misspelt word', text: 'exlude *.log\n', at: 'exlude', mended: 'exclude *.log\n' },
  { code: 'rsync/indented', what: 'space before a rule', text: '  - *.log\n', at: '  ', mended: '- *.log\n' },
  { code: 'rsync/indented', what: 'space before a comment', text: '- *.log\n  # words\n', at: '  ', mended: '- *.log\n# words\n' },
  { code: 'rsync/git-negation', what: 'a negation behind what it takes back', text: '- *.log\n!keep.log\n', at: '!keep.log', mended: '+ keep.log\n- *.log\n' },
  { code: 'rsync/modifier', what: 'no space before the pattern', text: '-logs/\n', at: 'l', mended: '- logs/\n' },
  { code: 'rsync/modifier', what: 'a name that begins with a dot', text: '.cache\n', at: 'c', mended: '- .cache\n' },
  { code: 'rsync/modifier', what: 'a modifier that only files have', text: '-n *.log\n', at: 'n', mended: '- *.log\n' },
  { code: 'rsync/modifier', what: 'a modifier that protecting rules do not take', text: 'Ps *.pt\n', at: 's', mended: 'P *.pt\n' },
  { code: 'rsync/no-pattern', what: 'a kind and no more', text: '- *.log\n-\n', at: '-', mended: '- *.log\n' },
  { code: 'rsync/trailing', what: 'a space behind the mark', text: '! \n- *.log\n', at: ' ', mended: '!\n- *.log\n' },
  { code: 'rsync/gitignore-merge', what: 'the rules of a .gitignore', text: ':- .gitignore\n', at: ':- .gitignore', mended: '+ keep.log\n- *.log\n' },
  { code: 'rsync/space', what: 'a space at the end', text: '- *.log \n', at: ' ', mended: '- *.log\n' },
  { code: 'rsync/space', what: 'two spaces before the pattern', text: '-  *.log\n', at: ' ', mended: '- *.log\n' },
  { code: 'rsync/comment', what: 'a comment behind a pattern', text: '- *.log # noise\n', at: ' # noise', mended: '# noise\n- *.log\n' },
  { code: 'rsync/quotes', what: 'a pattern as a shell has it', text: '- "*.log"\n', at: '"*.log"', mended: '- *.log\n' },
  { code: 'rsync/braces', what: 'two endings in braces', text: '- *.{pt,log}\n', at: '{pt,log}', mended: '- *.pt\n- *.log\n' },
  { code: 'rsync/backslash', what: 'a space behind a backslash', text: '- my\\ notes\n', at: '\\', mended: '- my notes\n' },
  { code: 'rsync/never', what: 'a path from the dot', text: '- ./logs/\n', at: '.', mended: '- /logs/\n' },
  { code: 'rsync/never', what: 'a path from the home', text: '- ~/logs/\n', at: '~/' },
  { code: 'rsync/open-set', what: 'a bracket that is not closed', text: '- [draft\n', at: '[draft', mended: '- \\[draft\n' },
  { code: 'rsync/needless-stars', what: 'stars before a name', text: '- **/raw\n', at: '**/', mended: '- raw\n' },
  { code: 'rsync/middle-stars', what: 'stars between folders', text: '- /x/**/y.bin\n', at: '**', mended: '- /x/y.bin\n- /x/**/y.bin\n' },
  { code: 'rsync/cleared', what: 'a rule before the mark', text: '- *.log\n!\n- *.pt\n', at: '- *.log', mended: '!\n- *.pt\n' },
  { code: 'rsync/shadowed', what: 'the exception behind the rule', text: '- *.log\n+ keep.log\n', at: '+ keep.log', mended: '+ keep.log\n- *.log\n' },
  { code: 'rsync/shadowed', what: 'a rule twice', text: '- *.log\n- *.pt\n- *.log\n', at: '- *.log', mended: '- *.log\n- *.pt\n' },
  { code: 'rsync/shadowed', what: 'a narrower rule that says the same', text: '- *.log\n- /logs/k*.log\n', at: '- /logs/k*.log', mended: '- *.log\n' },
  { code: 'rsync/folder-left-out', what: 'an exception in a folder that is left out', text: '- /runs/\n+ /runs/best.pt\n', at: '+ /runs/best.pt', mended: '+ /runs/best.pt\n- /runs/*\n' },
  { code: 'rsync/folder-left-out', what: 'an exception before a rule for all', text: '+ /runs/1/m.pt\n- *\n', at: '+ /runs/1/m.pt', mended: '+ /runs/1/m.pt\n+ /runs/\n+ /runs/1/\n- *\n' },
  { code: 'rsync/top-only', what: 'an ending, and all else left out', text: '+ *.pt\n- *\n', at: '+ *.pt', mended: '+ *.pt\n+ */\n- *\n' },
  { code: 'rsync/shadowed-here', what: 'an exception that comes too late in this folder', text: '- /logs/*\n+ keep*\n', at: '+ keep*', mended: '+ keep*\n- /logs/*\n' },
  { code: 'rsync/misspelt-path', what: 'a letter wrong', text: '- /lgos/\n', at: 'lgos', mended: '- /logs/\n' },
  { code: 'rsync/misspelt-path', what: 'a capital', text: '- /data/Raw/x.bin\n', at: 'Raw', mended: '- /data/raw/x.bin\n' },
  { code: 'rsync/missing-path', what: 'a folder that is not there', text: '- *.log\n- /build/out/\n', at: 'build', mended: '- *.log\n' },
  { code: 'rsync/slash-on-file', what: 'a slash behind a file', text: '- /train.py/\n', at: '/', mended: '- /train.py\n' },
  { code: 'rsync/slash-on-file', what: 'a slash behind a name that only files have', text: '- Makefile/\n', at: '/', mended: '- Makefile\n' },
  { code: 'rsync/not-anchored', what: 'a path that is there further down as well', text: '- data/raw\n', at: 'data/raw', mended: '- /data/raw\n' },
];
