import { parseArgs } from 'node:util';
import { FilterFault, parseFilterRules } from '../../base/rsyncFilter.ts';
import { isSshHost } from '../../process/ssh/hosts.ts';
import type { GuardCode } from '../plan.ts';
import type { Direction, Target } from '../target.ts';
import { localRoot } from '../targets/roots.ts';

export type SyncVerb = 'plan' | 'push' | 'pull' | 'undo';

export interface SyncArguments {
  readonly verb: SyncVerb;
  /** What was typed as two folders, or the name of a target. */
  readonly what: { readonly name: string } | { readonly target: Target };
  readonly json: boolean;
  /** Deletions are let pass. */
  readonly yes: boolean;
  /** In a conflict the sending side wins. */
  readonly overwrite: boolean;
  readonly allowed: readonly GuardCode[];
  readonly sshConfig?: string;
}

export type Parsed<T> = T | 'help' | { readonly fault: string };

const OPTIONS = {
  'ssh-config': { type: 'string' },
  json: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  overwrite: { type: 'boolean' },
  allow: { type: 'string', multiple: true },
  pull: { type: 'boolean' },
  all: { type: 'boolean' },
  rule: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Guards that a person may let pass. */
export const RELEASABLE: readonly GuardCode[] = ['rootEmptied', 'rootMissing', 'rootUnmounted', 'manyDeletions', 'otherWorkspace', 'space', 'secret'];

/** `help` where it is asked for; `fault` says what is wrong with the arguments. `cwd`: what a local folder starts from. */
export function parseSyncArguments(verb: SyncVerb, args: readonly string[], cwd: string): Parsed<SyncArguments> {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    return { fault: (error as Error).message };
  }
  const { values, positionals } = parsed;
  if (values.help) {
    return 'help';
  }
  const allowed = values.allow ?? [];
  const unknown = allowed.find((code) => !RELEASABLE.some((one) => one === code));
  if (unknown !== undefined) {
    return { fault: `--allow takes ${RELEASABLE.join(', ')}, and not “${unknown}”` };
  }
  if (values.pull === true && verb !== 'plan') {
    return { fault: '--pull tells a plan which way; push and pull tell it by themselves' };
  }
  try {
    parseFilterRules(values.rule ?? []);
  } catch (error) {
    return { fault: error instanceof FilterFault ? `--rule: ${error.message}` : String(error) };
  }
  const what = whatOf(verb, positionals, { cwd, pull: values.pull === true, all: values.all === true, rules: values.rule ?? [] });
  return 'fault' in what
    ? what
    : {
        verb,
        what,
        json: values.json === true,
        yes: values.yes === true,
        overwrite: values.overwrite === true,
        allowed: allowed as readonly GuardCode[],
        ...(values['ssh-config'] !== undefined && { sshConfig: localRoot(values['ssh-config'], cwd) }),
      };
}

function whatOf(
  verb: SyncVerb,
  [one, other, ...more]: readonly string[],
  { cwd, pull, all, rules }: { readonly cwd: string; readonly pull: boolean; readonly all: boolean; readonly rules: readonly string[] },
): SyncArguments['what'] | { readonly fault: string } {
  if (one === undefined || more.length > 0) {
    return { fault: more.length > 0 ? `Two folders at a time, and not “${more[0]}” as well` : 'Which folders? LOCAL HOST:PATH, or a target’s name' };
  }
  if (other === undefined) {
    if (remoteOf(one) !== undefined) {
      return { fault: `Which folder here is “${one}” to be kept in step with? LOCAL HOST:PATH` };
    }
    return all || rules.length > 0 || pull ? { fault: 'A target says itself what is sent, and which way: --all, --rule and --pull go with LOCAL HOST:PATH' } : { name: one };
  }
  const [near, far] = [remoteOf(one), remoteOf(other)];
  if ((near === undefined) === (far === undefined)) {
    return { fault: near === undefined ? 'One of the two is HOST:PATH, with an absolute PATH or one from ~/' : 'One of the two is a folder here' };
  }
  const { host, path } = (far ?? near) as Remote;
  if (!isSshHost(host)) {
    return { fault: `“${host}” is no host that ssh takes` };
  }
  const local = localRoot(far === undefined ? other : one, cwd);
  const direction: Direction = verb === 'push' ? 'push' : verb === 'pull' || pull || (verb === 'plan' && far === undefined) ? 'pull' : 'push';
  return {
    target: {
      name: `${local} ${host}:${path}`,
      boxes: [host],
      local,
      // As rsync has it, a path that starts nowhere starts from the home.
      remote: /^[/~]/.test(path) ? path : `~/${path}`,
      direction,
      send: { list: direction === 'push' && !all ? 'git' : 'all', rules },
      deletions: 'plan',
      runsUnasked: false,
      checkpoints: [],
      from: 'typed',
    },
  };
}

interface Remote {
  readonly host: string;
  readonly path: string;
}

/** As scp and rsync tell it: a colon before the first slash. */
function remoteOf(text: string): Remote | undefined {
  const [, host, path] = /^([^/:]+):(.*)$/s.exec(text) ?? [];
  return host === undefined ? undefined : { host, path: path ?? '' };
}
