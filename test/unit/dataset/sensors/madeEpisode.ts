import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addFiles, lines, madeFolder } from '../formats/support.ts';
import { parquet } from '../formats/writers.ts';

export const FPS = 10;
/** Frames of each episode. */
export const LENGTH = 20;

/** A data set of LeRobot 3.0: two episodes in one file of data and one film, whose frames are grey by their number: 10 for each. */
export function madeEpisodes(): { readonly root: string; readonly data: string; readonly film: string } {
  const frames = Array.from({ length: 2 * LENGTH }, (_, frame) => ({ episode: Math.floor(frame / LENGTH), within: frame % LENGTH }));
  const root = madeFolder({
    'meta/info.json': JSON.stringify({
      codebase_version: 'v3.0', fps: FPS, total_episodes: 2, total_frames: 2 * LENGTH, splits: { train: '0:2' },
      data_path: 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet', video_path: 'videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4',
      features: {
        'observation.images.top': { dtype: 'video', shape: [24, 32, 3] },
        'observation.state': { dtype: 'float32', shape: [3], names: ['shoulder', 'elbow', 'gripper.pos'] },
        action: { dtype: 'float32', shape: [2], names: { motors: ['a', 'b'] } },
      },
    }),
  });
  addFiles(root, {
    'meta/episodes/chunk-000/file-000.parquet': parquet([
      { name: 'episode_index', data: [0n, 1n], type: 'INT64' },
      { name: 'tasks', data: [['pick'], ['place']], type: 'JSON' },
      { name: 'length', data: [BigInt(LENGTH), BigInt(LENGTH)], type: 'INT64' },
      { name: 'data/chunk_index', data: [0n, 0n], type: 'INT64' },
      { name: 'data/file_index', data: [0n, 0n], type: 'INT64' },
      { name: 'videos/observation.images.top/chunk_index', data: [0n, 0n], type: 'INT64' },
      { name: 'videos/observation.images.top/file_index', data: [0n, 0n], type: 'INT64' },
      { name: 'videos/observation.images.top/from_timestamp', data: [0, LENGTH / FPS], type: 'DOUBLE' },
      { name: 'videos/observation.images.top/to_timestamp', data: [LENGTH / FPS, (2 * LENGTH) / FPS], type: 'DOUBLE' },
    ]),
    'data/chunk-000/file-000.parquet': parquet([
      { name: 'observation.state', data: frames.map(({ within }) => [Math.sin(within / 3), Math.cos(within / 3), within / LENGTH]), type: 'JSON' },
      { name: 'action', data: frames.map(({ within }) => [within, -within]), type: 'JSON' },
      { name: 'timestamp', data: frames.map(({ within }) => within / FPS), type: 'DOUBLE' },
      { name: 'episode_index', data: frames.map(({ episode }) => BigInt(episode)), type: 'INT64' },
      { name: 'frame_index', data: frames.map(({ within }) => BigInt(within)), type: 'INT64' },
    ]),
    'notes.txt': lines('x'),
  });
  const film = join(root, 'videos/observation.images.top/chunk-000/file-000.mp4');
  mkdirSync(dirname(film), { recursive: true });
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `color=black:s=32x24:r=${FPS}:d=${(2 * LENGTH) / FPS},format=gray,geq=lum='5*N+20'`, '-c:v', 'libx264', '-g', '7', '-pix_fmt', 'yuv420p', '-color_range', 'pc', film]);
  return { root, data: join(root, 'data/chunk-000/file-000.parquet'), film };
}

/** A frame of a film by its number, counted from its beginning. */
export function frameOf(film: string, frame: number): Uint8Array {
  return execFileSync('ffmpeg', ['-v', 'error', '-i', film, '-vf', `select=eq(n\\,${frame}),format=yuvj420p`, '-frames:v', '1', '-q:v', '3', '-c:v', 'mjpeg', '-f', 'image2pipe', 'pipe:1']);
}
