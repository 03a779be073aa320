import type { Finding, Rules } from './rule.ts';
import { quoted } from './rule.ts';

export const NUSCENES_RULES = {
  'nuscenes/table-missing': { severity: 'error', title: 'Table is missing', help: 'The devkit reads all thirteen tables of a version when it starts, and stops at the first that is not there.' },
  'nuscenes/token-dangling': { severity: 'error', title: 'Token of a record that is not there', help: 'The devkit looks it up and stops with a KeyError.' },
  'nuscenes/duplicate-token': { severity: 'error', title: 'Token is there twice', help: 'The devkit keeps records by token and loses one of the two.' },
  'nuscenes/file-missing': { severity: 'error', title: 'Recording of a sensor is missing', help: 'filename is relative to the data set’s folder: an archive of samples or sweeps was not unpacked there.' },
  'nuscenes/sensor-missing': { severity: 'warning', title: 'Key frame without one of the sensors', help: 'Other key frames have it: models that fuse sensors stop at this one.' },
  'nuscenes/lidar-size': { severity: 'error', title: 'Point cloud is cut short', help: 'A point is five float32, 20 bytes; the size is no multiple of it.' },
} as const satisfies Rules;

type Code = keyof typeof NUSCENES_RULES;

/** Keys of a table's records that hold tokens, and the tables that these are of. */
export const NUSCENES_LINKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sample: { scene_token: 'scene', next: 'sample', prev: 'sample' },
  sample_data: { sample_token: 'sample', ego_pose_token: 'ego_pose', calibrated_sensor_token: 'calibrated_sensor', next: 'sample_data', prev: 'sample_data' },
  sample_annotation: { sample_token: 'sample', instance_token: 'instance', visibility_token: 'visibility' },
  calibrated_sensor: { sensor_token: 'sensor' },
  scene: { log_token: 'log', first_sample_token: 'sample', last_sample_token: 'sample' },
  instance: { category_token: 'category' },
};

export const NUSCENES_TABLES = ['attribute', 'calibrated_sensor', 'category', 'ego_pose', 'instance', 'log', 'map', 'sample', 'sample_annotation', 'sample_data', 'scene', 'sensor', 'visibility'] as const;

/** The tokens of one record; `has` is asked for the tables that could be read, an empty token stands for none. */
export function checkNuscenesLinks(table: string, record: Readonly<Record<string, unknown>>, has: (table: string, token: string) => boolean): Finding<Code>[] {
  return Object.entries(NUSCENES_LINKS[table] ?? {}).flatMap(([key, other]): Finding<Code>[] => {
    const token = record[key];
    return typeof token !== 'string' || token === '' || has(other, token) ? [] : [{ code: 'nuscenes/token-dangling', key, message: `${key} ${quoted(token)} is the token of no record of ${other}.json.` }];
  });
}

/** Sensors of one key frame against those of the others. */
export function checkNuscenesSensors(channels: ReadonlySet<string>, usual: readonly string[]): Finding<Code>[] {
  const lacking = usual.filter((channel) => !channels.has(channel));
  return lacking.length === 0 ? [] : [{ code: 'nuscenes/sensor-missing', message: `The key frame has no ${lacking.join(', no ')}.` }];
}

/** Bytes of a `.pcd.bin` of a lidar. */
export function checkNuscenesLidar(name: string, bytes: number): Finding<Code>[] {
  return bytes % 20 === 0 ? [] : [{ code: 'nuscenes/lidar-size', message: `${name} has ${bytes} bytes, which is no multiple of 20.` }];
}
