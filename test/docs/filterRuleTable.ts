/** `node --import ./test/setup/typescript.mjs test/docs/filterRuleTable.ts`: renews docs/filter-rules.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FILTER_RULES } from '../../src/language/families/rsyncFilter/filterRules.ts';
import { BROKEN_FILTERS, IN_TARGET } from '../unit/language/families/rsyncFilter/brokenFilters.ts';

export const FILTER_RULES_FILE = join(import.meta.dirname, '../../docs/filter-rules.md');

/** Examples come from the rules that the tests have found and mended. */
export function filterRuleTable(): string {
  const rows = Object.entries(FILTER_RULES).map(([code, { severity, title }]) => {
    const example = [...BROKEN_FILTERS, IN_TARGET].find((broken) => broken.code === code);
    const shown = example === undefined ? '' : `${cell(example.what)}: ${lines(example.text)}`;
    const fix = example === undefined ? 'by hand' : example.mended === undefined ? 'by hand' : `quick fix: ${lines(example.mended)}`;
    return `| \`${code}\` | ${severity} | ${cell(title)} | ${shown} | ${fix} |`;
  });
  return [
    '# Rules of rsync filters',
    '',
    'What the editor says of `.rsync-filter`, of `*.rsyncfilter` and of the rules of targets in `.vscode/trainyard.json`. Codes are stable. Paths are looked up in the folder of the file, or in that of the target; rules for the receiving side alone speak of another disk and are not.',
    '',
    '| Code | Severity | What is wrong | Example | In the editor |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function lines(text: string): string {
  return text.replace(/\n$/, '').split('\n').map((line) => `<code>${cell(line).replace(/^ | $/g, '&nbsp;')}</code>`).join('<br>');
}

function cell(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\|/g, '&#124;').replace(/[\u0000-\u001f]/g, ' ');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync(dirname(FILTER_RULES_FILE), { recursive: true });
  writeFileSync(FILTER_RULES_FILE, filterRuleTable());
}
