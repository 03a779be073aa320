import { Range } from 'vscode';
import type { TextDocument } from 'vscode';
import { RECOGNISERS } from '../families/recognisers.ts';
import { LOOK_LENGTH } from '../recogniser.ts';

/** Lines that are surely more than a look needs, or all of it. */
const LINES = 400;

/** Whether one of the server's families recognises the document. */
export function isOurs(document: TextDocument): boolean {
  const language = document.languageId;
  const recognisers = document.uri.scheme === 'file' ? RECOGNISERS.filter(({ languages }) => languages.includes(language)) : [];
  if (recognisers.length === 0) {
    return false;
  }
  const text = document.getText(new Range(0, 0, LINES, 0));
  const look = { uri: document.uri.toString(), path: document.uri.fsPath, language, head: text.slice(0, LOOK_LENGTH), isWhole: document.lineCount <= LINES && text.length <= LOOK_LENGTH };
  return recognisers.some((recogniser) => recogniser.recognises(look));
}
