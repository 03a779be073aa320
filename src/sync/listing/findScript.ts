import { singleQuoted } from '../../base/shellWords.ts';
import { OWN_FOLDER } from './ownNames.ts';

/**
 * A POSIX script that writes a tree as frames (`frames.ts`): facts of the root first, then an entry for each name below it, and
 * `=end CODE` when all is told: a listing without it is cut short. Links are told of, never followed; what cannot be read is told on
 * stderr, in the C locale. `root`: absolute path.
 */
export function listScript(root: string, { find, zstd }: { readonly find: 'gnu' | 'other'; readonly zstd: boolean }): string {
  return `r=${singleQuoted(root)}
LC_ALL=C; export LC_ALL
if cd -P -- "$r" 2>/dev/null; then
  list() {
    ${FACTS}
    ${find === 'gnu' ? GNU : OTHER}
    printf '=end %s\\0' "$?"
  }
  list${zstd ? ' | zstd -q -1 -c' : ''}
else
  list() {
    printf '=why %s\\0' "$(ls -ld -- "$r" 2>&1)"
    if [ -d "$r" ]; then printf '=root closed\\0'; elif [ -e "$r" ] || [ -L "$r" ]; then printf '=root notAFolder\\0'; else printf '=root missing\\0'; fi
    p=$r; while [ ! -d "$p" ]; do p=$(dirname -- "$p"); done
    printf '=df %s\\0' "$(df -Pk -- "$p" 2>/dev/null | tail -n 1)"
    printf '=end 0\\0'
  }
  list${zstd ? ' | zstd -q -1 -c' : ''}
fi`;
}

/** A name that exists with its letters in the other case, and is the same file, tells a file system that does not tell them apart. */
const FACTS = `printf '=root folder\\0'
    printf '=id %s\\0' "$(stat -c '%d %i' . 2>/dev/null || stat -f '%d %i' .)"
    printf '=df %s\\0' "$(df -Pk . 2>/dev/null | tail -n 1)"
    f=$(find . -path './*' -prune -print 2>/dev/null | head -n 1)
    s=$(printf '%s' "$f" | tr 'a-zA-Z' 'A-Za-z')
    if [ "$f" != "$s" ]; then if [ "$f" -ef "$s" ]; then printf '=folds yes\\0'; else printf '=folds no\\0'; fi; fi`;

const GNU = String.raw`find . -mindepth 1 -path ./${OWN_FOLDER} -prune -o -type l -printf 'l %m 0 %T@ %P\0%l\0' -o -printf '%y %m %s %T@ %P\0'`;

/**
 * BSD's and busybox's find know no `-printf`. Their stat tells the numbers of many names at once, a line each and without the
 * names, which could hold line breaks: as long as there are as many lines as names they belong together; else each is asked for.
 */
const OTHER = String.raw`if stat -c %f . >/dev/null 2>&1; then k=x; set -- -c '%f %s %Y'; else k=o; set -- -f '%p %z %Fm'; fi
    k=$k o=$1 f=$2 find . -path ./${OWN_FOLDER} -prune -o ! -name . -exec sh -c '
      tell() { if [ -L "$2" ]; then t=$(readlink "$2"; printf x); printf "%s %s %s\0%s\0" "$k" "$1" "$2" "${'${t%?x}'}"; else printf "%s %s %s\0" "$k" "$1" "$2"; fi; }
      n=$(stat "$o" "$f" "$@" 2>/dev/null)
      if [ "$(printf "%s\n" "$n" | wc -l)" -eq $# ]; then
        printf "%s\n" "$n" | while IFS= read -r line; do tell "$line" "$1"; shift; done
      else
        for path; do if n=$(stat "$o" "$f" "$path" 2>/dev/null); then tell "$n" "$path"; else printf "=unread %s\0" "$path"; fi; done
      fi' sh {} +`;
