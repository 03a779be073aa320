import { join } from 'node:path';
import { known } from '../../../base/absent.ts';
import { checkDrift, checkFeature, TimestampSteps } from '../../../media/rules/robots.ts';
import type { CheckRun } from '../support/checkRun.ts';
import type { Rows, RowValue } from '../support/rows.ts';
import { openRows } from '../support/rows.ts';
import type { EpisodeFiles, Layout } from './episodes.ts';
import { filesOf } from './episodes.ts';
import type { LeRobotInfo } from './info.ts';
import { INFO } from './info.ts';

export interface OpenLeRobot {
  readonly root: string;
  readonly info: LeRobotInfo;
  readonly layout: Layout;
  readonly tables: readonly Rows[];
}

export async function checkLeRobot(run: CheckRun, dataset: OpenLeRobot): Promise<void> {
  const { root, info, layout, tables } = dataset;
  const file = join(root, INFO);
  if (!info.version.startsWith(layout)) {
    run.say({ file }, { code: 'lerobot/version', key: 'codebase_version', message: `codebase_version is ${info.version}, the files are those of ${layout}.` });
  } else if (layout === 'v2' ? info.dataPath.includes('{file_index') : info.dataPath.includes('{episode_index')) {
    run.say({ file }, { code: 'lerobot/version', key: 'data_path', message: `data_path ${info.dataPath} is not that of ${info.version}.` });
  }
  for (const key of ['fps', 'total_episodes', 'total_frames'].filter((_, index) => [info.fps, info.episodes, info.frames][index] === undefined)) {
    run.say({ file }, { code: 'lerobot/info', key, message: `There is no ${key}.` });
  }
  const data = new DataFiles(run, info);
  let episodes = 0;
  let frames = 0;
  for (const rows of tables) {
    await run.rows(rows, async ({ value, row }, at) => {
      episodes++;
      frames += typeof value.length === 'number' ? value.length : 0;
      if (!Array.isArray(value.tasks) || value.tasks.length === 0) {
        run.say(at, { code: 'lerobot/task', key: 'tasks', message: 'The episode names no task.' });
      }
      const files = filesOf(root, info, layout, value, row);
      await checkVideos(run, at, files, value, info, layout);
      if (!run.presence.isFile(files.data)) {
        run.say(at, { code: 'lerobot/data-missing', message: `Episode ${files.index} has no ${files.data.slice(root.length + 1)}.`, related: files.data });
        return;
      }
      const found = (await data.countsOf(files.data)).get(files.index);
      if (found === undefined) {
        run.say(at, { code: 'lerobot/index', message: `${files.data.slice(root.length + 1)} holds no row of episode ${files.index}.`, related: files.data });
      } else if (typeof value.length === 'number' && found !== value.length) {
        run.say(at, { code: 'lerobot/length', key: 'length', message: `Episode ${files.index} is stated with ${value.length} frames, its data have ${found}.`, related: files.data });
      }
    });
  }
  checkTotals(run, file, info, episodes, frames);
}

function checkTotals(run: CheckRun, file: string, info: LeRobotInfo, episodes: number, frames: number): void {
  if (info.episodes !== undefined && info.episodes !== episodes) {
    run.say({ file }, { code: 'lerobot/totals', key: 'total_episodes', message: `total_episodes is ${info.episodes}, and there are ${episodes} episodes.` });
  }
  if (info.frames !== undefined && info.frames !== frames) {
    run.say({ file }, { code: 'lerobot/totals', key: 'total_frames', message: `total_frames is ${info.frames}, the episodes have ${frames} frames.` });
  }
}

async function checkVideos(run: CheckRun, at: { readonly file: string; readonly row: number }, { index, videos }: EpisodeFiles, episode: RowValue, { fps }: LeRobotInfo, layout: Layout): Promise<void> {
  for (const { camera, file, from, to } of videos) {
    if (!run.presence.isFile(file)) {
      run.say(at, { code: 'lerobot/video-missing', key: camera, message: `Episode ${index} has no video of ${camera}.`, related: file });
      continue;
    }
    const length = layout === 'v3' ? (to ?? NaN) - (from ?? NaN) : known((await run.facts(file))?.duration);
    if (fps !== undefined && typeof episode.length === 'number' && length !== undefined && Number.isFinite(length)) {
      run.say(at, ...checkDrift(length, episode.length, fps, camera));
    }
  }
}

/** The data, read once each: rows of every episode, their times, and the shape of the columns. */
class DataFiles {
  private readonly counts = new Map<string, Promise<ReadonlyMap<number, number>>>();
  private featuresTold = false;

  constructor(
    private readonly run: CheckRun,
    private readonly info: LeRobotInfo,
  ) {}

  countsOf(file: string): Promise<ReadonlyMap<number, number>> {
    let counts = this.counts.get(file);
    if (counts === undefined) {
      counts = this.read(file);
      this.counts.set(file, counts);
    }
    return counts;
  }

  private async read(file: string): Promise<ReadonlyMap<number, number>> {
    const counts = new Map<number, number>();
    let rows: Rows;
    try {
      rows = await openRows(file, { signal: this.run.signal });
    } catch (error) {
      this.run.signal?.throwIfAborted();
      this.run.say({ file }, { code: 'table/broken-off', message: `The file cannot be read: ${(error as Error).message}` });
      return counts;
    }
    this.checkColumns(file, rows.header ?? []);
    let steps: TimestampSteps | undefined;
    let current: number | undefined;
    try {
      for await (const { row, value } of rows.read(0, this.run.signal)) {
        await this.run.breathe();
        const episode = typeof value?.episode_index === 'number' ? value.episode_index : -1;
        const frame = counts.get(episode) ?? 0;
        counts.set(episode, frame + 1);
        if (episode !== current) {
          current = episode;
          steps = this.info.fps === undefined ? undefined : new TimestampSteps(this.info.fps);
        }
        this.run.say({ file, row }, ...(steps?.take(value?.timestamp, frame) ?? []));
        if (row === 1) {
          this.run.say({ file, row }, ...Object.entries(this.info.features).flatMap(([name, { dtype, shape }]) => (dtype === 'video' || dtype === 'image' || value === undefined || !(name in value) ? [] : checkFeature(name, shape, value[name]))));
        }
      }
    } finally {
      rows.close();
    }
    return counts;
  }

  private checkColumns(file: string, header: readonly string[]): void {
    const lacking = Object.entries(this.info.features).filter(([name, { dtype }]) => dtype !== 'video' && !header.includes(name));
    for (const [name] of this.featuresTold ? [] : lacking) {
      this.featuresTold = true;
      this.run.say({ file }, { code: 'lerobot/feature-missing', key: name, message: `The feature ${name} of info.json is not among the columns.` });
    }
  }
}
