import { absent, isAbsent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { GpuProblem, GpuSlice, GpuUse } from '../gpuSample.ts';
import type { ProcessSample } from '../hostSample.ts';
import { age, memoryQuantity, runtime, whole } from '../webview/quantity.ts';
import { label, shortCommand } from './commandWords.ts';
import { freedom } from './free.ts';
import { shortName, vendorTitle } from './gpuNames.ts';
import { gpuState, heldBy, isHot, limitOf } from './gpuRow.ts';
import type { HeldGpu, Holder, Holdings } from './holders.ts';
import { processKey } from './holders.ts';
import { STALE_AFTER } from './statusBar.ts';
import { isMine } from './viewer.ts';
import type { Viewer } from './viewer.ts';
import type { GpuWatch } from './watch.ts';

/** What can be done with a node: the last words of the commands. */
export type NodeAction = 'open' | 'copyCudaDevices' | 'revealTerminal' | 'copyPid' | 'copyCommand' | 'signal' | 'signIn' | 'retryBox' | 'boxTerminal' | 'removeBox';

/** A codicon and the theme colour that it is drawn in. */
export interface NodeIcon {
  readonly name: string;
  readonly color?: string;
}

/** What a node stands for. */
export type NodeSubject =
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'box'; readonly alias: string }
  | { readonly kind: 'gpu'; readonly uuid: string; readonly slice?: GpuSlice }
  | { readonly kind: 'process'; readonly process: ProcessSample; readonly own: boolean }
  | { readonly kind: 'note' };

export interface SystemNode {
  /** The same from one sample to the next, so that what a person opened stays open. */
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: NodeIcon;
  /** For a screen reader: all that the row and its icon say. */
  readonly spoken: string;
  readonly actions: readonly NodeAction[];
  readonly subject: NodeSubject;
  readonly children: readonly SystemNode[];
  readonly expanded: boolean;
}

export interface TreeOptions {
  readonly viewer: Viewer;
  readonly now: number;
  readonly watch?: GpuWatch;
}

const NO_ANSWER = absent('its GPU does not answer');

/** `gpu;open;copyCudaDevices;`: what menus ask for with `viewItem =~ /;open;/`. */
export function contextValue({ subject, actions }: Pick<SystemNode, 'subject' | 'actions'>): string {
  return `${subject.kind};${actions.map((action) => `${action};`).join('')}`;
}

/** A machine with its GPUs and their processes. */
export function hostNode(holdings: Holdings, options: TreeOptions): SystemNode {
  const { sample, gpus } = holdings;
  const old = options.now - sample.time;
  const description = old > STALE_AFTER ? `stale, seen ${age(old)} ago` : hostWords(gpus);
  const failures = sample.gpus.flatMap(({ vendor, state }) => (state.kind === 'failed' ? [problemNode(sample.host, vendorTitle(vendor), state.problem)] : []));
  const silent = sample.gpus.filter(({ state }) => state.kind === 'silent').map((reading) => silentNode(sample.host, vendorTitle(reading.vendor), reading.state.kind === 'silent' ? options.now - reading.state.since : 0));
  const name = printable(sample.host);
  const children = [...failures, ...silent, ...gpus.map((held) => gpuNode(held, options))];
  return {
    // VS Code keeps a row shut that it has seen without anything below it.
    key: `host/${sample.host}${children.length === 0 ? '/nothing' : ''}`,
    label: name,
    description,
    tooltip: `${name}: ${description}`,
    icon: hostIcon(holdings, old),
    spoken: `${name}, ${description}`,
    actions: ['open'],
    subject: { kind: 'host', host: sample.host },
    children,
    expanded: true,
  };
}

function hostWords(gpus: readonly HeldGpu[]): string {
  if (gpus.length === 0) {
    return 'no GPU';
  }
  if (!gpus.some(({ fresh }) => fresh)) {
    return `${gpus.length === 1 ? '1 GPU' : `${gpus.length} GPUs`} · not known`;
  }
  const states = gpus.map(freedom);
  const lost = gpus.filter(({ gpu }) => gpu.state === 'lost').length;
  const unknown = states.filter((state) => state === 'unknown').length - lost;
  return [
    `${gpus.filter(({ owner, fresh }) => fresh && isMine(owner)).length} of ${gpus.length} mine`,
    `${states.filter((state) => state === 'free').length} free`,
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(unknown > 0 ? [`${unknown} not known`] : []),
  ].join(' · ');
}

function hostIcon({ gpus, sample }: Holdings, old: number): NodeIcon {
  if (old > STALE_AFTER) {
    return { name: 'vm-outline' };
  }
  if (gpus.some(({ gpu }) => gpu.state === 'lost') || sample.gpus.some(({ state }) => state.kind === 'silent' || state.kind === 'failed')) {
    return { name: 'vm-active', color: 'charts.yellow' };
  }
  return { name: 'vm-active', color: 'charts.green' };
}

