import { absent } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import { singleQuoted } from '../../base/shellWords.ts';
import { SshFailed } from '../../process/ssh/link.ts';
import type { SshLink } from '../../process/ssh/link.ts';
import type { BoxFacts, BoxState } from '../box.ts';
import { parseRsyncVersion } from './rsyncFacts.ts';

/** Stands before and after what the probe says: all else on stdout is the shell's own. */
const MARK = 'trainyard-probe';
const SECONDS = 30;

/** `rsyncPath`: what rsync is called there, a command line of the box's shell, from user settings alone. */
function script(rsyncPath: string | undefined): string {
  const rsync = rsyncPath ?? 'rsync';
  return `LC_ALL=C; export LC_ALL
echo ${MARK}
has() { command -v "$1" >/dev/null 2>&1 && echo "$1 yes"; }
echo "system $(uname -s)"
echo "home $(cd && pwd -P)"
echo "time $(date +%s.%N)"
has zstd; has git
find --version 2>/dev/null | head -n 1 | grep -q GNU && echo 'find gnu'
echo "load $(cat /proc/loadavg 2>/dev/null || uptime | sed 's/.*load averages*: *//')"
echo "cpus $(getconf _NPROCESSORS_ONLN 2>/dev/null)"
echo "release $(. /etc/os-release 2>/dev/null; echo "$ID $ID_LIKE")"
echo rsync
sh -c ${singleQuoted(`${rsync} --version`)} 2>/dev/null </dev/null | head -n 60
echo ${MARK}`;
}

/** Finds out in one round trip what a box is. Resolves whatever it is; rejects only when `signal` is aborted. */
export async function probeBox(link: SshLink, { rsyncPath, signal, now = Date.now }: { readonly rsyncPath?: string | undefined; readonly signal?: AbortSignal | undefined; readonly now?: () => number } = {}): Promise<BoxState> {
  const sentAt = now();
  try {
    const { stdout, stderr } = await link.run(script(rsyncPath), { wallSeconds: SECONDS, ...(signal && { signal }) });
    return stateOf(stdout.toString(), stderr, sentAt, now());
  } catch (error) {
    signal?.throwIfAborted();
    const said = printable((error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1) ?? '');
    return { kind: error instanceof SshFailed ? error.problem : 'unreachable', since: now(), said };
  }
}

/** A shell that says something where rsync expects its own words breaks every transfer: `.bashrc` that prints is the usual reason. */
export function stateOf(stdout: string, stderr: string, sentAt: number, cameAt: number): BoxState {
  const [before = '', said, after = ''] = stdout.split(`${MARK}\n`);
  if (said === undefined) {
    return { kind: 'unreachable', since: cameAt, said: printable(lastLine(stdout) || lastLine(stderr) || 'It says nothing.') };
  }
  if (before !== '' || after !== '') {
    return { kind: 'noisyShell', since: cameAt, said: printable((before || after).trim().split('\n')[0] ?? '').slice(0, 200) };
  }
  const [facts = '', version = ''] = said.split(/^rsync\n/m);
  const rsync = parseRsyncVersion(version);
  const value = (key: string): string | undefined => new RegExp(`^${key} (.+)$`, 'm').exec(facts)?.[1]?.trim();
  const [load] = (value('load') ?? '').split(/[ ,]+/).filter((word) => word !== '').map(Number);
  const cpus = Number(value('cpus'));
  const system = value('system') ?? '';
  const found: BoxFacts = {
    system,
    home: value('home') ?? '/',
    rsync: rsync ?? absent('rsync was not found there'),
    zstd: value('zstd') === 'yes',
    git: value('git') === 'yes',
    find: value('find') === 'gnu' ? 'gnu' : 'other',
    load: load === undefined || Number.isNaN(load) ? absent('it does not say') : load,
    cpus: cpus > 0 ? cpus : absent('it does not say'),
    installRsync: installWords(system, value('release') ?? ''),
    clockAhead: clockAhead(value('time') ?? '', sentAt, cameAt),
  };
  return { kind: rsync === undefined ? 'noRsync' : 'reachable', facts: found };
}

/** Where the clocks differ by less than the time of the round trip, they do not differ. `date` without `%N` prints it as it is. */
function clockAhead(time: string, sentAt: number, cameAt: number): number {
  const there = Number.parseFloat(time) * 1000;
  if (Number.isNaN(there) || (there >= sentAt - 1000 && there <= cameAt + 1000)) {
    return 0;
  }
  return Math.round(there - (sentAt + cameAt) / 2);
}

const INSTALLERS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:debian|ubuntu)\b/, 'sudo apt-get install rsync'],
  [/\b(?:rhel|fedora|centos|amzn|rocky|almalinux)\b/, 'sudo dnf install rsync'],
  [/\b(?:suse|opensuse\S*)\b/, 'sudo zypper install rsync'],
  [/\balpine\b/, 'sudo apk add rsync'],
  [/\barch\b/, 'sudo pacman -S rsync'],
];

function installWords(system: string, release: string): string {
  return system === 'Darwin' ? 'brew install rsync' : (INSTALLERS.find(([pattern]) => pattern.test(release))?.[1] ?? 'sudo apt-get install rsync');
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
