import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { lazy } from '../../base/lazy.ts';
import type { CheckRun } from './support/checkRun.ts';
import { openBytes } from './support/openBytes.ts';
import { tarEndFindings } from './support/shards.ts';
import { tarMembers } from './support/tarIndex.ts';

/** `audio_0.tar`, or `audio__OP_0..7_CL_.tar` spelt out; buckets have them in folders beside their manifest. */
const SHARD = /^(?:.*_)?(\d+)\.tar$/;

/** The tars of a manifest whose sounds are packed, by `shard_id`: those in its own folder, or one folder above sharded manifests. */
export class NemoShards {
  /** Looked for when the first row asks: most manifests have no shards, and their folders may hold a million sounds. */
  private readonly tars: () => ReadonlyMap<number, string>;

  constructor(manifest: string) {
    this.tars = lazy(() => tarsOf(manifest));
  }

  /** Where the sound of a row lies; undefined where there is no such shard. */
  fileOf(shard: unknown): string | undefined {
    return typeof shard === 'number' ? this.tars().get(shard) : undefined;
  }
}

function tarsOf(manifest: string): ReadonlyMap<number, string> {
  const folder = dirname(manifest);
  const tars = new Map<number, string>();
  for (const place of [folder, dirname(folder), join(folder, 'tarred_audio'), join(folder, 'audio')]) {
    for (const name of namesIn(place)) {
      const number = SHARD.exec(name)?.[1];
      if (number !== undefined && !tars.has(Number(number))) {
        tars.set(Number(number), join(place, name));
      }
    }
    if (tars.size > 0) {
      break;
    }
  }
  return tars;
}

/** NeMo numbers the segments of one sound by `-sub1` behind its name; the tar has the sound once for all of them. */
export function memberNameOf(path: string): string {
  return path.replace(/-sub\d+(?=\.\w+$)/, '');
}

/** Holds the rows of a manifest to the members of its tars. */
export class ShardRows {
  private readonly members = new Map<string, Promise<Set<string>>>();
  private readonly listed = new Map<string, Set<string>>();

  constructor(
    private readonly run: CheckRun,
    private readonly shards: NemoShards,
  ) {}

  async take(at: { readonly file: string; readonly row: number; readonly line?: number }, shard: unknown, path: string): Promise<void> {
    const tar = this.shards.fileOf(shard);
    if (tar === undefined) {
      this.run.say(at, { code: 'nemo/shard-missing', key: 'shard_id', message: `shard_id is ${JSON.stringify(shard)}, and there is no tar of that number.` });
      return;
    }
    const members = await this.membersOf(tar);
    const name = [path, memberNameOf(path)].find((candidate) => members.has(candidate));
    if (name === undefined) {
      this.run.say(at, { code: 'nemo/shard-member', key: 'audio_filepath', message: `${path} is no member of ${basename(tar)}.`, related: tar });
      return;
    }
    const listed = this.listed.get(tar) ?? new Set();
    this.listed.set(tar, listed.add(name));
  }

  async finish(): Promise<void> {
    for (const [tar, members] of this.members) {
      const listed = this.listed.get(tar);
      const others = [...(await members)].filter((name) => listed?.has(name) !== true);
      if (others.length > 0) {
        this.run.say({ file: tar }, { code: 'nemo/shard-unlisted', message: `${others.length === 1 ? 'A member' : `${others.length} members`} such as ${others[0]} ${others.length === 1 ? 'is' : 'are'} in no row.` });
      }
    }
  }

  private membersOf(tar: string): Promise<Set<string>> {
    let members = this.members.get(tar);
    if (members === undefined) {
      members = this.read(tar);
      this.members.set(tar, members);
    }
    return members;
  }

  private async read(tar: string): Promise<Set<string>> {
    const names = new Set<string>();
    const { source, close } = await openBytes(tar, this.run.signal);
    try {
      const members = tarMembers(source, this.run.signal);
      for (let next = await members.next(); ; next = await members.next()) {
        if (next.done === true) {
          this.run.say({ file: tar }, ...tarEndFindings(next.value));
          return names;
        }
        if (next.value.isFile) {
          names.add(next.value.name.replace(/^\.\//, ''));
        }
      }
    } finally {
      close();
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