function gpuNode(held: HeldGpu, options: TreeOptions): SystemNode {
  const { gpu } = held;
  const past = options.watch?.of(gpu.uuid) ?? {};
  const holder = heldBy(held, past);
  const state = gpuState(held, past, options.now);
  const name = `GPU ${held.label}`;
  const description = (held.fresh ? freshWords(held, holder.who, state.words, state.tone) : [state.words.toLowerCase(), holder.who]).join(' · ');
  const holders = known(held.holders) ?? [];
  return {
    key: `gpu/${gpu.uuid}`,
    label: name,
    description,
    tooltip: gpuTooltip(held, holder.what === '' ? holder.who : `${holder.who} ${holder.what}`, state.words),
    icon: gpuIcon(held, state.tone),
    spoken: `${name}, ${state.words}, ${description}`,
    actions: held.fresh ? ['open', 'copyCudaDevices'] : ['open'],
    subject: { kind: 'gpu', uuid: gpu.uuid },
    children: [
      ...gpu.slices.map((slice) => sliceNode(held, slice, options)),
      ...holders.filter(({ use }) => gpu.slices.length === 0 || use.gpuInstance === undefined).map((one) => holderNode(held.fresh ? one : { ...one, use: { ...one.use, memoryUsed: NO_ANSWER } }, gpu.uuid, options)),
      ...(held.fresh ? hiddenNodes(held) : []),
    ],
    expanded: false,
  };
}

function freshWords({ gpu }: HeldGpu, who: string, state: string, tone: string): readonly string[] {
  const busy = known(gpu.utilization);
  const memory = known(gpu.memoryUsed);
  const degrees = known(gpu.temperature);
  return [
    who,
    ...(tone === 'idle' ? [state.replace('Held, ', '')] : busy === undefined ? (gpu.slices.length > 0 ? ['MIG'] : []) : [`${whole(busy)}%`]),
    ...(memory === undefined ? [] : [inWords(memory)]),
    ...(isHot(gpu) && degrees !== undefined ? [`${whole(degrees)} °C`] : []),
  ];
}

function gpuIcon(held: HeldGpu, tone: string): NodeIcon {
  const limit = limitOf(held.gpu);
  if (tone === 'bad') {
    return { name: 'error', color: 'charts.red' };
  }
  if (!held.fresh) {
    return { name: 'circle-slash' };
  }
  if (limit?.grave === true) {
    return { name: limit.kind === 'heat' ? 'flame' : 'zap', color: 'charts.red' };
  }
  if (tone === 'idle') {
    return { name: 'circle-outline', color: 'charts.yellow' };
  }
  if (tone === 'free') {
    return { name: 'circle-outline', color: 'charts.green' };
  }
  return isMine(held.owner) ? { name: 'circle-filled', color: 'charts.blue' } : { name: 'circle-filled' };
}

function gpuTooltip({ gpu, label: number, hiddenMemory }: HeldGpu, holder: string, state: string): string {
  const line = (title: string, value: string | undefined) => (value === undefined ? [] : [`${title}: ${value}`]);
  const hidden = known(hiddenMemory) ?? 0;
  return [
    `GPU ${number}: ${shortName(gpu.name)}`,
    `${state}, held by ${holder}`,
    ...line('Busy', measured(gpu.utilization, (value) => `${whole(value)}%`)),
    ...line('Memory', measured(gpu.memoryUsed, (used) => `${inWords(used)}${isAbsent(gpu.memoryTotal) ? '' : ` of ${inWords(gpu.memoryTotal)}`}`)),
    ...(hidden > 0 ? [`${inWords(hidden)} held by processes that cannot be seen here`] : []),
    ...line('Power', measured(gpu.power, (watts) => `${whole(watts)} W${isAbsent(gpu.powerLimit) ? '' : ` of ${whole(gpu.powerLimit)} W`}`)),
    ...line('Temperature', measured(gpu.temperature, (degrees) => `${whole(degrees)} °C`)),
    ...line('Limited by', limitOf(gpu)?.words.toLowerCase()),
    gpu.uuid,
  ]
    .map(printable)
    .join('\n');
}

/** The value in words, else why there is none. */
function measured<T>(value: Measured<T>, words: (value: T) => string): string {
  return isAbsent(value) ? `not known, ${value.absent}` : words(value);
}

