import { printable } from '../base/printable.ts';
import { shellWord } from '../base/shellWords.ts';

/**
 * A command in one line of a log. Two commands never give the same line, and no name breaks or disguises it; bash and zsh read
 * the words back as they were.
 */
export function commandLine(command: readonly string[]): string {
  return command.map(logWord).join(' ');
}

function logWord(word: string): string {
  return printable(word) === word ? shellWord(word) : `$'${printable(word.replace(/[\\']/g, '\\$&'))}'`;
}
