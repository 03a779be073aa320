import { dirname } from 'node:path';
import { createBreather } from '../../base/breather.ts';
import { probe } from '../../media/probe.ts';
import type { TableHints, TableRecording } from '../../media/sensors/tableRecording.ts';
import type { ToolRunner } from '../../process/toolRunner.ts';
import { createFolderLook } from '../folderLook.ts';
import type { EpisodeFiles } from '../formats/leRobot/episodes.ts';
import { filesOf, openEpisodes } from '../formats/leRobot/episodes.ts';
import type { LeRobotInfo } from '../formats/leRobot/info.ts';
import { camerasOf, layoutOf, readInfo } from '../formats/leRobot/info.ts';
import { decodeFrames } from '../video/frames.ts';

/** Folders above a file of data in which a data set's own description is looked for. */
const MOST_ABOVE = 5;
const WIDTH = 640;

/** What a data set of LeRobot says of one of its files of data. */
export interface EpisodeData {
  readonly root: string;
  readonly info: LeRobotInfo;
  readonly hints: TableHints;
}

/** A picture of a camera, and when it is of: nanoseconds from the recording's start. */
export interface FilmPicture {
  readonly time: number;
  readonly jpeg: Uint8Array;
}

/** Undefined where the file is not of such a data set. */
export function episodeData(file: string): EpisodeData | undefined {
  for (let folder = dirname(file), step = 0; step < MOST_ABOVE && folder !== dirname(folder); folder = dirname(folder), step++) {
    const info = readInfo(folder);
    if (info !== undefined) {
      const names = Object.fromEntries(Object.entries(info.features).map(([name, feature]) => [name, namesOf(feature['names'])]));
      return { root: folder, info, hints: { names, ...(info.fps !== undefined && { rate: info.fps }) } };
    }
  }
  return undefined;
}

/** A list, or lists under the name of what they are of. */
function namesOf(names: unknown): readonly string[] {
  const list = Array.isArray(names) ? names : typeof names === 'object' && names !== null ? Object.values(names).flat() : [];
  return list.map(String);
}

interface Piece {
  /** Nanoseconds from the recording's start. */
  readonly start: number;
  readonly end: number;
  readonly file: string;
  /** Seconds of the file at which the episode begins in it. */
  readonly from: number;
}

/** The films of the episodes that a file of data holds, by camera, on the data's own time axis. */
export class EpisodeFilms {
  readonly cameras: readonly string[];
  private readonly pieces = new Map<string, Piece[]>();

  private constructor(private readonly fps: number, cameras: readonly string[]) {
    this.cameras = cameras;
  }

  static async of(file: string, { root, info }: EpisodeData, { episodes, duration }: TableRecording, signal: AbortSignal): Promise<EpisodeFilms | undefined> {
    const cameras = camerasOf(info);
    const layout = layoutOf(createFolderLook(root));
    if (cameras.length === 0 || layout === undefined || info.fps === undefined) {
      return undefined;
    }
    const films = new EpisodeFilms(info.fps, cameras);
    const starts = new Map((episodes.length > 0 ? episodes : [{ index: 0, start: 0, end: duration }]).map((episode) => [episode.index, episode]));
    const breathe = createBreather(signal);
    const tables = await openEpisodes(root, layout, signal);
    try {
      for (const rows of tables) {
        for await (const { value, row } of rows.read(0, signal)) {
          await breathe();
          const found = value && filesOf(root, info, layout, value, row);
          const episode = found?.data === file ? starts.get(found.index) : undefined;
          if (found !== undefined && episode !== undefined) {
            films.take(found, episode);
          }
        }
      }
    } finally {
      tables.forEach((rows) => rows.close());
    }
    return films;
  }

  /** The picture that is shown at a time; why there is none, in words. */
  async picture(camera: string, time: number, runner: ToolRunner | undefined, trusted: boolean, signal: AbortSignal): Promise<FilmPicture | { readonly problem: string }> {
    const piece = this.pieces.get(camera)?.find(({ start, end }) => time >= start && time <= end + 1e9 / this.fps);
    if (piece === undefined) {
      return { problem: `${camera} has no film at this time.` };
    }
    if (runner === undefined) {
      return { problem: trusted ? 'ffmpeg, which decodes films, was not found.' : 'Not decoded: the workspace is not trusted.' };
    }
    const { container } = await probe(piece.file, { signal });
    const frame = Math.max(0, Math.floor(((time - piece.start) / 1e9) * this.fps + 1e-6));
    // From half a frame before it, so that rounded times lead to no other one.
    const [jpeg] = await decodeFrames(runner, { part: { file: piece.file }, container }, Math.max(0, piece.from + (frame - 0.5) / this.fps), WIDTH, { count: 1 }, signal);
    return jpeg === undefined ? { problem: `${camera} ends before this time.` } : { time: piece.start + (frame / this.fps) * 1e9, jpeg };
  }

  private take({ videos }: EpisodeFiles, { start, end }: { readonly start: number; readonly end: number }): void {
    for (const { camera, file, from = 0 } of videos) {
      const pieces = this.pieces.get(camera) ?? [];
      pieces.push({ start, end, file, from: Number.isNaN(from) ? 0 : from });
      this.pieces.set(camera, pieces);
    }
  }
}
