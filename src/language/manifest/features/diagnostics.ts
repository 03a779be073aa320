import type { Diagnostic } from 'vscode-languageserver-types';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { SEVERITIES } from '../../diagnosticSeverity.ts';
import { uriOfPlace } from '../../pathOfUri.ts';
import type { Placed } from '../manifestModel.ts';

export function diagnosticOf({ finding, severity, from, to }: Placed, text: TextDocument): Diagnostic {
  const { related } = finding;
  return {
    range: { start: text.positionAt(from), end: text.positionAt(Math.max(from, to)) },
    severity: SEVERITIES[severity],
    source: 'Trainyard',
    code: finding.code,
    message: finding.message,
    ...(related?.startsWith('/') === true && {
      relatedInformation: [{ location: { uri: uriOfPlace({ file: related }), range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } }, message: related }],
    }),
  };
}
