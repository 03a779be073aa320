import { isRecord } from '../../../base/isRecord.ts';
import type { RuleCode } from '../../../media/rules/index.ts';
import type { Finding } from '../../../media/rules/rule.ts';
import { quoted } from '../../../media/rules/rule.ts';
import type { RowValue } from '../forms/form.ts';
import type { KeySpec, ManifestKind } from './kind.ts';

const YOLO_KEYS: readonly KeySpec[] = [
  { name: 'path', type: 'string', help: 'Folder that the others are relative to.' },
  { name: 'train', type: 'any', needed: true, help: 'Folder of pictures, list of them, or several of either.' },
  { name: 'val', type: 'any', needed: true, help: 'As train; what training is measured on.' },
  { name: 'test', type: 'any', help: 'As train; optional.' },
  { name: 'nc', type: 'number', help: 'Count of classes; may be left out.' },
  { name: 'names', type: 'any', needed: true, help: 'Classes, as a list or as a map from their numbers.' },
  { name: 'kpt_shape', type: 'list', help: 'Of poses: how many points, and 2 or 3 numbers of each.' },
  { name: 'flip_idx', type: 'list', help: 'Of poses: which point each becomes in a mirror.' },
  { name: 'download', type: 'string', help: 'Where the data come from.' },
];

/** Ultralytics' data.yaml. Where its folders are is told by `documentChecks.ts`. */
export const yolo: ManifestKind = {
  id: 'yolo',
  title: 'YOLO data.yaml',
  isClosed: true,
  keys: () => YOLO_KEYS,
  paths: () => [],
  subject: () => ({}),
  check({ nc, names }) {
    const findings: Finding<RuleCode>[] = [];
    const list = Array.isArray(names) ? names : isRecord(names) ? Object.values(names) : undefined;
    if (names !== undefined && list === undefined) {
      findings.push({ code: 'row/type', key: 'names', message: `names is ${quoted(names)} and no list of classes.` });
    }
    if (nc !== undefined && list !== undefined && nc !== list.length) {
      findings.push({ code: 'yolo/names', key: 'nc', message: `nc is ${quoted(nc)}, and there are ${list.length} names.`, mends: [{ do: 'set', value: list.length }, { do: 'removeKey' }] });
    }
    const gap = isRecord(names) ? Object.keys(names).findIndex((key, index) => key !== String(index)) : -1;
    if (gap >= 0 && isRecord(names)) {
      findings.push({ code: 'yolo/names', key: 'names', at: ['names', Object.keys(names)[gap] ?? ''], part: 'key', message: `Classes are counted from 0 without a gap; ${gap} is missing here.` });
    }
    const twice = list?.findIndex((name, index) => list.indexOf(name) < index) ?? -1;
    if (twice >= 0 && list) {
      const key = isRecord(names) ? (Object.keys(names)[twice] ?? '') : twice;
      findings.push({ code: 'yolo/names', key: 'names', at: ['names', key], message: `The class ${quoted(list[twice])} is there twice.` });
    }
    return findings;
  },
};

const LEROBOT_KEYS: readonly KeySpec[] = [
  { name: 'codebase_version', type: 'string', needed: true, values: ['v2.0', 'v2.1', 'v3.0'], help: 'Which layout the files have.' },
  { name: 'robot_type', type: 'any', help: 'Name of the robot.' },
  { name: 'total_episodes', type: 'number', needed: true, help: 'Episodes in all.' },
  { name: 'total_frames', type: 'number', needed: true, help: 'Frames in all.' },
  { name: 'total_tasks', type: 'number', help: 'Tasks in all.' },
  { name: 'total_videos', type: 'number', help: 'Videos in all (v2).' },
  { name: 'total_chunks', type: 'number', help: 'Chunks in all (v2).' },
  { name: 'chunks_size', type: 'number', help: 'Episodes of a chunk.' },
  { name: 'fps', type: 'number', needed: true, help: 'Frames a second.' },
  { name: 'splits', type: 'object', help: 'From a split to its episodes: "0:50".' },
  { name: 'data_path', type: 'string', needed: true, help: 'Template of the Parquet files’ paths.' },
  { name: 'video_path', type: 'any', help: 'Template of the videos’ paths.' },
  { name: 'features', type: 'object', needed: true, help: 'From a name to its dtype, shape and names.' },
];

