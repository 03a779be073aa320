import { isAbsent } from '../../base/absent.ts';
import { formatBytes, formatCount, formatCountOf, formatPercent, formatWhen } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { BoxState } from '../box.ts';
import type { SyncRecord } from '../history/history.ts';
import type { RunPlace, RunReport } from '../runs/runReport.ts';
import type { Target } from '../target.ts';
import type { BoxLine, PlanFacts } from '../webview/planProtocol.ts';
import { runNode } from './runNodes.ts';
import { outcomeWords } from './runWords.ts';

/** A row of the Remote Sync view. */
export interface SyncNode {
  readonly key: string;
  readonly kind: 'box' | 'target' | 'record' | 'problem' | 'run' | 'checkpoint';
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  /** A name of VS Code's icons, and of a colour of its theme. */
  readonly icon: string;
  readonly color?: string;
  readonly expanded: boolean;
  readonly children: readonly SyncNode[];
  readonly box?: string;
  readonly target?: Target;
  readonly run?: RunPlace;
  /** Name of a checkpoint in its run. */
  readonly checkpoint?: string;
  /** What its menu asks for: `target.running.undo`. */
  readonly context: string;
}

export interface SyncView {
  readonly targets: readonly Target[];
  /** What is wrong with the files that targets are written in. */
  readonly problems: readonly string[];
  readonly boxes: ReadonlyMap<string, BoxState>;
  /** By `target.name`. */
  readonly facts: ReadonlyMap<string, PlanFacts>;
  /** Of targets that are watched, by target and box. */
  readonly watched: ReadonlyMap<string, ReadonlyMap<string, { readonly words: string; readonly asks: boolean }>>;
  readonly runs: readonly RunPlace[];
  /** By `box:path`. */
  readonly reports: ReadonlyMap<string, RunReport>;
  /** The newest first. */
  readonly history: readonly SyncRecord[];
  readonly now: number;
}

/** Syncs of a target that stand below it. */
const SHOWN_RECORDS = 5;

/** Boxes in the order in which targets name them, each with its targets, each with its last syncs. */
export function syncNodes(view: SyncView): readonly SyncNode[] {
  const boxes = [...new Set([...view.targets.flatMap((target) => target.boxes), ...view.runs.map(({ box }) => box)])];
  return [...view.problems.map(problemNode), ...boxes.map((box) => boxNode(box, view))];
}

function problemNode(message: string, index: number): SyncNode {
  return { key: `problem/${index}`, kind: 'problem', label: message, description: '', tooltip: message, icon: 'warning', color: 'editorWarning.foreground', expanded: false, children: [], context: 'problem' };
}

function boxNode(box: string, view: SyncView): SyncNode {
  const state = view.boxes.get(box) ?? { kind: 'unknown' as const };
  const { words, icon, color, tooltip } = boxWords(box, state);
  return {
    key: `box/${box}`,
    kind: 'box',
    label: box,
    description: words,
    tooltip,
    icon,
    ...(color !== undefined && { color }),
    expanded: true,
    children: [
      ...view.targets.filter(({ boxes }) => boxes.includes(box)).map((target) => targetNode(target, box, view)),
      ...view.runs.filter((run) => run.box === box).map((run) => runNode(run, view.reports.get(`${run.box}:${run.path}`), view.now)),
    ],
    box,
    context: `box.${state.kind}`,
  };
}

interface BoxWords {
  readonly words: string;
  readonly icon: string;
  readonly color?: string;
  readonly tooltip: string;
}

function boxWords(box: string, state: BoxState): BoxWords {
  switch (state.kind) {
    case 'unknown':
      return { words: '', icon: 'vm', tooltip: `${box} was not asked yet.` };
    case 'connecting':
      return { words: 'connecting', icon: 'vm-connect', tooltip: `${box} is being asked.` };
    case 'reachable':
    case 'noRsync': {
      const { system, rsync, load, cpus, installRsync } = state.facts;
      const busy = isAbsent(load) ? '' : `, load ${load.toFixed(1)}${isAbsent(cpus) ? '' : ` on ${formatCountOf(cpus, 'CPU')}`}`;
      const notes = isAbsent(rsync) ? [`No rsync: files go by tar. It is installed by: ${installRsync}`] : [`${rsync.kind} ${rsync.version}`, ...rsync.notes];
      return { words: isAbsent(rsync) ? 'no rsync' : `${rsync.kind} ${rsync.version}`, icon: 'vm-active', color: 'testing.iconPassed', tooltip: [`${box}: ${system}${busy}`, ...notes].join('\n') };
    }
    case 'signIn':
      return { words: 'needs signing in', icon: 'vm-outline', color: 'editorWarning.foreground', tooltip: `${box}: ${state.said}` };
    case 'noisyShell':
      return { words: 'its shell is noisy', icon: 'vm-outline', color: 'editorWarning.foreground', tooltip: `${box} prints before it runs anything, which breaks transfers: ${state.said}` };
    case 'unreachable':
      return { words: 'no answer', icon: 'vm-outline', color: 'editorError.foreground', tooltip: `${box}: ${state.said}` };
  }
}

