import { checkText } from '../../../media/rules/row.ts';
import { checkCommonVoiceRow, checkKaldiSegment, checkLjSpeechLine, checkStatedDuration } from '../../../media/rules/speech.ts';
import type { RuleCode } from '../../../media/rules/index.ts';
import type { Finding } from '../../../media/rules/rule.ts';
import type { Layout } from '../forms/form.ts';
import type { KeySpec, ManifestKind } from './kind.ts';
import { lengthOf, subjectOf, textOf, wordOf } from './kind.ts';

const COMMON_VOICE_KEYS: readonly KeySpec[] = [
  { name: 'client_id', type: 'string', needed: true, help: 'Who speaks, as a hash.' },
  { name: 'path', type: 'path', needed: true, help: 'The clip’s name in clips/.' },
  { name: 'sentence', type: 'string', needed: true, help: 'What was read.' },
  { name: 'up_votes', type: 'number', help: 'How many listeners said that it is right.' },
  { name: 'down_votes', type: 'number', help: 'How many listeners said that it is wrong.' },
];

/** Mozilla Common Voice: a table without quoting, clips in a folder beside it. */
export const commonVoice: ManifestKind = {
  id: 'common-voice',
  title: 'Common Voice',
  isText: true,
  keys: () => COMMON_VOICE_KEYS,
  texts: [{ key: 'sentence', needed: true }],
  folders: ['clips', '.'],
  paths: (value) => (textOf(value.path) === undefined ? [] : [{ at: ['path'], path: String(value.path) }]),
  subject: (value) => subjectOf({ identity: textOf(value.path), id: undefined, speaker: textOf(value.client_id), split: undefined, label: undefined, length: undefined }),
  check: (value) => checkCommonVoiceRow(value),
};

/** LJSpeech's metadata.csv: id|text|normalised text. */
export const ljSpeech: ManifestKind = {
  id: 'ljspeech',
  title: 'LJSpeech',
  isText: true,
  keys: () => [
    { name: 'id', type: 'string', help: 'Name of the sound in wavs/, without .wav.' },
    { name: 'text', type: 'string', help: 'What was read.' },
    { name: 'normalized', type: 'string', help: 'The same with numbers and abbreviations in words.' },
  ],
  texts: [{ key: 'text', needed: true }],
  paths: (value) => (textOf(value.id) === undefined || value.text === undefined ? [] : [{ at: ['id'], path: `wavs/${String(value.id)}.wav` }]),
  subject: (value) => subjectOf({ id: textOf(value.id), identity: undefined, speaker: undefined, split: undefined, label: undefined, length: undefined }),
  check: (value, { index }) => checkLjSpeechLine(Object.values(value).join('|'), index === 0),
};

const KALDI_KEYS: readonly KeySpec[] = [
  { name: 'id', type: 'string', help: 'Of the utterance, recording or speaker; lines are sorted by it in the C locale.' },
  { name: 'path', type: 'path', help: 'The sound, or a command that ends with |.' },
  { name: 'recording', type: 'string', help: 'Id of the recording in wav.scp.' },
  { name: 'start', type: 'number', help: 'Seconds from the start of the recording.' },
  { name: 'end', type: 'number', help: 'Seconds; -1 for the end of the recording.' },
  { name: 'duration', type: 'number', help: 'Seconds.' },
  { name: 'speaker', type: 'string', help: 'Id of the speaker.' },
  { name: 'gender', type: 'string', values: ['m', 'f'], help: 'm or f.' },
];

/** The files of a data folder of Kaldi's recipes. */
export const kaldi: ManifestKind = {
  id: 'kaldi',
  title: 'Kaldi data file',
  isText: true,
  keys: () => KALDI_KEYS,
  folders: ['.', '..', '../..', '../../..'],
  paths(value, _section, { name }) {
    const path = textOf(value.path);
    return (name !== 'wav.scp' && name !== 'feats.scp') || path === undefined || path.endsWith('|') || /\s/.test(path) ? [] : [{ at: ['path'], path: path.replace(/:\d+$/, '') }];
  },
  subject: (value, _section, { name }) => subjectOf({ id: textOf(value.id), identity: undefined, speaker: name === 'utt2spk' ? wordOf(value.speaker) : undefined, split: undefined, label: undefined, length: name === 'segments' ? lengthOf(Number(value.end) - Number(value.start)) : lengthOf(value.duration) }),
  check: (value, { layout, header }) => checkLine(value, layout, header?.duration),
};

function checkLine(row: Readonly<Record<string, unknown>>, { name = '' }: Layout, length: number | undefined): Finding<RuleCode>[] {
  // All fields of Kaldi's files are texts.
  const value = row as Readonly<Record<string, string | undefined>>;
  switch (name) {
    case 'segments':
      return value.recording === undefined ? [] : checkKaldiSegment([value.recording, value.start, value.end].filter((field) => field !== undefined).join(' '), length).map((finding) => ({ ...finding, key: 'end', ...(finding.code === 'kaldi/segment-beyond-end' && length !== undefined && { mends: [{ do: 'set', value: length.toFixed(2) }] }) }));
    case 'wav.scp': {
      const path = textOf(value.path) ?? '';
      return /\s/.test(path) && !path.endsWith('|') ? [{ code: 'kaldi/pipe-missing', key: 'path', message: `${path.split(/\s+/)[0]} … is a command without | at its end.`, mends: [{ do: 'set', value: `${path} |` }] }] : [];
    }
    case 'text':
      return checkText(textOf(value.text) ?? '', 'text', false);
    case 'utt2dur':
    case 'reco2dur':
      return value.duration !== undefined && lengthOf(value.duration) === undefined ? [{ code: 'row/type', key: 'duration', message: `${value.duration} is no number of seconds above 0.` }] : checkStatedDuration(lengthOf(value.duration) ?? 0, length, `${name} of ${value.id}`).map((finding) => ({ ...finding, key: 'duration', mends: [{ do: 'set', value: (length ?? 0).toFixed(2) }] }));
    case 'spk2gender':
      return value.gender !== undefined && !/^[mf]$/.test(value.gender) ? [{ code: 'row/type', key: 'gender', message: `${value.gender} is neither m nor f.`, mends: /^[mf]/i.test(value.gender) ? [{ do: 'set', value: value.gender.slice(0, 1).toLowerCase() }] : [] }] : [];
    default:
      return [];
  }
}
