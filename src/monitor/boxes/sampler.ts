/**
 * What runs on a box: one POSIX sh that does what it is told by lines on its stdin, and starts nothing by itself. `MARK` begins
 * whatever is ours in its output; nobody on the box can know it.
 *
 * Answers lie between `MARK b ID` and `MARK e ID`. A line of a tool comes whenever it does, also within an answer: `MARK o RUN
 * STREAM text`, in one write of at most 4 KiB, which a pipe does not cut. The first of each run is the process's id, the last of
 * its stdout `MARK` and the exit code; `MARK x RUN STREAM` is the end of a stream, which a process that it left may hold open.
 *
 *   t ID             the files of `s` and of `g`, each below its name as head(1) writes it
 *   f ID PATH…       files likewise, once
 *   c ID PATH…       likewise the first 4 KiB of each: what a user of the box may make as long as he likes
 *   l ID PATH…       the names in folders
 *   k ID PATH…       symbolic links, as ls(1) writes them
 *   w ID PATH…       of files that are not to be read: `!` not permitted, `-` not there
 *   s - PATH…        which files `t` reads
 *   g - PATTERN…     which patterns
 *   r RUN WORD…      starts a program; words are quoted for a shell
 *   q SIGNAL PID     sends it a signal
 *   p ID             answers with nothing
 *
 * When the link ends, so does its stdin, and with it all that it started: sshd gives each session a process group of its own. A box
 * that is not told of the end, as with a cable that is pulled, would keep all of it for hours; so does what is not asked `p` for
 * three minutes end by itself. The signal of a `p` is heeded when `sleep` ends.
 */
const LINES = [
  'M=MARK;',
  'LC_ALL=C; export LC_ALL; unset CDPATH ENV;',
  'PATH=$PATH:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin:/usr/lib/wsl/lib:/usr/local/nvidia/bin:/opt/rocm/bin:/run/current-system/sw/bin; export PATH;',
  'set -f; S=; G=;',
  'b() { printf "%s b %s\\n" "$M" "$1"; };',
  'e() { printf "\\n%s e %s\\n" "$M" "$1"; };',
  'o() { while IFS= read -r x; do printf "%s o %s %s %s\\n" "$M" "$1" "$2" "$x"; done; printf "%s x %s %s\\n" "$M" "$1" "$2"; };',
  // Descriptor 4 is our stdout, 3 the way to the second reader.
  'r() { i=$1; shift; { { { sh -c \'printf "%s\\n" "$$"; exec "$@"\' sh "$@" 2>&3 3>&- 4>&- </dev/null; printf "%s%s\\n" "$M" "$?"; } | o "$i" 1; } 3>&1 1>&4 | o "$i" 2; } 4>&1; };',
  'l() { set -- $a; set +f; for d; do if [ -d "$d" ] && ! [ -r "$d" ]; then printf "=!> %s\\n" "$d"; else printf "==> %s\\n" "$d"; for x in "$d"/*; do printf "%s\\n" "${x##*/}"; done; fi; done; set -f; };',
  'w() { for x in $a; do [ -r "$x" ] || { [ -e "$x" ] && printf "! %s\\n" "$x"; } || printf -- "- %s\\n" "$x"; done; };',
  't() { set +f; head -n 99999 /dev/null $S $G 2>/dev/null; set -f; };',
  'z() { trap "" TERM; kill -s TERM 0; sleep 1; kill -s KILL 0; };',
  '{ trap "n=0" USR1; n=0; while sleep 60; do n=$((n + 1)); [ "$n" -lt 4 ] || z; done; } </dev/null >/dev/null 2>&1 & V=$!;',
  'printf "\\n%s h %s\\n" "$M" "$(uname -s 2>/dev/null)";',
  'while read -r c i a; do case $c in',
  't) b "$i"; t; e "$i";;',
  'f) b "$i"; head -n 99999 /dev/null $a 2>/dev/null; e "$i";;',
  'c) b "$i"; head -c 4096 /dev/null $a 2>/dev/null; e "$i";;',
  'l) b "$i"; l; e "$i";;',
  'k) b "$i"; ls -ldn $a 2>/dev/null; e "$i";;',
  'w) b "$i"; w; e "$i";;',
  's) S=$a;;',
  'g) G=$a;;',
  'r) eval "r $i $a" & ;;',
  'q) kill -s "$i" "$a" 2>/dev/null;;',
  'p) b "$i"; e "$i"; kill -s USR1 "$V" 2>/dev/null;;',
  'esac; done;',
  'z',
];

/** For any login shell, csh and fish too: the script itself comes as one line on stdin. */
export const SAMPLER_COMMAND = `exec sh -c 'IFS= read -r s; eval "$s"'`;

/** One line. `mark`: of letters, digits and `@`. */
export function samplerLine(mark: string): string {
  return `${LINES.join(' ').replace('MARK', mark)}\n`;
}
