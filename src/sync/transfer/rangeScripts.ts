import { singleQuoted } from '../../base/shellWords.ts';
import type { RangeTools } from './rangeHash.ts';
import { word } from './remoteScript.ts';
import type { Move } from './work.ts';

/** What both begin with: from now on they are told what to do. */
export const READY = 'ready';

/** Reads `w PART OFFSET LENGTH` and the bytes of it, or `h PART OFFSET LENGTH`; answers with `PART OFFSET HASH` of what it has then. */
export function receivingScript(folder: string, { command, gnuDd }: RangeTools): string {
  const write = gnuDd
    ? 'dd of="$f" bs=1048576 iflag=fullblock,count_bytes oflag=seek_bytes count="$n" seek="$o" conv=notrunc status=none'
    : 'head -c "$n" | dd of="$f" bs=1048576 seek=$((o / 1048576)) conv=notrunc 2>/dev/null';
  return [
    `cd ${singleQuoted(folder)} || exit 3`,
    `echo ${READY}`,
    'while read -r op f o n; do',
    `if [ "$op" = w ]; then ${write} || exit 4; echo "$o" >> "$f.done"; fi`,
    // Beside the next range, which would wait on the link else.
    `{ h=$(${reading(gnuDd)} | ${command}); echo "$f $o $h"; } </dev/null &`,
    'done',
    'wait',
  ].join('\n');
}

/** Reads `r FILE OFFSET LENGTH SIZE`, gives those bytes and their hash in a line; with `h` the hash alone. Ends with 9 where the size is another. */
export function sendingScript(root: string, moves: readonly Move[], { command, gnuDd }: RangeTools): string {
  return [
    `cd ${singleQuoted(root)} || exit 3`,
    `echo ${READY}`,
    'while read -r op i o n s; do',
    `case $i in ${moves.map(({ path }, index) => `${index}) f=${word(path)};;`).join(' ')} *) exit 3;; esac`,
    '[ -f "$f" ] && [ ! -L "$f" ] && [ "$(wc -c < "$f")" -eq "$s" ] || exit 9',
    `if [ "$op" = r ]; then ${reading(gnuDd)} || exit 4; fi`,
    `h=$(${reading(gnuDd)} | ${command})`,
    'echo "$h"',
    'done',
  ].join('\n');
}

/** Makes parts as large as they will be, with nothing in them, and tells as `PART OFFSET` what an earlier run has put there. */
export function partsScript(folder: string, parts: readonly { readonly name: string; readonly size: number }[]): string {
  return [
    `cd ${singleQuoted(folder)} || exit 3`,
    ...parts.map(
      ({ name, size }) =>
        `if [ -e ${name} ]; then sed 's/^/${name} /' ${name}.done 2>/dev/null; else dd if=/dev/null of=${name} bs=1 seek=${size} count=0 2>/dev/null || exit 4; fi`,
    ),
    'exit 0',
    '',
  ].join('\n');
}

function reading(gnuDd: boolean): string {
  return gnuDd ? 'dd if="$f" bs=1048576 iflag=fullblock,skip_bytes,count_bytes skip="$o" count="$n" status=none' : 'tail -c +$((o + 1)) "$f" | head -c "$n"';
}
