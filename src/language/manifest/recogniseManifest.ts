import type { DocumentLook, Recogniser } from '../recogniser.ts';
import type { FormId } from './forms/form.ts';
import type { KindId } from './kinds/kind.ts';
import { PATH_COLUMNS } from './kinds/pathColumns.ts';

export interface RecognisedManifest {
  readonly kind: KindId;
  readonly form: FormId;
}

const KALDI = /^(?:wav\.scp|feats\.scp|segments|utt2spk|spk2utt|utt2dur|reco2dur|spk2gender|utt2num_frames|utt2lang)$/;
const MEDIUM = /[\w)-]\.(?:wav|flac|mp3|ogg|opus|m4a|sph|jpe?g|png|webp|gif|tiff?|bmp|mp4|mkv|webm|mov|avi)(?=["'\s,;|\t\]]|$)/im;
const TURNS = /"(?:conversations?|messages)"\s*:\s*\[/;

/** Manifests, by their names and first characters. */
export const manifests: Recogniser = {
  id: 'manifest',
  languages: ['jsonl', 'ndjson', 'json', 'jsonc', 'csv', 'tsv', 'csv (semicolon)', 'csv (pipe)', 'dynamic csv', 'plaintext', 'yaml', 'log'],
  recognises: (look) => recogniseManifest(look) !== undefined,
};

export function recogniseManifest({ uri, path, language, head }: Pick<DocumentLook, 'uri' | 'path' | 'language' | 'head'>): RecognisedManifest | undefined {
  const name = (path ?? uri).slice((path ?? uri).lastIndexOf('/') + 1);
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const text = head.charCodeAt(0) === 0xfeff ? head.slice(1) : head;
  if (extension === 'jsonl' || extension === 'ndjson' || language === 'jsonl' || language === 'ndjson') {
    return jsonLines(name, text);
  }
  if (extension === 'json' || language === 'json' || language === 'jsonc') {
    return jsonDocument(name, text);
  }
  if (extension === 'csv' || extension === 'tsv' || language.includes('csv') || language === 'tsv') {
    return table(name, text);
  }
  if (extension === 'yaml' || extension === 'yml' || language === 'yaml') {
    return /^names\s*:/m.test(text) && /^(?:train|val)\s*:/m.test(text) ? { kind: 'yolo', form: 'yaml' } : undefined;
  }
  return isKaldi(name, text) ? { kind: 'kaldi', form: 'kaldi' } : undefined;
}

function jsonLines(name: string, text: string): RecognisedManifest | undefined {
  const first = text.slice(0, Math.max(text.indexOf('\n'), 0) || text.length);
  const start = text.trimStart()[0];
  if (start !== '{' && start !== '"' && start !== '[' && text.trim() !== '') {
    return undefined;
  }
  if (/^\s*\[\s*(?:\{|$)/.test(first) && !first.trimEnd().endsWith(']')) {
    return arrayOf(text) ?? { kind: 'table', form: 'json' };
  }
  return { kind: kindOf(name, text.slice(0, 16_384)), form: 'jsonl' };
}

function kindOf(name: string, text: string): KindId {
  return /^metadata\.jsonl$/.test(name)
    ? 'hf'
    : /"(?:audio_filepath|input_filepath)"\s*:/.test(text)
      ? 'nemo'
      : TURNS.test(text)
        ? 'conversations'
        : /^\s*\{[^\n]*"(?:\w+_)?file_names?"\s*:/.test(text)
          ? 'hf'
          : 'table';
}

/** Of .json files only what is surely a manifest. */
function jsonDocument(name: string, text: string): RecognisedManifest | undefined {
  if (name === 'info.json' && /"codebase_version"\s*:/.test(text) && /"features"\s*:/.test(text)) {
    return { kind: 'lerobot', form: 'json' };
  }
  const [first = '', second = ''] = text.trimStart().split('\n', 2);
  if (/^\{.*\}\s*$/.test(first) && (second.trim() === '' || second.startsWith('{')) && /"(?:audio_filepath|input_filepath)"\s*:/.test(first)) {
    return { kind: 'nemo', form: 'jsonl' };
  }
  if (/^\s*\[/.test(text)) {
    return arrayOf(text);
  }
  const isCoco = /^\s*\{/.test(text) && (/"annotations"\s*:\s*\[/.test(text) || /"categories"\s*:\s*\[/.test(text)) && (/"images"\s*:\s*\[/.test(text) || /"image_id"\s*:/.test(text));
  return isCoco || /^\s*\{(?:(?!"images").){0,4000}"images"\s*:\s*\[\s*\{[^[\]]*"file_name"\s*:/s.test(text) ? { kind: 'coco', form: 'json' } : undefined;
}

function arrayOf(text: string): RecognisedManifest | undefined {
  const lead = text.slice(0, 16_384);
  return TURNS.test(lead) ? { kind: 'conversations', form: 'json' } : /^\s*\[\s*\{[^{}]*"audio_filepath"\s*:/.test(lead) ? { kind: 'nemo', form: 'json' } : undefined;
}

function table(name: string, text: string): RecognisedManifest | undefined {
  const [header = '', ...rows] = text.slice(0, 8192).split(/\r?\n/);
  if (header.startsWith('client_id\t')) {
    return { kind: 'common-voice', form: 'table' };
  }
  if (/^metadata\.csv$/.test(name)) {
    return /^[^,"|]*\|/.test(header) ? { kind: 'ljspeech', form: 'table' } : { kind: 'hf', form: 'table' };
  }
  const names = header.split(/[,\t;|]/).map((cell) => cell.trim().replace(/^"|"$/g, '').toLowerCase());
  return names.some((cell) => PATH_COLUMNS.has(cell)) || MEDIUM.test(rows.slice(0, 10).join('\n')) ? { kind: 'table', form: 'table' } : undefined;
}

function isKaldi(name: string, text: string): boolean {
  if (KALDI.test(name)) {
    return true;
  }
  const lines = text.split('\n', 12).filter((line) => line !== '');
  return name === 'text' && lines.length > 0 && lines.slice(0, 10).every((line) => /^\S*[-_\d]\S*(?:\s+\S.*)?$/.test(line));
}
