import { extname } from 'node:path';
import { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, languages, Location, Range, Uri } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { formatCount } from '../../base/format.ts';
import type { Problem, Severity } from '../../media/problem.ts';
import type { HealthSummary } from '../health/healthApi.ts';
import type { HealthModel } from './healthModel.ts';

/** Of one dataset; the Problems panel is no place for a million. */
const MOST = 1000;
const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information };
const START = new Range(0, 0, 0, 0);

/** The line, from 0, that a row of a manifest stands in: tables have a header before their rows. */
export function lineOfRow(file: string, row: number): number {
  return ['.csv', '.tsv'].includes(extname(file).toLowerCase()) ? row : row - 1;
}

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

function diagnosticOf({ code, severity, file, row, message, related }: Problem): Diagnostic {
  const line = row === undefined ? 0 : lineOfRow(file, row);
  const diagnostic = new Diagnostic(row === undefined ? START : new Range(line, 0, line, Number.MAX_SAFE_INTEGER), message, SEVERITIES[severity]);
  diagnostic.source = 'Trainyard';
  diagnostic.code = code;
  if (related !== undefined) {
    diagnostic.relatedInformation = [new DiagnosticRelatedInformation(new Location(Uri.file(related), START), related)];
  }
  return diagnostic;
}