function sliceNode({ gpu, holders }: HeldGpu, slice: GpuSlice, options: TreeOptions): SystemNode {
  const inside = (known(holders) ?? []).filter(({ use }) => use.gpuInstance === slice.gpuInstance && (use.computeInstance ?? slice.computeInstance) === slice.computeInstance);
  const [first] = inside;
  const who = first === undefined ? 'free' : isMine(first.owner) ? 'you' : first.owner === 'hidden' ? 'hidden' : (first.run?.user ?? 'hidden');
  const used = known(slice.memoryUsed);
  const name = known(slice.profile) ?? `Slice ${slice.index}`;
  const description = [who, ...(used === undefined ? [] : [inWords(used)])].map(printable).join(' · ');
  return {
    key: `gpu/${gpu.uuid}/${slice.gpuInstance}/${slice.computeInstance}`,
    label: printable(name),
    description,
    tooltip: printable(known(slice.uuid) ?? name),
    icon: { name: 'circle-small-filled', ...(first === undefined ? { color: 'charts.green' } : isMine(first.owner) ? { color: 'charts.blue' } : {}) },
    spoken: `Slice ${printable(name)}, ${description}`,
    actions: isAbsent(slice.uuid) ? [] : ['copyCudaDevices'],
    subject: { kind: 'gpu', uuid: gpu.uuid, slice },
    children: inside.map((one) => holderNode(one, `${gpu.uuid}/${slice.index}`, options)),
    expanded: false,
  };
}

function holderNode(holder: Holder, place: string, options: TreeOptions): SystemNode {
  const { process, use, owner, run } = holder;
  return process === undefined ? unseenNode(use, place) : processNode(process, use, owner, run?.members.find((member) => member.process === process)?.rank, place, options);
}

function processNode(process: ProcessSample, use: GpuUse, owner: Holder['owner'], rank: number | undefined, place: string, { viewer, now }: TreeOptions): SystemNode {
  const memory = known(use.memoryUsed);
  const own = process.uid === viewer.uid;
  const name = label(process);
  const description = [
    own ? String(process.pid) : printable(process.user),
    ...(rank === undefined ? [] : [`rank ${rank}`]),
    ...(memory === undefined ? [] : [inWords(memory)]),
    ...(own ? [runtime((now - process.started) / 1000)] : []),
  ].join(' · ');
  return {
    key: `process/${place}/${processKey(process)}`,
    label: name,
    description,
    tooltip: `${shortCommand(process)}\nPID ${process.pid} of ${printable(process.user)}, for ${runtime((now - process.started) / 1000)}`,
    icon: { name: use.kind === 'graphics' ? 'window' : 'terminal', ...(isMine(owner) && { color: 'charts.blue' }) },
    spoken: `${name}, ${owner === 'workspace' ? 'of this workspace' : own ? 'yours' : `of ${printable(process.user)}`}, ${description}`,
    actions: own ? ['revealTerminal', 'copyPid', 'copyCommand', ...(process.pid > 1 ? (['signal'] as const) : [])] : ['copyPid', 'copyCommand'],
    subject: { kind: 'process', process, own },
    children: [],
    expanded: false,
  };
}

function unseenNode(use: GpuUse, place: string): SystemNode {
  const memory = known(use.memoryUsed);
  const name = printable(known(use.name)?.split('/').at(-1) ?? 'hidden process');
  const description = ['hidden', ...(memory === undefined ? [] : [inWords(memory)])].join(' · ');
  return note(`unseen/${place}/${use.pid}`, name === '' ? 'hidden process' : name, description, `The driver names process ${use.pid}, which cannot be seen here.`, { name: 'eye-closed' });
}

function hiddenNodes({ gpu, hiddenMemory, holders }: HeldGpu): readonly SystemNode[] {
  const named = (known(holders) ?? []).reduce((sum, { owner, use }) => sum + (owner === 'hidden' ? (known(use.memoryUsed) ?? 0) : 0), 0);
  const rest = (known(hiddenMemory) ?? 0) - named;
  return rest <= 0 ? [] : [note(`hidden/${gpu.uuid}`, inWords(rest), 'held by processes that cannot be seen here', 'Processes in containers and, on some machines, those of other users are hidden from you.', { name: 'eye-closed' })];
}

function problemNode(host: string, vendor: string, { text, remedy, said, reason }: GpuProblem): SystemNode {
  return note(`problem/${host}/${vendor}/${reason}`, printable(text), vendor, [text, remedy, said].filter((line) => line !== undefined).map(printable).join('\n'), { name: 'warning', color: 'charts.yellow' });
}

function silentNode(host: string, vendor: string, since: number): SystemNode {
  return note(`silent/${host}/${vendor}`, `${vendor} driver not answering`, age(since), 'Nothing more is asked of it until it answers.', { name: 'debug-disconnect', color: 'charts.red' });
}

function note(key: string, name: string, description: string, tooltip: string, icon: NodeIcon): SystemNode {
  return { key, label: name, description, tooltip, icon, spoken: `${name}, ${description}`, actions: [], subject: { kind: 'note' }, children: [], expanded: false };
}

function inWords(bytes: number): string {
  const { digits, unit } = memoryQuantity(bytes);
  return `${digits} ${unit}`;
}
