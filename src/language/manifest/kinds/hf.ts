import { checkCocoBox } from '../../../media/rules/boxes.ts';
import { checkHfColumns, isFileKey } from '../../../media/rules/huggingFace.ts';
import { isRecord } from '../../../base/isRecord.ts';
import type { RuleCode } from '../../../media/rules/index.ts';
import type { Finding } from '../../../media/rules/rule.ts';
import type { KeySpec, ManifestKind } from './kind.ts';
import { lengthOf, subjectOf, textOf, wordOf } from './kind.ts';

const KEYS: readonly KeySpec[] = [
  { name: 'file_name', type: 'path', help: 'The file, relative to the folder of the metadata file.' },
  { name: 'text', type: 'string', help: 'Caption or transcript.' },
  { name: 'caption', type: 'string', help: 'Caption.' },
  { name: 'transcription', type: 'string', help: 'Transcript.' },
  { name: 'label', type: 'any', help: 'Class.' },
  { name: 'objects', type: 'object', help: 'Boxes and categories: { bbox: [[x, y, width, height], …], categories: […] }.' },
  { name: 'split', type: 'string', values: ['train', 'validation', 'test'], help: 'A column only: splits are told by folders.' },
  { name: 'speaker_id', type: 'any', help: 'Who speaks.' },
  { name: 'duration', type: 'number', help: 'Length in seconds.' },
];

/** metadata.csv and metadata.jsonl of ImageFolder, AudioFolder and VideoFolder. */
export const hf: ManifestKind = {
  id: 'hf',
  title: 'Hugging Face metadata',
  isClosed: true,
  keys: () => KEYS,
  texts: [{ key: 'text', needed: true }, { key: 'caption', needed: true }, { key: 'transcription', needed: true }],
  paths(value) {
    return Object.entries(value).flatMap(([key, cell]) => (isFileKey(key) ? (Array.isArray(cell) ? cell.flatMap((path, index) => (textOf(path) === undefined ? [] : [{ at: [key, index], path: String(path) }])) : textOf(cell) === undefined ? [] : [{ at: [key], path: String(cell) }]) : []));
  },
  subject: (value) =>
    subjectOf({
      identity: JSON.stringify(Object.entries(value).filter(([key]) => isFileKey(key))),
      speaker: wordOf(value.speaker_id) ?? wordOf(value.speaker),
      split: wordOf(value.split),
      label: wordOf(value.label),
      length: lengthOf(value.duration),
      id: undefined,
    }),
  check(value, { header, layout }) {
    const named = Object.keys(value);
    const columns: Finding<RuleCode>[] = layout.names === undefined ? checkHfColumns(named).map((finding) => (finding.key === undefined ? finding : { ...finding, at: [finding.key], part: 'key', mends: [{ do: 'rename', to: 'file_name' }] })) : [];
    const empty = Object.entries(value).flatMap(([key, cell]): Finding<RuleCode>[] => (isFileKey(key) && (cell === '' || cell === null) ? [{ code: 'row/key-missing', key, message: `${key} is empty.`, mends: [{ do: 'removeRow' }] }] : []));
    return [...columns, ...empty, ...checkBoxes(value.objects, header?.size)];
  },
};

function checkBoxes(objects: unknown, size: { readonly width: number; readonly height: number } | undefined): Finding<RuleCode>[] {
  if (!isRecord(objects)) {
    return [];
  }
  const { bbox, categories } = objects;
  const labels = categories ?? objects.category;
  const findings = Array.isArray(bbox) ? bbox.flatMap((box: unknown, index) => checkCocoBox(box, size).map((finding): Finding<RuleCode> => ({ ...finding, key: 'objects', at: ['objects', 'bbox', index], mends: (finding.mends ?? []).filter((mend) => mend.do === 'set') }))) : [];
  return Array.isArray(bbox) && Array.isArray(labels) && bbox.length !== labels.length
    ? [...findings, { code: 'row/type', key: 'objects', at: ['objects'], message: `objects has ${bbox.length} boxes and ${labels.length} categories.` }]
    : findings;
}