const DTYPES = new Set(['video', 'image', 'float32', 'float64', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'bool', 'string']);

/** LeRobot's meta/info.json. */
export const leRobot: ManifestKind = {
  id: 'lerobot',
  title: 'LeRobot info.json',
  isClosed: true,
  keys: () => LEROBOT_KEYS,
  paths: () => [],
  subject: () => ({}),
  check: (value) => [...checkLayout(value), ...checkSplitRanges(value), ...checkFeatures(value.features)],
};

function checkLayout({ codebase_version: version, data_path: data, fps }: RowValue): Finding<RuleCode>[] {
  const findings: Finding<RuleCode>[] = [];
  if (typeof version === 'string' && typeof data === 'string' && version.startsWith('v3') !== data.includes('file_index') && /episode|file_index/.test(data)) {
    findings.push({ code: 'lerobot/version', key: 'data_path', message: `codebase_version is ${version}, and data_path is that of ${data.includes('file_index') ? 'v3.0' : 'v2.1'}.` });
  }
  if (typeof fps === 'number' && !(fps > 0)) {
    findings.push({ code: 'lerobot/info', key: 'fps', message: `fps is ${fps} and has to be above 0.` });
  }
  return findings;
}

function checkSplitRanges({ splits, total_episodes: total }: RowValue): Finding<RuleCode>[] {
  if (!isRecord(splits)) {
    return [];
  }
  const ranges = Object.entries(splits).map(([name, range]) => ({ name, range, match: /^(\d+):(\d+)$/.exec(String(range)) }));
  return ranges.flatMap(({ name, range, match }): Finding<RuleCode>[] => {
    const at = ['splits', name];
    if (match === null) {
      return [{ code: 'lerobot/info', key: 'splits', at, message: `The split ${name} is ${quoted(range)} and no range such as "0:50".` }];
    }
    const [from, to] = [Number(match[1]), Number(match[2])];
    if (typeof total === 'number' && to > total) {
      return [{ code: 'lerobot/totals', key: 'splits', at, message: `The split ${name} ends at episode ${to}, and there are ${total}.`, ...(from < total && { mends: [{ do: 'set', value: `${from}:${total}` }] }) }];
    }
    const other = ranges.find((candidate) => candidate.name !== name && candidate.match !== null && Number(candidate.match[1]) < to && from < Number(candidate.match[2]));
    return other !== undefined && other.name < name ? [{ code: 'split/same-path', key: 'splits', at, message: `The splits ${other.name} and ${name} share episodes.` }] : [];
  });
}

function checkFeatures(features: unknown): Finding<RuleCode>[] {
  if (!isRecord(features)) {
    return [];
  }
  return Object.entries(features).flatMap(([name, feature]): Finding<RuleCode>[] => {
    const at = ['features', name];
    if (!isRecord(feature)) {
      return [{ code: 'lerobot/feature', key: 'features', at, message: `The feature ${name} is ${quoted(feature)} and no object with dtype and shape.` }];
    }
    const { dtype, shape, names } = feature;
    if (typeof dtype !== 'string' || !DTYPES.has(dtype)) {
      return [{ code: 'lerobot/feature', key: 'features', at: dtype === undefined ? at : [...at, 'dtype'], message: `The dtype of ${name} is ${quoted(dtype ?? null)}, which LeRobot does not know.` }];
    }
    if (!Array.isArray(shape) || shape.some((size) => !Number.isInteger(size) || size < 1)) {
      return [{ code: 'lerobot/feature', key: 'features', at: shape === undefined ? at : [...at, 'shape'], message: `The shape of ${name} is ${quoted(shape ?? null)} and no list of whole numbers above 0.` }];
    }
    return Array.isArray(names) && dtype !== 'video' && dtype !== 'image' && shape.length === 1 && names.length !== shape[0]
      ? [{ code: 'lerobot/feature', key: 'features', at: [...at, 'names'], message: `${name} has the shape ${quoted(shape)} and ${names.length} names.` }]
      : [];
  });
}
