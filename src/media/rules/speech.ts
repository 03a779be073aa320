import type { Finding, Rules } from './rule.ts';
import { quoted, seconds } from './rule.ts';

export const SPEECH_RULES = {
  'kaldi/unsorted': { severity: 'error', title: 'File is not sorted', help: 'Kaldi joins files line by line and needs all of them sorted by id in the C locale: LC_ALL=C sort, or utils/fix_data_dir.sh.' },
  'kaldi/duplicate-id': { severity: 'error', title: 'Id is there twice', help: 'Each id may stand in a file once.' },
  'kaldi/id-missing': { severity: 'error', title: 'Id is in one file and not in the other', help: 'The files of a data folder have to have the same ids; utils/fix_data_dir.sh drops what is not in all of them.' },
  'kaldi/fields': { severity: 'error', title: 'Line has too few fields', help: 'An id without what belongs to it.' },
  'kaldi/tab': { severity: 'warning', title: 'Tab between the fields', help: 'Kaldi’s own scripts split at a space only, and take the tab into the id or the text.' },
  'kaldi/pipe-missing': { severity: 'error', title: 'Command without its pipe', help: 'A command in wav.scp has to end with |, or its words are taken for a file name.' },
  'kaldi/segment-times': { severity: 'error', title: 'Segment ends before it starts', help: 'The end has to lie behind the start.' },
  'kaldi/segment-beyond-end': { severity: 'error', title: 'Segment ends after the recording', help: 'The end lies behind the end of the audio.' },
  'kaldi/duration-mismatch': { severity: 'error', title: 'utt2dur differs from the file', help: 'Lengths in utt2dur are used for batches and statistics. Make them again from the audio.' },
  'common-voice/old-header': { severity: 'info', title: 'Column of an old release', help: 'Newer releases call the column accents; scripts for them find nothing.' },
  'common-voice/clip-extension': { severity: 'error', title: 'Clip is named without .mp3', help: 'The path column has to hold the whole file name.' },
  'common-voice/quotes': { severity: 'warning', title: 'Sentence begins with an open quotation mark', help: 'The tables are written without quoting: readers that know quotes swallow the following lines. Read them with QUOTE_NONE.' },
  'ljspeech/header': { severity: 'error', title: 'Header row', help: 'metadata.csv has no header: the first row is taken for a recording.' },
  'ljspeech/separator': { severity: 'error', title: 'Cells are not separated by |', help: 'LJSpeech’s metadata.csv has | between id, text and normalised text.' },
  'ljspeech/columns': { severity: 'warning', title: 'Row without normalised text', help: 'Recipes read the third cell and fail, or fall back to the raw text.' },
  'ljspeech/id-extension': { severity: 'error', title: 'Id with .wav', help: 'Readers add .wav themselves and look for a file with two of them.' },
  'ljspeech/quote': { severity: 'warning', title: 'Quotation mark without its other half', help: 'Readers that know quotes swallow the following rows; read the file without quoting.' },
  'librispeech/transcript-missing': { severity: 'error', title: 'Recording without a transcript', help: 'The chapter’s .trans.txt has no line for it.' },
  'librispeech/audio-missing': { severity: 'error', title: 'Transcript without a recording', help: 'The line names a recording that is not there.' },
  'librispeech/name': { severity: 'warning', title: 'Name differs from its folders', help: 'Names begin with the speaker and the chapter, which are the names of the folders too.' },
} as const satisfies Rules;

type Code = keyof typeof SPEECH_RULES;

/** A line of a Kaldi file, `before` being the id of the line before it. */
export function checkKaldiLine({ id, rest, line }: { readonly id: string; readonly rest: string; readonly line: string }, before: string | undefined): Finding<Code>[] {
  const findings: Finding<Code>[] = [];
  if (rest === '') {
    findings.push({ code: 'kaldi/fields', message: `${quoted(line)} has an id and nothing behind it.`, mends: [{ do: 'removeRow' }] });
  }
  if (line.includes('\t')) {
    findings.push({ code: 'kaldi/tab', message: `The fields of ${quoted(id)} are separated by a tab.`, span: spanOf(line, '\t'), mends: [{ do: 'rewrite', text: line.replace(/[\t ]+/g, ' ') }] });
  }
  if (before !== undefined && id === before) {
    findings.push({ code: 'kaldi/duplicate-id', message: `${quoted(id)} stands in the line before as well.`, span: [0, id.length], mends: [{ do: 'removeRow' }] });
  } else if (before !== undefined && Buffer.compare(Buffer.from(before), Buffer.from(id)) > 0) {
    findings.push({ code: 'kaldi/unsorted', message: `${quoted(id)} stands behind ${quoted(before)} and belongs before it.`, span: [0, id.length] });
  }
  return findings;
}

