import { join } from 'node:path';
import type { FolderLook } from '../../format.ts';
import type { RowValue } from '../support/rows.ts';
import { readSmall } from '../support/smallFiles.ts';

export interface LeRobotInfo {
  readonly version: string;
  readonly fps: number | undefined;
  readonly episodes: number | undefined;
  readonly frames: number | undefined;
  readonly features: Readonly<Record<string, RowValue>>;
  readonly dataPath: string;
  readonly videoPath: string;
  readonly chunkSize: number;
  /** Name, first episode and the one behind the last. */
  readonly splits: readonly { readonly name: string; readonly from: number; readonly to: number }[];
}

export const INFO = 'meta/info.json';

/** meta/info.json; undefined where it is none. */
export function readInfo(root: string): LeRobotInfo | undefined {
  try {
    return parseInfo(JSON.parse(readSmall(join(root, INFO)) ?? ''));
  } catch {
    return undefined;
  }
}

/** The version alone, as it is recognised by. */
export function versionOf(look: FolderLook): string | undefined {
  const head = look.isFile ? '' : (look.head(INFO, 2 ** 18)?.toString('utf8') ?? '');
  return /"codebase_version"\s*:\s*"(v?[\d.]+)"/.exec(head)?.[1];
}

export function layoutOf(look: FolderLook): 'v2' | 'v3' | undefined {
  const meta = look.list('meta');
  return meta.folders.includes('episodes') ? 'v3' : meta.files.includes('episodes.jsonl') ? 'v2' : undefined;
}

function parseInfo(value: unknown): LeRobotInfo | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const info = value as RowValue;
  const number = (key: string): number | undefined => (typeof info[key] === 'number' ? info[key] : undefined);
  const version = typeof info.codebase_version === 'string' ? info.codebase_version : '';
  const isNew = version.startsWith('v3');
  const features = typeof info.features === 'object' && info.features !== null ? (info.features as Record<string, RowValue>) : {};
  return {
    version,
    fps: number('fps'),
    episodes: number('total_episodes'),
    frames: number('total_frames'),
    features: Object.fromEntries(Object.entries(features).filter(([, feature]) => typeof feature === 'object' && feature !== null)),
    dataPath: typeof info.data_path === 'string' ? info.data_path : isNew ? 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet' : 'data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet',
    videoPath: typeof info.video_path === 'string' ? info.video_path : isNew ? 'videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4' : 'videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4',
    chunkSize: number('chunks_size') ?? 1000,
    splits: splitsOf(info.splits),
  };
}

function splitsOf(splits: unknown): LeRobotInfo['splits'] {
  return Object.entries(typeof splits === 'object' && splits !== null ? splits : {}).flatMap(([name, range]) => {
    const [, from, to] = /^(\d*):(\d*)$/.exec(String(range)) ?? [];
    return from === undefined ? [] : [{ name, from: Number(from), to: to === '' ? Infinity : Number(to) }];
  });
}

export function camerasOf({ features }: LeRobotInfo): string[] {
  return Object.entries(features).flatMap(([name, { dtype }]) => (dtype === 'video' ? [name] : []));
}

/** Fills in a template of Python's: `{episode_index:06d}`. Names that are not given stay as they are. */
export function filled(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)(?::0?(\d+)d)?\}/g, (whole, name: string, width: string | undefined) => {
    const value = values[name];
    return value === undefined ? whole : String(value).padStart(Number(width ?? 0), '0');
  });
}
