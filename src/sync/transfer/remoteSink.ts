import { singleQuoted } from '../../base/shellWords.ts';
import { printable } from '../../base/printable.ts';
import type { BytePath } from '../../base/bytePath.ts';
import type { SshLink } from '../../process/ssh/link.ts';
import type { BoxFacts } from '../box.ts';
import type { Entry } from '../entry.ts';
import { listRemote } from '../listing/listRemote.ts';
import { SyncError } from '../syncError.ts';
import { discardLines, installLines, makeFolderLines, modeLines, within, word } from './remoteScript.ts';
import { TRASH } from './runFolders.ts';
import type { RunFolders, Seen, Side, Sink } from './side.ts';
import type { Left } from './work.ts';
import { isOwn, OWN_FOLDER } from '../listing/ownNames.ts';

const KINDS: Readonly<Record<string, Entry['kind']>> = { f: 'file', d: 'folder', l: 'link' };
/** GNU find prints what it is told of the very names that it is given; `xargs` hands them over as they are. */
const LOOK = `xargs -0 sh -c 'exec find "$@" -maxdepth 0 -printf "%y %s %T@ %m %D %p\\\\0%l\\\\0" 2>/dev/null' sh; :`;

export interface RemotePlace {
  readonly link: SshLink;
  readonly facts: Pick<BoxFacts, 'find' | 'zstd'>;
  /** Absolute. */
  readonly root: string;
}

export function createRemoteSide({ link, facts, root }: RemotePlace): Side {
  return {
    async look(paths, signal) {
      const seen = new Map<BytePath, Seen>();
      if (facts.find === 'other' && paths.length > 0) {
        // Told of single names, other finds have no way to say all of them without a process each.
        const wanted = new Set(paths);
        for (const below of new Set(paths.map(ownPart))) {
          const { entries } = await listRemote(link, facts, below === '' ? root : `${root}/${below}`, signal);
          entries
            .map((entry) => ({ ...entry, path: within(below, entry.path), device: '' }))
            .filter(({ path }) => wanted.has(path))
            .forEach((entry) => seen.set(entry.path, entry));
        }
      } else if (paths.length > 0) {
        const pieces: Buffer[] = [];
        const stdin = Buffer.from(paths.map((path) => `./${path}\0`).join(''), 'latin1');
        await link.run(`cd ${singleQuoted(root)} 2>/dev/null || exit 0; LC_ALL=C; export LC_ALL; ${LOOK}`, { stdin, signal, onStdout: (chunk) => void pieces.push(chunk) });
        const fields = Buffer.concat(pieces).toString('latin1').split('\0');
        for (let index = 0; index + 1 < fields.length; index += 2) {
          const entry = seenFrom(fields[index] ?? '', fields[index + 1] ?? '');
          seen.set(entry.path, entry);
        }
      }
      return seen;
    },
  };
}

/** A listing of the whole leaves out what is our own, as the stage is. */
function ownPart(path: BytePath): BytePath {
  return isOwn(path) ? path.split('/', 2).join('/') : '';
}

function seenFrom(text: string, link: string): Seen {
  const [, type = '', size = '0', seconds = '0', fraction = '', mode = '0', device = '', path = ''] = /^(\S) (\d+) (-?\d+)\.?(\d*) (\d+) (\d+) \.\/(.*)$/s.exec(text) ?? [];
  const kind = KINDS[type] ?? 'other';
  return {
    path,
    kind,
    size: kind === 'file' ? Number(size) : 0,
    mtime: microsecondsOf(seconds, fraction),
    mode: Number.parseInt(mode, 8),
    device,
    ...(kind === 'link' && { link }),
  };
}

