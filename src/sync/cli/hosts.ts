import { homedir } from 'node:os';
import { parseArgs } from 'node:util';
import { isAbsent } from '../../base/absent.ts';
import { EXIT, type CliIo } from '../../base/cliIo.ts';
import { formatDuration } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import { isSshHost, listSshHosts } from '../../process/ssh/hosts.ts';
import type { BoxState } from '../box.ts';
import type { SyncWork } from '../engine/syncWork.ts';
import { localRoot } from '../targets/roots.ts';

const OPTIONS = { 'ssh-config': { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
/** Milliseconds. */
const CLOCK_TOLERANCE = 2000;

/** `trainyard sync hosts [HOST …]`: aliases alone, as to ask one is to connect to it; those that are named are asked. */
export async function hosts(args: readonly string[], io: CliIo, open: (sshConfig: string | undefined) => Promise<SyncWork>, usage: string): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    io.err(`${printable((error as Error).message)}\n\n${usage}`);
    return EXIT.badRequest;
  }
  const { values, positionals } = parsed;
  if (values.help) {
    io.out(usage);
    return EXIT.done;
  }
  const wrong = positionals.find((host) => !isSshHost(host));
  if (wrong !== undefined) {
    io.err(`“${printable(wrong)}” is no host that ssh takes\n`);
    return EXIT.badRequest;
  }
  const sshConfig = values['ssh-config'] === undefined ? undefined : localRoot(values['ssh-config'], io.cwd);
  if (positionals.length === 0) {
    const aliases = await listSshHosts(homedir(), sshConfig);
    io.out(values.json ? `${JSON.stringify({ hosts: aliases.map((host) => ({ host })) })}\n` : aliases.map((host) => `${host}\n`).join(''));
    return EXIT.done;
  }
  const work = await open(sshConfig);
  const ending = new AbortController();
  const listening = io.onInterrupt(() => ending.abort());
  try {
    const states = await Promise.all(positionals.map(async (host) => [host, await work.probe(host, { signal: ending.signal })] as const));
    io.out(values.json ? `${JSON.stringify({ hosts: states.map(([host, state]) => hostDocument(host, state)) })}\n` : states.map(([host, state]) => `${host}  ${stateWords(state)}\n`).join(''));
    return states.every(([, { kind }]) => kind === 'reachable') ? EXIT.done : EXIT.someFailed;
  } catch (error) {
    if (ending.signal.aborted) {
      return EXIT.cancelled;
    }
    throw error;
  } finally {
    listening.dispose();
    work.dispose();
  }
}

function hostDocument(host: string, state: BoxState): object {
  return 'facts' in state ? { host, state: state.kind, ...state.facts } : { host, state: state.kind, ...('said' in state && { said: state.said }) };
}

/** A box in one line. */
export function stateWords(state: BoxState): string {
  switch (state.kind) {
    case 'unknown':
    case 'connecting':
      return state.kind;
    case 'signIn':
      return `needs signing in: ${printable(state.said)}`;
    case 'unreachable':
      return `cannot be reached: ${printable(state.said)}`;
    case 'noisyShell':
      return `its shell says “${printable(state.said)}” before it runs anything, which breaks transfers`;
    case 'noRsync':
    case 'reachable': {
      const { facts } = state;
      const clock = Math.abs(facts.clockAhead) > CLOCK_TOLERANCE ? [`clock ${formatDuration(Math.abs(facts.clockAhead) / 1000)} ${facts.clockAhead > 0 ? 'ahead' : 'behind'}`] : [];
      const rsync = isAbsent(facts.rsync) ? [`no rsync (${facts.installRsync})`] : [`${facts.rsync.kind} ${facts.rsync.version}`, ...facts.rsync.notes];
      return [facts.system, ...rsync, ...(facts.zstd ? ['zstd'] : []), ...(facts.git ? ['git'] : []), ...(isAbsent(facts.load) ? [] : [`load ${facts.load.toFixed(1)}`]), ...clock].map((part) => printable(part)).join(' · ');
    }
  }
}
