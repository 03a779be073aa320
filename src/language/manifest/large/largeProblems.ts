import type { Diagnostic } from 'vscode-languageserver-types';
import { RULES } from '../../../media/rules/index.ts';
import type { RuleCode } from '../../../media/rules/index.ts';
import type { Finding } from '../../../media/rules/rule.ts';
import { SEVERITIES } from '../../diagnosticSeverity.ts';
import type { Span } from '../forms/form.ts';

/** Problems that are kept of a file; beyond it they are counted. */
export const MOST_KEPT = 20_000;

/** What was found in a large file: the first ones whole, the rest in number. */
export class LargeProblems {
  total = 0;
  private readonly kept: Diagnostic[] = [];

  add(finding: Finding<RuleCode>, line: number, [from, to]: Span): void {
    this.total++;
    if (this.kept.length < MOST_KEPT) {
      this.kept.push({ range: { start: { line, character: from }, end: { line, character: to } }, severity: SEVERITIES[RULES[finding.code].severity], source: 'Trainyard', code: finding.code, message: finding.message });
    }
  }

  /** Those that were added since there were `from` of them. */
  since(from: number): readonly Diagnostic[] {
    return this.kept.slice(from);
  }

  get keptCount(): number {
    return this.kept.length;
  }

  /** Takes back what was said of the lines from one on. */
  dropFrom(line: number): void {
    while ((this.kept.at(-1)?.range.start.line ?? -1) >= line) {
      this.kept.pop();
      this.total--;
    }
  }
}
