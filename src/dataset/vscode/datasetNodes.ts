import { basename, dirname } from 'node:path';
import { formatBytes, formatCount, formatCountOf, formatDuration } from '../../base/format.ts';
import { known } from '../../base/absent.ts';
import { printable } from '../../base/printable.ts';
import type { CatalogueItem, Summary } from '../catalogue/catalogueApi.ts';
import type { FoundDataset } from '../discovery/discoveryApi.ts';
import { factsOf, lengthOf } from './galleryItems.ts';

/** What a row of the Datasets view stands for. */
export type NodeSubject =
  | { readonly kind: 'dataset'; readonly dataset: FoundDataset }
  /** All items that a filter finds. */
  | { readonly kind: 'part'; readonly filter: string }
  | { readonly kind: 'classes' }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'item'; readonly item: CatalogueItem }
  | { readonly kind: 'more'; readonly folder: string; readonly shown: number }
  | { readonly kind: 'note' };

export interface DatasetNode {
  /** The same as long as it is the same thing, so that what a person opened stays open. */
  readonly key: string;
  readonly root: string;
  readonly subject: NodeSubject;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly color?: string;
  readonly tooltip?: string;
  readonly isOpenable: boolean;
}

const KINDS = [
  ['image', 'images', 'file-media'],
  ['video', 'video', 'play-circle'],
  ['audio', 'audio', 'unmute'],
  ['text', 'text', 'symbol-string'],
  ['sensor', 'sensor', 'pulse'],
  ['other', 'other files', 'file-binary'],
] as const;

/** `summary` where the dataset was opened. */
export function datasetNode(dataset: FoundDataset, summary: Summary | undefined, isAdded: boolean): DatasetNode {
  const { root, formats } = dataset;
  const [format] = formats;
  const title = summary ? (summary.formats.find(({ id }) => id === summary.format)?.title ?? summary.format) : (format?.title ?? 'folder');
  const problems = summary ? summary.problems.error + summary.problems.warning : 0;
  return {
    key: `dataset ${root}`,
    root,
    subject: { kind: 'dataset', dataset },
    label: printable(basename(root) || root),
    description: summary ? summaryWords(summary) : title,
    icon: summary?.state === 'walking' ? 'sync~spin' : 'database',
    ...(problems > 0 && { color: summary?.problems.error ? 'list.errorForeground' : 'list.warningForeground' }),
    tooltip: [root, isAdded ? 'added by you' : '', `${title}${format ? `: ${format.reasons.join(', ')}` : ''}`, problems > 0 ? formatCountOf(problems, 'problem') : '', summary?.problem ?? ''].filter((line) => line !== '').join('\n'),
    isOpenable: true,
  };
}

function summaryWords({ files, bytes, seconds, probed, members, problems, state }: Summary): string {
  const size = known(bytes);
  const count = problems.error + problems.warning;
  return [
    `${formatCountOf(files, 'item')}${state === 'walking' ? ' so far' : ''}`,
    seconds > 0 ? `${probed + members.probed < files + members.count ? '~' : ''}${formatDuration(seconds)}` : undefined,
    size === undefined || size === 0 ? undefined : formatBytes(size),
    count > 0 ? formatCountOf(count, 'problem') : undefined,
    state === 'failed' ? 'could not be read' : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** Kinds, splits, classes and folders: the ways into a dataset. */
export function partNodes(summary: Summary): readonly DatasetNode[] {
  const { root, kinds, splits, files } = summary;
  const present = KINDS.filter(([kind]) => (kinds[kind] ?? 0) > 0);
  const part = (name: string, filter: string, label: string, count: number, icon: string): DatasetNode => ({
    key: `part ${root} ${name}`,
    root,
    subject: { kind: 'part', filter },
    label,
    description: formatCount(count),
    icon,
    isOpenable: false,
  });
  if (files === 0 && summary.state !== 'walking') {
    return [note(root, summary.problem ?? 'There is nothing in it.')];
  }
  return [
    ...(present.length > 1 ? present.map(([kind, label, icon]) => part(`kind ${kind}`, `kind:${kind}`, label, kinds[kind] ?? 0, icon)) : []),
    ...Object.entries(splits).map(([split, count]) => part(`split ${split}`, `split:${quoted(split)}`, printable(split), count, 'layers')),
    { key: `classes ${root}`, root, subject: { kind: 'classes' }, label: 'classes', description: '', icon: 'symbol-enum', isOpenable: true },
    { key: `folder ${root} `, root, subject: { kind: 'folder', folder: '' }, label: 'files', description: formatCount(files), icon: 'folder-library', isOpenable: true },
  ];
}

export function classNode(root: string, label: string, count: number): DatasetNode {
  return { key: `part ${root} label ${label}`, root, subject: { kind: 'part', filter: `label:${quoted(label)}` }, label: printable(label), description: formatCount(count), icon: 'symbol-enum-member', isOpenable: false };
}

export function folderNode(root: string, path: string, files: number): DatasetNode {
  return { key: `folder ${root} ${path}`, root, subject: { kind: 'folder', folder: path }, label: printable(basename(path)), description: formatCount(files), icon: 'folder', isOpenable: true };
}

export function itemNode(root: string, item: CatalogueItem): DatasetNode {
  const { health } = item;
  const facts = [lengthOf(item), factsOf(item) ?? 'not probed', item.label].filter((part) => part !== undefined);
  return {
    key: `item ${root} ${item.id}`,
    root,
    subject: { kind: 'item', item },
    label: printable(basename(item.path)),
    description: facts.join(' · '),
    icon: health?.severity === 'error' ? 'error' : health?.severity === 'warning' ? 'warning' : (KINDS.find(([kind]) => kind === item.kind)?.[2] ?? 'file'),
    ...(health && { color: health.severity === 'error' ? 'list.errorForeground' : 'list.warningForeground' }),
    isOpenable: false,
  };
}

export function moreNode(root: string, folder: string, shown: number, total: number): DatasetNode {
  return { key: `more ${root} ${folder} ${shown}`, root, subject: { kind: 'more', folder, shown }, label: `${formatCount(total - shown)} more`, description: 'show more', icon: 'ellipsis', isOpenable: false };
}

export function note(root: string, words: string): DatasetNode {
  return { key: `note ${root} ${words}`, root, subject: { kind: 'note' }, label: printable(words), description: '', icon: 'info', isOpenable: false };
}

/** A value in a filter expression. */
function quoted(value: string): string {
  return /^[\w-]+$/.test(value) && !['none', 'null', 'unknown', 'and', 'or', 'not', 'in', 'is'].includes(value.toLowerCase()) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** For menus: `viewItem =~ /;dataset;/`. */
export function contextValue({ subject }: DatasetNode, isAdded: boolean): string {
  const file = subject.kind === 'item' && subject.item.place.member === undefined;
  return `;${subject.kind};${isAdded ? 'added;' : ''}${subject.kind === 'dataset' && subject.dataset.manifests.length > 0 ? 'manifest;' : ''}${file || subject.kind === 'dataset' || subject.kind === 'folder' ? 'onDisk;' : ''}`;
}

/** The path that a row stands for; undefined where it is none. */
export function pathOf({ root, subject }: DatasetNode): string | undefined {
  switch (subject.kind) {
    case 'dataset':
      return root;
    case 'folder':
      return subject.folder === '' ? root : `${root}/${subject.folder}`;
    case 'item':
      return subject.item.place.file;
    default:
      return undefined;
  }
}

/** Folders above a dataset, as the view names two of the same name apart. */
export function parentName(root: string): string {
  return printable(basename(dirname(root)));
}