/** find writes -0.25 s as `-1.7500000000`, or as `-0.2500000000`: the first is the second counted down. */
function microsecondsOf(seconds: string, fraction: string): number {
  return Number(seconds) * 1e6 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

export function createRemoteSink(place: RemotePlace): Sink {
  const { link, root } = place;
  let folders: RunFolders = { trash: '', stage: '', parts: '' };

  /** Runs lines in the root. What they say of single names is told; the look afterwards tells what they did. */
  async function inRoot(lines: readonly string[], signal: AbortSignal): Promise<{ readonly stdout: string; readonly left: readonly Left[] }> {
    if (lines.length === 0) {
      return { stdout: '', left: [] };
    }
    const script = [`cd ${singleQuoted(Buffer.from(root).toString('latin1'))} || exit 3`, ...lines, 'exit 0', ''].join('\n');
    // In the environment of the shell itself: one in a locale of several bytes would take invalid ones for something else.
    const result = await link.run('exec env LC_ALL=C sh -s', { stdin: Buffer.from(script, 'latin1'), signal });
    if (result.exitCode !== 0) {
      throw refused(result.stderr, `${root} on ${link.host}`);
    }
    return { stdout: result.stdout.toString('latin1'), left: complaintsOf(result.stderr) };
  }

  return {
    ...createRemoteSide(place),
    async prepare(runFolders, signal) {
      folders = runFolders;
      const stage = word(runFolders.stage);
      const script = [
        `mkdir -p -- ${singleQuoted(root)} && cd ${singleQuoted(root)} || exit 3`,
        `for own in ${OWN_FOLDER} ${TRASH}; do if [ -L $own ] || { [ -e $own ] && [ ! -d $own ]; }; then echo "$own is in the way: it is no folder" >&2; exit 4; fi; done`,
        `mkdir -p -- ${word(runFolders.parts)} || exit 3`,
        `[ -e ${OWN_FOLDER}/.gitignore ] || echo '*' > ${OWN_FOLDER}/.gitignore || exit 5`,
        // What a run that was stopped has left of its trash.
        `rmdir ${TRASH}/* 2>/dev/null`,
        `rm -rf -- ${stage}; mkdir -p -- ${stage} ${word(runFolders.trash)} || exit 3`,
        // -c of GNU and busybox, -f of BSD.
        `stat -c %d . 2>/dev/null || stat -f %d .`,
        `for name in * .[!.]* ..?*; do case $name in ${OWN_FOLDER}) ;; *) if [ -e "$name" ] || [ -L "$name" ]; then echo taken; break; fi;; esac; done`,
      ].join('\n');
      const { exitCode, stdout, stderr } = await link.run('exec env LC_ALL=C sh -s', { stdin: Buffer.from(`${script}\nexit 0\n`), signal });
      if (exitCode !== 0) {
        throw refused(stderr, `${root} on ${link.host}`);
      }
      const [device = '', taken] = stdout.toString('latin1').trim().split('\n');
      return { device, empty: taken === undefined };
    },
    makeFolders: async (entries, signal) =>
      (await inRoot([...makeFolderLines(entries.map(({ path }) => path)), ...modeLines(entries.map((entry) => ({ ...entry, mode: entry.mode | 0o700 })))], signal)).left,
    discard: async (entries, signal) => (await inRoot(discardLines(entries, folders.trash), signal)).left,
    install: async (arrivals, signal) => (await inRoot(installLines(arrivals, folders.trash), signal)).left,
    installAll: async (names, signal) =>
      (await inRoot(names.map((name) => `[ -e ${word(name)} ] || [ -L ${word(name)} ] || mv -f -- ${word(`${folders.stage}/${name}`)} ${word(name)}`), signal)).left,
    setModes: async (entries, signal) => (await inRoot(modeLines(entries), signal)).left,
    async tidy(signal) {
      const trash = word(folders.trash);
      const { stdout } = await inRoot([`rm -rf -- ${word(folders.stage)}`, `rmdir -- ${trash} 2>/dev/null`, `if [ -e ${trash} ]; then echo kept; fi`], signal);
      return stdout.includes('kept');
    },
  };
}

/** What a shell's programs say of names that they were given: `mv: cannot move './a' to …: Permission denied`. */
function complaintsOf(stderr: string): readonly Left[] {
  return stderr
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, path] = /['‘"]\.\/([^'’"]*)['’"]/.exec(line) ?? /: \.\/([^:]*):/.exec(line) ?? [];
      return { path: path ?? '', reason: line.slice(line.lastIndexOf(': ') + 2) };
    });
}

function refused(stderr: string, place: string): SyncError {
  const said = stderr.trim().split('\n').at(-1) ?? '';
  const reason = /Permission denied/i.test(said) ? 'permission' : /No space|quota/i.test(said) ? 'space' : 'failed';
  return new SyncError(reason, printable(`${place}: ${said}`));
}
