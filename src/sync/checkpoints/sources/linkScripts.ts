import { singleQuoted } from '../../../base/shellWords.ts';
import type { FileRange } from '../../checkpoint.ts';

/** What stands between two answers of a box; told anew for each command, so that no file can hold it. */
export function endMark(token: string): string {
  return `\n${token}\n`;
}

/** A path as a shell of a box takes it: absolute, or from the home by `~/`. */
export function pathWord(path: string): string {
  if (path === '~' || path.startsWith('~/')) {
    return `"$HOME"/${singleQuoted(path.slice(2))}`;
  }
  // A relative path stands for one from the home, where a session starts; a leading dash is no option then.
  return singleQuoted(path.startsWith('/') ? path : `./${path}`);
}

/** Says whether a path is a folder (`d`), a file (`f`) or nothing. */
export function kindScript(path: string): string {
  return `p=${pathWord(path)}; if [ -d "$p" ]; then printf d; elif [ -f "$p" ]; then printf f; elif [ -e "$p" ]; then printf o; fi`;
}

/**
 * Names below a folder, links followed: the seconds since the epoch, then records of kind, size, time and name, each ended by NUL.
 * Where find has no -printf (busybox), stat is asked file by file.
 */
export function listScript(folder: string, depth: number, only: string | undefined): string {
  const which = only === undefined ? `. -mindepth 1 -maxdepth ${depth}` : `${singleQuoted(`./${only}`)} -maxdepth 0`;
  return [
    'LC_ALL=C; export LC_ALL',
    `cd -- ${pathWord(folder)} || exit 1`,
    'date +%s; printf "\\0"',
    'if find . -maxdepth 0 -printf "" 2>/dev/null; then',
    `  find -L ${which} -printf '%y %s %T@ %p\\0' 2>/dev/null`,
    'else',
    `  find -L ${which} -exec sh -c 'for f do if [ -d "$f" ]; then k=d; else k=f; fi; printf "%s %s %s\\0" "$k" "$(stat -L -c "%s %Y" -- "$f")" "$f"; done' sh {} + 2>/dev/null`,
    'fi; exit 0',
  ].join('\n');
}

/** The parts of files: of each the count of its bytes, a line break, its bytes and the mark. */
export function readScript(folder: string, ranges: readonly FileRange[], token: string): string {
  return withRanges(folder, ranges, token, 'printf "%s\\n" "$3"; part "$1" "$2" "$3"');
}

/** SHA-256 of the parts, by sha256sum or shasum. */
export function digestScript(folder: string, ranges: readonly FileRange[], token: string): string {
  return withRanges(folder, ranges, token, 'printf "64\\n"; part "$1" "$2" "$3" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c 1-64 | tr -d "\\n"');
}

function withRanges(folder: string, ranges: readonly FileRange[], token: string, take: string): string {
  return [
    'LC_ALL=C; export LC_ALL',
    `cd -- ${pathWord(folder)} || exit 1`,
    // dd goes to a byte of a large file at once wherever it knows these flags; tail of busybox would read up to it.
    'if dd if=/dev/null of=/dev/null iflag=skip_bytes,count_bytes bs=1048576 skip=0 count=0 2>/dev/null; then',
    '  part() { [ "$3" -eq 0 ] || dd if="$1" iflag=skip_bytes,count_bytes bs=1048576 skip="$2" count="$3" 2>/dev/null; }',
    'else',
    '  part() { tail -c +$(($2 + 1)) -- "$1" 2>/dev/null | head -c "$3"; }',
    'fi',
    `take() { ${take}; printf '\\n%s\\n' ${token}; }`,
    'cut_part() {',
    '  s=$(stat -L -c %s -- "$1" 2>/dev/null || stat -L -f %z -- "$1" 2>/dev/null); o=$2; n=$3',
    '  if [ -z "$s" ] || [ ! -f "$1" ]; then take /dev/null 0 0; return; fi',
    '  if [ "$o" -lt 0 ]; then o=$((s + o)); if [ "$o" -lt 0 ]; then o=0; fi; fi',
    '  if [ "$((s - o))" -lt "$n" ]; then n=$((s - o)); fi; if [ "$n" -lt 0 ]; then n=0; fi',
    '  take "$1" "$o" "$n"',
    '}',
    ...ranges.map(({ file, offset, length }) => `cut_part ${singleQuoted(`./${file}`)} ${offset} ${length}`),
  ].join('\n');
}
