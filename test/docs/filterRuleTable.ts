import { FILTER_RULES } from '../../src/language/families/rsyncFilter/filterRules.ts';
import { BROKEN_FILTERS, IN_TARGET } from '../unit/language/families/rsyncFilter/brokenFilters.ts';
import { cell, rulePage } from './ruleRows.ts';

const ABOUT =
  'What the editor says of `.rsync-filter`, of `*.rsyncfilter` and of the rules of targets in `.vscode/trainyard.json`. Codes are stable. Paths are looked up in the folder of the file, or in that of the target; rules for the receiving side alone speak of another disk and are not.';

/** `docs/filter-rules.md`. Examples come from the rules that the tests have found and mended. */
export function filterRuleTable(): string {
  const rows = Object.entries(FILTER_RULES).map(([code, { severity, title }]) => {
    const example = [...BROKEN_FILTERS, IN_TARGET].find((broken) => broken.code === code);
    const shown = example === undefined ? '' : `${cell(example.what)}: ${lines(example.text)}`;
    const fix = example?.mended === undefined ? 'by hand' : `quick fix: ${lines(example.mended)}`;
    return [`\`${code}\``, severity, cell(title), shown, fix];
  });
  return rulePage('Rules of rsync filters', ABOUT, ['Code', 'Severity', 'What is wrong', 'Example', 'In the editor'], rows);
}

function lines(text: string): string {
  return text.replace(/\n$/, '').split('\n').map((line) => `<code>${cell(line).replace(/^ | $/g, '&nbsp;')}</code>`).join('<br>');
}
