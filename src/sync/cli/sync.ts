import { EXIT, type CliIo } from '../../base/cliIo.ts';
import { formatCountOf } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { SyncWork } from '../engine/syncWork.ts';
import { firstApproval } from '../plan.ts';
import type { Approval, SyncPlan } from '../plan.ts';
import type { SyncOutcome } from '../run.ts';
import { SyncError } from '../syncError.ts';
import type { Target } from '../target.ts';
import { outcomeWords } from '../view/runWords.ts';
import { hosts } from './hosts.ts';
import { guardLines, outcomeDocument, planDocument, planText } from './planText.ts';
import { createProgressLine } from './progressLine.ts';
import type { ProgressLine } from './progressLine.ts';
import { history } from './syncHistory.ts';
import { parseSyncArguments, RELEASABLE } from './syncArguments.ts';
import type { SyncArguments, SyncVerb } from './syncArguments.ts';
import { findTarget } from './targetByName.ts';

const USAGE = `trainyard sync VERB LOCAL HOST:PATH | TARGET [options]

Keeps a folder here and one on a box in step, over your own ssh. PATH is absolute, or starts from ~/. TARGET is a name of
.vscode/trainyard.json. What git ignores is not sent.
  plan      shows what a push would do (of HOST:PATH LOCAL, or with --pull: a pull), and does nothing
  push      does it, but for deletions and conflicts
  pull      the other way
  undo      puts back what the last sync overwrote and deleted
  history   shows what was done
  hosts     lists the boxes of ~/.ssh/config; hosts HOST … says how they are

  --yes              deletes what the plan says, too; it lies in the trash afterwards
  --overwrite        in a conflict the sending side wins; what it overwrites lies in the trash
  --allow GUARD      lets a guard pass: ${RELEASABLE.join(', ')}
  --all              sends what git ignores, too
  --rule=RULE        a filter rule as rsync has it: --rule='- *.tmp'
  --ssh-config FILE  in place of ~/.ssh/config
  --json             one JSON document for each box
Exit codes: 0 all done, 1 something is wrong with the request or a guard stops it, 17 some items are left or a box does not answer,
130 cancelled.
`;

type Io = CliIo & { readonly env: NodeJS.ProcessEnv };
export type OpenSync = (sshConfig: string | undefined) => Promise<SyncWork>;

/** `trainyard sync …`. Resolves to the exit code. `open` is asked for when the arguments make sense. */
export async function sync(args: readonly string[], io: Io, open: OpenSync): Promise<number> {
  const [verb = '--help', ...rest] = args;
  if (verb === '--help' || verb === '-h') {
    io.out(USAGE);
    return EXIT.done;
  }
  if (verb === 'hosts') {
    return hosts(rest, io, open, USAGE);
  }
  if (verb === 'history') {
    return history(rest, io, open, USAGE);
  }
  const parsed = isVerb(verb) ? parseSyncArguments(verb, rest, io.cwd) : { fault: `There is no “sync ${verb}”` };
  if (parsed === 'help') {
    io.out(USAGE);
    return EXIT.done;
  }
  const target = 'fault' in parsed ? parsed : targetOf(parsed, io.cwd);
  if ('fault' in parsed || 'fault' in target) {
    io.err(`${printable('fault' in parsed ? parsed.fault : (target as { readonly fault: string }).fault)}\n\n${USAGE}`);
    return EXIT.badRequest;
  }
  const work = await open(parsed.sshConfig);
  const ending = new AbortController();
  const listening = io.onInterrupt(() => ending.abort());
  const line = createProgressLine(io, target.boxes.length > 1);
  try {
    const codes = await Promise.all(target.boxes.map((box) => onBox(parsed, target, box, work, io, line, ending.signal)));
    return [EXIT.cancelled, EXIT.badRequest, EXIT.someFailed].find((code) => codes.includes(code)) ?? EXIT.done;
  } finally {
    listening.dispose();
    work.dispose();
  }
}

function isVerb(verb: string): verb is SyncVerb {
  return ['plan', 'push', 'pull', 'undo'].includes(verb);
}

function targetOf({ what, verb }: SyncArguments, cwd: string): Target | { readonly fault: string } {
  if ('target' in what) {
    return what.target;
  }
  const target = findTarget(what.name, cwd);
  return 'fault' in target || (verb !== 'push' && verb !== 'pull') || target.direction === verb
    ? target
    : { fault: `“${target.name}” is a target that ${target.direction === 'push' ? 'pushes' : 'pulls'}` };
}

/** One box never holds up another, nor fails it. */
async function onBox(parsed: SyncArguments, target: Target, box: string, work: SyncWork, io: Io, line: ProgressLine, signal: AbortSignal): Promise<number> {
  const tell = (document: object, text: string): void => io.out(parsed.json ? `${JSON.stringify(document)}\n` : text);
  try {
    if (parsed.verb === 'undo') {
      const outcome = await work.undo(target, box, signal);
      tell({ box, ...outcome, left: outcome.left.length }, `${box}: put back · ${printable(outcomeWords(outcome))}\n`);
      return codeOf(outcome);
    }
    line.show(box, 'comparing');
    const { plan } = await work.plan(target, box, signal);
    line.clear(box);
    if (parsed.verb === 'plan') {
      tell(planDocument(plan), planText(plan));
      await io.drained?.();
      return EXIT.done;
    }
    if (!parsed.json) {
      guardLines(plan).forEach((words) => io.err(`${words.trim()}\n`));
    }
    const outcome = await work.run(plan, approvalOf(plan, parsed), (progress) => line.progress(box, progress), signal);
    line.clear(box);
    tell(outcomeDocument(plan, outcome), `${box}: ${printable(outcomeWords(outcome))}\n`);
    return tellRest(plan, outcome, parsed, io);
  } catch (error) {
    line.clear(box);
    if (signal.aborted) {
      return EXIT.cancelled;
    }
    if (!(error instanceof SyncError)) {
      throw error;
    }
    io.err(`${printable(error.message)}\n`);
    return ['signIn', 'unreachable', 'noisyShell', 'noRsync', 'failed'].includes(error.reason) ? EXIT.someFailed : error.reason === 'cancelled' ? EXIT.cancelled : EXIT.badRequest;
  }
}

function approvalOf(plan: SyncPlan, { yes, overwrite, allowed }: SyncArguments): Approval {
  const { ticked } = firstApproval(plan);
  const paths = (action: string): readonly string[] => plan.items.filter((item) => item.action === action).map(({ path }) => path);
  return { ticked: new Set([...ticked, ...(yes ? paths('delete') : [])]), released: allowed, overwrite: new Set(overwrite ? paths('conflict') : []) };
}

/** What the plan says and was not let pass. */
function tellRest({ items }: SyncPlan, outcome: SyncOutcome, { yes, overwrite, json }: SyncArguments, io: Io): number {
  const deletions = yes ? 0 : items.filter(({ action }) => action === 'delete').length;
  const conflicts = overwrite ? 0 : items.filter(({ action }) => action === 'conflict').length;
  if (deletions > 0 && !json) {
    io.err(`${formatCountOf(deletions, 'name')} not deleted: --yes deletes what the plan says.\n`);
  }
  if (conflicts > 0 && !json) {
    io.err(`${formatCountOf(conflicts, 'conflict')} left: --overwrite has the sending side win.\n`);
  }
  return conflicts > 0 && outcome.state === 'done' ? EXIT.someFailed : codeOf(outcome);
}

function codeOf({ state }: SyncOutcome): number {
  return state === 'done' ? EXIT.done : state === 'cancelled' ? EXIT.cancelled : EXIT.someFailed;
}
