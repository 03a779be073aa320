import { checkNemoRow } from '../../../media/rules/nemo.ts';
import type { RuleCode } from '../../../media/rules/index.ts';
import type { Finding } from '../../../media/rules/rule.ts';
import { quoted, seconds } from '../../../media/rules/rule.ts';
import type { RowValue } from '../forms/form.ts';
import type { HeaderFacts, KeySpec, ManifestKind } from './kind.ts';
import { lengthOf, subjectOf, textOf, timesOf, wordOf } from './kind.ts';

const PATHS = ['audio_filepath', 'input_filepath', 'target_filepath', 'text_filepath', 'noisy_filepath', 'clean_filepath', 'rttm_filepath', 'ctm_filepath'];

const KEYS: readonly KeySpec[] = [
  { name: 'audio_filepath', type: 'path', needed: true, help: 'The sound, absolute or relative to the manifest’s folder.' },
  { name: 'duration', type: 'number', needed: true, help: 'Length in seconds, above 0; of the segment where there is an offset.' },
  { name: 'text', type: 'string', help: 'The transcript.' },
  { name: 'text_filepath', type: 'path', help: 'A file with the transcript, in place of text.' },
  { name: 'offset', type: 'number', help: 'Seconds from the start of the file to the segment.' },
  { name: 'label', type: 'string', help: 'Class, of classification and diarisation.' },
  { name: 'command', type: 'string', help: 'Class of a speech command.' },
  { name: 'speaker', type: 'any', help: 'Who speaks, as a name or a number.' },
  { name: 'lang', type: 'string', help: 'Language code.' },
  { name: 'source_lang', type: 'string', help: 'Language that is spoken (Canary).' },
  { name: 'target_lang', type: 'string', help: 'Language of the text (Canary).' },
  { name: 'taskname', type: 'string', values: ['asr', 'ast', 's2t_translation'], help: 'What is to be done (Canary).' },
  { name: 'task', type: 'string', values: ['asr', 'ast', 's2t_translation'], help: 'What is to be done (Canary).' },
  { name: 'pnc', type: 'string', values: ['yes', 'no'], help: 'Whether the text has punctuation and capitals (Canary).' },
  { name: 'answer', type: 'string', help: 'What the model is to say, in place of text (SpeechLLM).' },
  { name: 'context', type: 'string', help: 'What the model is told (SpeechLLM).' },
  { name: 'shard_id', type: 'number', help: 'Which tar of a tarred dataset the sound lies in.' },
  { name: 'num_speakers', type: 'number', help: 'Speakers in the file, of diarisation.' },
  { name: 'rttm_filepath', type: 'path', help: 'Who speaks when, of diarisation.' },
  { name: 'pred_text', type: 'string', help: 'A transcript that a model has made.' },
];

const PAIR_KEYS: readonly KeySpec[] = [
  { name: 'input_filepath', type: 'path', needed: true, help: 'The sound that goes in.' },
  { name: 'target_filepath', type: 'path', help: 'The sound that is to come out.' },
  ...KEYS.filter(({ name }) => name !== 'audio_filepath').map((key) => ({ ...key, needed: false })),
];

/** NVIDIA NeMo: a JSON object a line. */
export const nemo: ManifestKind = {
  id: 'nemo',
  title: 'NeMo manifest',
  isClosed: true,
  keys: () => KEYS,
  texts: [{ key: 'text', needed: true }, { key: 'answer', needed: false }],
  paths: (value) => (value.shard_id === undefined ? PATHS.flatMap((key) => (textOf(value[key]) === undefined ? [] : [{ at: [key], path: String(value[key]) }])) : []),
  subject(value) {
    const path = textOf(value.audio_filepath) ?? textOf(value.input_filepath);
    return subjectOf({
      identity: path === undefined ? undefined : `${path}\u0000${timesOf(value).join('\u0000')}`,
      speaker: wordOf(value.speaker),
      split: wordOf(value.split),
      label: wordOf(value.label) ?? wordOf(value.command),
      length: lengthOf(value.duration),
      id: wordOf(value.id) ?? wordOf(value.utt_id),
    });
  },
  check: (value, { header }) => [...checkNemoRow(value, header?.duration), ...checkOffset(value, header)],
};

/** NeMo's manifests of pairs, for speech enhancement. */
export const nemoPairs: ManifestKind = { ...nemo, keys: () => PAIR_KEYS };

function checkOffset({ offset }: RowValue, header: HeaderFacts | undefined): Finding<RuleCode>[] {
  if (offset === undefined || offset === null) {
    return [];
  }
  const number = typeof offset === 'string' && offset.trim() !== '' ? Number(offset) : NaN;
  if (typeof offset !== 'number' || !(offset >= 0)) {
    return [{ code: 'row/offset', key: 'offset', message: `offset is ${quoted(offset)} and no number of seconds from 0 on.`, mends: [number >= 0 ? { do: 'set', value: number } : { do: 'removeKey' }] }];
  }
  return header?.duration !== undefined && offset >= header.duration ? [{ code: 'row/offset', key: 'offset', message: `offset is ${seconds(offset)}, the file ends at ${seconds(header.duration)}.`, mends: [{ do: 'removeRow' }] }] : [];
}
