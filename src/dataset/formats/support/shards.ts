import type { RuleCode } from '../../../media/rules/index.ts';
import type { Finding } from '../../../media/rules/rule.ts';
import type { ShardMember } from '../../../media/rules/shards.ts';
import { memberOf } from '../../../media/rules/shards.ts';
import type { SampleMedium } from '../../sample.ts';
import type { Draft } from './createDataset.ts';
import type { Group } from './groups.ts';
import { word } from './manifests.ts';
import { kindByName } from '../../../media/names.ts';
import { openBytes } from './openBytes.ts';
import type { TarEnd, TarMember } from './tarIndex.ts';
import { tarMembers } from './tarIndex.ts';

/** Longer texts are no captions. */
const MAX_TEXT = 65_536;
const TEXTS = ['txt', 'caption', 'text', 'transcript', 'json', 'cls', 'label'];

export interface ShardOptions {
  readonly split?: string | undefined;
  /** Put before keys, where there are several shards. */
  readonly prefix?: string;
}

/** One shard: how many samples it has, and their drafts. Only names of members are in memory, and those of one shard. */
export async function shardGroup(file: string, options: ShardOptions, signal?: AbortSignal): Promise<Group> {
  let count = 0;
  let key: string | undefined;
  await eachMember(file, signal, (member) => {
    if (member.key !== key) {
      count++;
      key = member.key;
    }
  });
  return { count, load: () => loadShard(file, options) };
}

/** Members that are data, in order; gives how the tar ends, and what else was met. */
export async function eachMember(file: string, signal: AbortSignal | undefined, visit: (member: ShardMember, entry: TarMember) => void, other?: (entry: TarMember) => void): Promise<TarEnd> {
  const { source, close } = await openBytes(file, signal);
  try {
    const members = tarMembers(source, signal);
    for (let next = await members.next(); ; next = await members.next()) {
      if (next.done === true) {
        return next.value;
      }
      const member = next.value.isFile && !isForeign(next.value.name) ? memberOf(next.value.name) : undefined;
      if (member === undefined) {
        other?.(next.value);
      } else {
        visit(member, next.value);
      }
    }
  } finally {
    close();
  }
}

/** What macOS leaves, and the meta files that webdataset passes over. */
export function isForeign(name: string): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return base.startsWith('._') || base === '.DS_Store' || /^__.*__$/.test(base) || name.startsWith('__MACOSX/');
}

interface Gathered {
  readonly key: string;
  readonly media: SampleMedium[];
  readonly texts: Map<string, string>;
}

async function loadShard(file: string, { split, prefix = '' }: ShardOptions): Promise<Draft[]> {
  const samples: Gathered[] = [];
  const { source, close } = await openBytes(file);
  try {
    let current: Gathered | undefined;
    for await (const entry of tarMembers(source)) {
      const member = entry.isFile && !isForeign(entry.name) ? memberOf(entry.name) : undefined;
      if (member === undefined) {
        continue;
      }
      if (member.key !== current?.key) {
        current = { key: member.key, media: [], texts: new Map() };
        samples.push(current);
      }
      const kind = kindByName(`x.${member.field}`);
      if (kind === 'image' || kind === 'audio' || kind === 'video') {
        current.media.push({ role: member.field, kind, place: { file, member: entry.name } });
      } else if (TEXTS.includes(member.field) && entry.size <= MAX_TEXT) {
        current.texts.set(member.field, source.read(entry.offset, entry.size).toString('utf8').trim());
      }
    }
  } finally {
    close();
  }
  return samples.map((sample, index) => draftOf(sample, file, index, split, prefix));
}

function draftOf({ key, media, texts }: Gathered, file: string, index: number, split: string | undefined, prefix: string): Draft {
  const facts = jsonOf(texts.get('json'));
  const text = texts.get('txt') ?? texts.get('caption') ?? texts.get('text') ?? texts.get('transcript') ?? word(facts.caption) ?? word(facts.text);
  const label = texts.get('cls') ?? texts.get('label') ?? word(facts.label);
  const duration = facts.duration;
  return {
    id: `${prefix}${key}`,
    media,
    labels: label === undefined ? [] : [label],
    ...(text !== undefined && { text }),
    ...(split !== undefined && { split }),
    ...(typeof duration === 'number' && { statedDuration: duration }),
    source: { file, row: index + 1 },
  };
}

function jsonOf(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function tarEndFindings(end: TarEnd): Finding<RuleCode>[] {
  switch (end) {
    case 'whole':
      return [];
    case 'truncated':
      return [{ code: 'tar/truncated', message: 'The tar ends in the middle of a member.' }];
    case 'damaged':
      return [{ code: 'tar/damaged', message: 'A header of the tar has a wrong checksum.' }];
    case 'no-end':
      return [{ code: 'tar/no-end', message: 'The tar has no two blocks of zeros at its end.' }];
  }
}
