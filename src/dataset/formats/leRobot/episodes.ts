import { join } from 'node:path';
import type { SampleMedium } from '../../sample.ts';
import type { Draft } from '../support/createDataset.ts';
import { FileTree } from '../support/fileTree.ts';
import type { Rows, RowValue } from '../support/rows.ts';
import { openRows } from '../support/rows.ts';
import type { LeRobotInfo } from './info.ts';
import { camerasOf, filled } from './info.ts';

export type Layout = 'v2' | 'v3';

/** The tables of episodes: one of JSON lines, or Parquet files. */
export async function openEpisodes(root: string, layout: Layout, signal: AbortSignal | undefined): Promise<Rows[]> {
  if (layout === 'v2') {
    return [await openRows(join(root, 'meta/episodes.jsonl'), { signal })];
  }
  const folder = join(root, 'meta/episodes');
  const tree = await FileTree.read(folder, { takes: (path) => path.endsWith('.parquet'), signal });
  const tables: Rows[] = [];
  for (const { path } of tree.from()) {
    tables.push(await openRows(join(folder, path), { signal }));
  }
  return tables;
}

export interface EpisodeFiles {
  readonly index: number;
  readonly data: string;
  readonly videos: readonly { readonly camera: string; readonly file: string; readonly from?: number; readonly to?: number }[];
}

export function filesOf(root: string, info: LeRobotInfo, layout: Layout, episode: RowValue, row: number): EpisodeFiles {
  const number = (key: string, otherwise = 0): number => (typeof episode[key] === 'number' ? episode[key] : otherwise);
  const index = number('episode_index', row - 1);
  if (layout === 'v2') {
    const values = { episode_index: index, episode_chunk: Math.floor(index / info.chunkSize) };
    return { index, data: join(root, filled(info.dataPath, values)), videos: camerasOf(info).map((camera) => ({ camera, file: join(root, filled(info.videoPath, { ...values, video_key: camera })) })) };
  }
  const data = { chunk_index: number('data/chunk_index'), file_index: number('data/file_index') };
  return {
    index,
    data: join(root, filled(info.dataPath, data)),
    videos: camerasOf(info).map((camera) => {
      const place = { chunk_index: number(`videos/${camera}/chunk_index`), file_index: number(`videos/${camera}/file_index`) };
      return {
        camera,
        file: join(root, filled(info.videoPath, { ...place, video_key: camera })),
        from: number(`videos/${camera}/from_timestamp`, NaN),
        to: number(`videos/${camera}/to_timestamp`, NaN),
      };
    }),
  };
}

export function episodeDraft(root: string, info: LeRobotInfo, layout: Layout, episode: RowValue, row: number): Omit<Draft, 'source'> {
  const { index, data, videos } = filesOf(root, info, layout, episode, row);
  const tasks = Array.isArray(episode.tasks) ? episode.tasks.map(String) : [];
  const split = info.splits.find(({ from, to }) => index >= from && index < to)?.name;
  const { length } = episode;
  const films = videos.map(({ camera, file, from, to }): SampleMedium => {
    const segment = from === undefined || to === undefined || Number.isNaN(from) ? undefined : { start: from, duration: Number.isNaN(to) ? { absent: 'the end is not stated' } : to - from };
    return { role: camera, kind: 'video', place: { file }, ...(segment && { segment }) };
  });
  return {
    id: `episode ${index}`,
    media: [...films, { role: 'data', kind: 'sensor', place: { file: data } }],
    labels: [],
    ...(tasks.length > 0 && { text: tasks.join('\n') }),
    ...(split !== undefined && { split }),
    ...(typeof length === 'number' && info.fps !== undefined && { statedDuration: length / info.fps }),
  };
}
