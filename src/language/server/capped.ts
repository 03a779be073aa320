import type { Diagnostic } from 'vscode-languageserver/node';
import { DiagnosticSeverity } from 'vscode-languageserver/node';
import { formatCount } from '../../base/format.ts';
import type { FamilyHost } from '../family.ts';

/** Problems of a document that are published, where the settings say nothing else. */
const DEFAULT_MOST_PROBLEMS = 1000;
/** Of the problem that stands for those beyond the cap. */
const MORE_PROBLEMS = 'trainyard/more';

export function mostProblems(host: Pick<FamilyHost, 'setting'>): number {
  const most = host.setting('language.mostProblems');
  return typeof most === 'number' && most >= 1 ? Math.floor(most) : DEFAULT_MOST_PROBLEMS;
}

/** The graver problems first up to the cap, in the order of the document, and one on the first line for the rest. `total` where more are known than are in the list. */
export function capped(problems: readonly Diagnostic[], host: Pick<FamilyHost, 'setting'>, total = problems.length): Diagnostic[] {
  const most = mostProblems(host);
  if (total <= most && problems.length <= most) {
    return [...problems];
  }
  const bySeverity = problems.map((problem, index) => ({ problem, index })).sort((a, b) => (a.problem.severity ?? 1) - (b.problem.severity ?? 1) || a.index - b.index);
  const kept = bySeverity.slice(0, most).sort((a, b) => a.index - b.index).map(({ problem }) => problem);
  return [
    {
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      severity: DiagnosticSeverity.Information,
      source: 'Trainyard',
      code: MORE_PROBLEMS,
      message: `${formatCount(total - kept.length)} more problems are not shown here. “Trainyard: Show All Problems of Manifest” lists them.`,
    },
    ...kept,
  ];
}
