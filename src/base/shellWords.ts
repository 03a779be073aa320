const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * A command as a person can paste it into a POSIX shell. For showing and copying, and for scripts that are ours: nothing is run
 * this way. Words with line breaks or other control characters are written the way bash and zsh read them, `$'\n'`.
 */
export function shellLine(command: readonly string[]): string {
  return command.map(shellWord).join(' ');
}

export function shellWord(word: string): string {
  if (PLAIN.test(word)) {
    return word;
  }
  return /[\u0000-\u001f\u007f]/.test(word) ? ansiQuoted(word) : singleQuoted(word);
}

/** Any POSIX shell takes this as the very word, line breaks included. */
export function singleQuoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function ansiQuoted(word: string): string {
  const body = word.replace(/[\\']/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `$'${body}'`;
}
