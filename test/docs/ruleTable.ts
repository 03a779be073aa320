import { RULES } from '../../src/media/rules/index.ts';
import type { Rule } from '../../src/media/rules/rule.ts';
import { BROKEN } from '../unit/language/manifest/broken/index.ts';
import { RARER } from '../unit/language/manifest/broken/others.ts';
import type { Breakage } from '../unit/language/manifest/broken/samples.ts';
import { cell, rulePage, shownBreakage } from './ruleRows.ts';

/** Examples come from the ways in which the tests break manifests: each of them is found there on the very characters. */
const EXAMPLES: ReadonlyMap<string, Breakage> = new Map(
  [...BROKEN, ...RARER].flatMap(({ breakages }) => breakages)
    .reverse()
    .map((breakage) => [breakage.code, breakage]),
);

const ABOUT =
  'What `trainyard check`, a dataset’s health and the editor look for. Codes are stable. Examples with a quick fix are mended in the editor, one by one or all of a file at once.';

/** `docs/rules.md`. */
export function ruleTable(): string {
  const rows = Object.entries<Rule>(RULES)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { severity, title, help }]) => {
      const example = EXAMPLES.get(code);
      const shown = example === undefined ? '' : shownBreakage(example.what, short(example.at));
      const fix = example === undefined ? '' : example.mends ? 'quick fix' : 'by hand';
      return [`\`${code}\``, severity, cell(title), cell(help), shown, fix];
    });
  return rulePage('Rules', ABOUT, ['Code', 'Severity', 'What is wrong', 'Why it matters', 'Example', 'In the editor'], rows);
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