function targetNode(target: Target, box: string, view: SyncView): SyncNode {
  const records = view.history.filter((record) => record.target === target.name && record.box === box);
  const line = view.facts.get(target.name)?.boxes.find((one) => one.box === box);
  const canUndo = records[0] !== undefined && records[0].outcome.trash !== undefined && records[0].undo !== true;
  const watched = view.watched.get(target.name)?.get(box);
  const running = line !== undefined && (line.phase === 'running' || line.phase === 'waiting');
  return {
    key: `target/${box}/${target.name}`,
    kind: 'target',
    label: target.name,
    description: running || line?.phase === 'planning' ? targetWords(line, records[0], view.now) : (watched?.words ?? targetWords(line, records[0], view.now)),
    tooltip: targetTooltip(target, box, line),
    icon: running ? 'sync~spin' : watched !== undefined ? 'eye' : target.direction === 'push' ? 'cloud-upload' : 'cloud-download',
    ...(watched?.asks === true && { color: 'editorWarning.foreground' }),
    ...(line?.phase === 'problem' && { color: 'editorError.foreground' }),
    expanded: false,
    children: records.slice(0, SHOWN_RECORDS).map((record, index) => recordNode(record, `${box}/${target.name}/${index}`, view.now)),
    box,
    target,
    context: `target${running ? '.running' : ''}${watched === undefined ? '' : watched.asks ? '.watched.asks' : '.watched'}${canUndo ? '.undo' : ''}.${target.from}`,
  };
}

/** What a target does now, else what its plan says, else when it was last in step. */
function targetWords(line: BoxLine | undefined, last: SyncRecord | undefined, now: number): string {
  switch (line?.phase) {
    case 'running':
      return line.fraction === undefined ? line.words : `${formatPercent(line.fraction)} · ${line.words}`;
    case 'planning':
    case 'waiting':
    case 'problem':
    case 'done':
    case 'partial':
    case 'cancelled':
      return line.words;
    case 'planned':
      return line.words === 'in step' ? 'in step' : 'planned';
    case undefined:
      return last === undefined ? 'never synced' : `${last.outcome.state === 'done' ? 'in step' : last.outcome.state} ${formatWhen(last.at, now)}`;
  }
}

function targetTooltip({ local, remote, direction, deletions, send, from }: Target, box: string, line: BoxLine | undefined): string {
  const arrow = direction === 'push' ? `${local} → ${box}:${remote}` : `${box}:${remote} → ${local}`;
  return [
    printable(arrow),
    send.list === 'git' ? 'What git does not ignore is sent.' : 'Everything is sent.',
    deletions === 'plan' ? 'Deletions are planned, and done once they are ticked.' : 'Nothing is ever deleted.',
    ...(from === 'workspace' ? ['Written in .vscode/trainyard.json.'] : []),
    ...(line === undefined ? [] : [line.words]),
  ].join('\n');
}

function recordNode({ at, direction, outcome, leftCount, left, created, updated, deleted, undo }: SyncRecord, key: string, now: number): SyncNode {
  const names = [...created.map((path) => `+ ${path}`), ...updated.map((path) => `~ ${path}`), ...deleted.map((path) => `− ${path}`)].map((line) => printable(Buffer.from(line, 'latin1').toString('utf8')));
  return {
    key: `record/${key}`,
    kind: 'record',
    label: `${undo === true ? 'undo' : direction} ${formatWhen(at, now)}`,
    description: outcomeWords({ ...outcome, left: left.slice(0, leftCount === 1 ? 1 : 0) }) + (leftCount > 1 ? ` · ${formatCount(leftCount)} left` : ''),
    tooltip: [`${formatBytes(outcome.bytes)}`, ...names].join('\n'),
    icon: outcome.state === 'done' ? 'pass' : outcome.state === 'cancelled' ? 'circle-slash' : 'warning',
    expanded: false,
    children: [],
    context: 'record',
  };
}

