import { DiagnosticSeverity } from 'vscode-languageserver-types';
import type { Severity } from '../media/problem.ts';

/** Severities as the protocol has them. */
export const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information };
