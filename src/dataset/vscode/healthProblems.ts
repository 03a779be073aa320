import { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, languages, Location, Range, Uri } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { formatCount } from '../../base/format.ts';
import type { Problem, Severity } from '../../media/problem.ts';
import { lineOf } from '../../media/problem.ts';
import type { HealthSummary } from '../health/healthApi.ts';
import type { HealthModel } from './healthModel.ts';

/** Of one dataset; the Problems panel is no place for a million. */
const MOST = 1000;
const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information };
const START = new Range(0, 0, 0, 0);

/** Puts what checks have found into the Problems panel, when they have come to rest. */
export class HealthProblems implements Disposable {
  private readonly own = new DisposableStore();
  private readonly collection = this.own.add(languages.createDiagnosticCollection('trainyard'));
  /** By dataset, the files that have problems of it. */
  private readonly files = new Map<string, readonly Uri[]>();

  constructor(
    private readonly model: HealthModel,
    private readonly onError: (error: unknown) => void,
  ) {
    this.own.add(model.onDidChange((summary) => summary.state !== 'running' && void this.show(summary)));
  }

  dispose(): void {
    this.own.dispose();
  }

  private async show({ root }: HealthSummary): Promise<void> {
    try {
      const { problems, total } = await this.model.problems({ root, offset: 0, count: MOST });
      const byFile = new Map<string, Diagnostic[]>();
      for (const problem of problems) {
        byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), diagnosticOf(problem)]);
      }
      if (total > problems.length) {
        const rest = new Diagnostic(START, `And ${formatCount(total - problems.length)} more problems: the dataset’s health lists all of them.`, DiagnosticSeverity.Information);
        rest.source = 'Trainyard';
        byFile.set(root, [...(byFile.get(root) ?? []), rest]);
      }
      this.files.get(root)?.forEach((uri) => this.collection.delete(uri));
      const entries = [...byFile].map(([file, diagnostics]) => [Uri.file(file), diagnostics] as const);
      this.files.set(root, entries.map(([uri]) => uri));
      entries.forEach(([uri, diagnostics]) => this.collection.set(uri, diagnostics));
    } catch (error) {
      this.onError(error);
    }
  }
}

function diagnosticOf(problem: Problem): Diagnostic {
  const { code, severity, message, related } = problem;
  const line = lineOf(problem);
  const diagnostic = new Diagnostic(line === undefined ? START : new Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER), message, SEVERITIES[severity]);
  diagnostic.source = 'Trainyard';
  diagnostic.code = code;
  if (related !== undefined) {
    diagnostic.relatedInformation = [new DiagnosticRelatedInformation(new Location(Uri.file(related), START), related)];
  }
  return diagnostic;
}
