import { RULES } from '../../src/media/rules/index.ts';
import type { Rule } from '../../src/media/rules/rule.ts';
import { BROKEN } from '../unit/language/manifest/broken/index.ts';
import { RARER } from '../unit/language/manifest/broken/others.ts';
import type { Breakage } from '../unit/language/manifest/broken/samples.ts';

/** Examples come from the ways in which the tests break manifests: each of them is found there on the very characters. */
const EXAMPLES: ReadonlyMap<string, Breakage> = new Map(
  [...BROKEN, ...RARER].flatMap(({ breakages }) => breakages)
    .reverse()
    .map((breakage) => [breakage.code, breakage]),
);

/** `docs/rules.md`, as the code has it. */
export function ruleTable(): string {
  const rows = Object.entries<Rule>(RULES)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { severity, title, help }]) => {
      const example = EXAMPLES.get(code);
      const shown = example === undefined ? '' : `${example.what}${example.at.trim() === '' ? '' : `: ${asCode(example.at)}`}`;
      const fix = example === undefined ? '' : example.mends ? 'quick fix' : 'by hand';
      return `| \`${code}\` | ${severity} | ${cell(title)} | ${cell(help)} | ${shown} | ${fix} |`;
    });
  return [
    '# Rules',
    '',
    'What `trainyard check`, a dataset’s health and the editor look for. Codes are stable. Examples with a quick fix are mended in the editor, one by one or all of a file at once.',
    '',
    '| Code | Severity | What is wrong | Why it matters | Example | In the editor |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function asCode(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return `<code>${cell(short)}</code>`;
}

function cell(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\|/g, '&#124;').replace(/[\u0000-\u001f]/g, ' ');
}