function spanOf(text: string, part: string): readonly [number, number] {
  const from = text.indexOf(part);
  return [from, from + part.length];
}

/** `utt reco start end`; `recording` is the recording's length in seconds, where it is known. */
export function checkKaldiSegment(rest: string, recording: number | undefined): Finding<Code>[] {
  const [, start, end] = rest.split(/\s+/);
  const from = Number(start);
  const to = Number(end);
  if (start === undefined || end === undefined || !Number.isFinite(from) || !Number.isFinite(to)) {
    return [{ code: 'kaldi/fields', message: `${quoted(rest)} is not a recording, a start and an end.` }];
  }
  if (to !== -1 && to <= from) {
    return [{ code: 'kaldi/segment-times', message: `The segment starts at ${seconds(from)} and ends at ${seconds(to)}.` }];
  }
  return recording !== undefined && to > recording + 0.05
    ? [{ code: 'kaldi/segment-beyond-end', message: `The segment ends at ${seconds(to)}, the recording at ${seconds(recording)}.` }]
    : [];
}

export function checkStatedDuration(stated: number, header: number | undefined, what: string): Finding<'kaldi/duration-mismatch'>[] {
  return header !== undefined && Math.abs(stated - header) > 0.05 ? [{ code: 'kaldi/duration-mismatch', message: `${what} says ${seconds(stated)}, the header ${seconds(header)}.` }] : [];
}

export function checkCommonVoiceRow(row: Readonly<Record<string, unknown>>): Finding<Code>[] {
  const findings: Finding<Code>[] = [];
  const { path, sentence } = row;
  if (typeof path === 'string' && path !== '' && !/\.\w{2,4}$/.test(path)) {
    findings.push({ code: 'common-voice/clip-extension', key: 'path', message: `path ${quoted(path)} has no extension.`, mends: [{ do: 'set', value: `${path}.mp3` }] });
  }
  if (typeof sentence === 'string' && sentence.startsWith('"') && (sentence.match(/"/g)?.length ?? 0) % 2 === 1) {
    findings.push({ code: 'common-voice/quotes', key: 'sentence', message: `sentence ${quoted(sentence)} begins with a quotation mark that is not closed.` });
  }
  return findings;
}

export function checkLjSpeechLine(line: string, isFirst: boolean): Finding<Code>[] {
  const cells = line.split('|');
  const [id = '', text = ''] = cells;
  if (cells.length === 1) {
    return [{ code: 'ljspeech/separator', message: `${quoted(line)} has no | in it.` }];
  }
  if (isFirst && /^(?:id|file|file_?name|file_?id|path|wav)$/i.test(id.trim())) {
    return [{ code: 'ljspeech/header', message: `The first row ${quoted(line)} is a header.`, mends: [{ do: 'removeRow' }] }];
  }
  const findings: Finding<Code>[] = [];
  if (cells.length !== 3) {
    findings.push({ code: 'ljspeech/columns', message: `The row has ${cells.length} cells and not three.`, ...(cells.length === 2 && { mends: [{ do: 'rewrite', text: `${line}|${text}` }] }) });
  }
  if (/\.wav$/i.test(id)) {
    findings.push({ code: 'ljspeech/id-extension', message: `The id ${quoted(id)} ends in .wav.`, key: 'id', mends: [{ do: 'set', value: id.replace(/\.wav$/i, '') }] });
  }
  if ((text.match(/"/g)?.length ?? 0) % 2 === 1) {
    findings.push({ code: 'ljspeech/quote', message: `The text ${quoted(text)} has a quotation mark without its other half.` });
  }
  return findings;
}
