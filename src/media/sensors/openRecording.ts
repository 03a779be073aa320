import { openBytes } from '../arrays/fileBytes.ts';
import type { FilePart } from '../filePart.ts';
import type { Recording } from './recording.ts';
import { SensorError } from './sensorError.ts';

/** Opens a recording by its first bytes. Rejects with a `SensorError` or a `MediaError`. */
export async function openRecording(where: FilePart | string): Promise<Recording> {
  const part = typeof where === 'string' ? { file: where } : where;
  const bytes = openBytes(part);
  const start = bytes.reader().read(0, 64).toString('latin1');
  bytes.close();
  if (start.startsWith('\x89MCAP')) {
    return (await import('./mcapRecording.ts')).openMcap(part);
  }
  if (start.startsWith('#ROSBAG V')) {
    if (!start.startsWith('#ROSBAG V2.0\n')) {
      throw new SensorError('unsupported', `It is a bag of version ${start.slice(9, 12)}; 2.0 is read. rosbag fix converts it.`);
    }
    return (await import('./rosBag.ts')).openRosBag(part);
  }
  if (start.startsWith('SQLite format 3\0')) {
    return (await import('./sqliteBag.ts')).openSqliteBag(part);
  }
  if (start.startsWith('version https://git-lfs.github.com/spec/')) {
    throw new SensorError('malformed', 'It is a pointer of Git LFS, not the data: run git lfs pull.');
  }
  throw new SensorError('malformed', start === '' ? 'It is empty.' : 'It starts like no recording: MCAP, rosbag2 in SQLite, and ROS 1 bags are read.');
}
