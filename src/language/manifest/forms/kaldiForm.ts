import { checkKaldiLine } from '../../../media/rules/speech.ts';
import { checkRowForm } from '../../../media/rules/row.ts';
import type { Layout, ManifestForm, ParsedRow, Span } from './form.ts';
import { lineSpans, wholeLine } from './lineSpans.ts';

/** What stands behind the id in the files of Kaldi; the last one takes the rest of the line. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'wav.scp': ['path'],
  'feats.scp': ['path'],
  segments: ['recording', 'start', 'end'],
  text: ['text'],
  utt2spk: ['speaker'],
  utt2dur: ['duration'],
  reco2dur: ['duration'],
  utt2num_frames: ['frames'],
  utt2lang: ['language'],
  spk2utt: ['utterances'],
  spk2gender: ['gender'],
};

/** Lines of an id and what belongs to it, separated by blanks. */
export const kaldiForm: ManifestForm = {
  id: 'kaldi',
  split: (text, name) => ({ ...lineSpans(text), layout: { name: name.slice(name.lastIndexOf('/') + 1) }, findings: [] }),
  parse(row, layout) {
    if (row.trim() === '') {
      return { findings: checkRowForm({ problem: 'the line is empty' }), locate: () => [0, row.length], pathAt: () => undefined };
    }
    return parseLine(row, layout);
  },
  change({ text, span, layout }, mend, path) {
    const [from, to] = span;
    if (mend.do === 'removeRow') {
      const [start, end] = wholeLine(text, span);
      return { from: start, to: end, text: '' };
    }
    if (mend.do === 'rewrite') {
      return { from, to, text: mend.text };
    }
    if (mend.do !== 'set') {
      return undefined;
    }
    const place = parseLine(text.slice(from, to), layout).locate(mend.at ?? path, 'value');
    return { from: from + place[0], to: from + place[1], text: String(mend.value) };
  },
};

function parseLine(row: string, { name = '' }: Layout): ParsedRow {
  const names = ['id', ...(FIELDS[name] ?? ['rest'])];
  const spans = fieldsOf(row, names.length);
  const value: Record<string, string> = {};
  for (const [index, key] of names.entries()) {
    const span = spans[index];
    if (span) {
      value[key] = row.slice(...span);
    }
  }
  const id = value.id ?? '';
  const rest = row.slice(spans[1]?.[0] ?? row.length).trim();
  const locate = (key: string): Span => spans[names.indexOf(key)] ?? [0, row.length];
  return {
    value,
    findings: checkKaldiLine({ id, rest, line: row }, undefined),
    locate: ([key]) => locate(String(key)),
    pathAt(offset) {
      const index = spans.findIndex(([from, to]) => from <= offset && offset <= to);
      const span = spans[index];
      return span && { path: [names[index] ?? 'rest'], part: 'value', span };
    },
  };
}

/** Up to `count` fields; the last one takes the rest without the blanks around it. */
function fieldsOf(row: string, count: number): Span[] {
  const spans: Span[] = [];
  const pattern = /\S+/g;
  for (let match = pattern.exec(row); match; match = pattern.exec(row)) {
    if (spans.length === count - 1) {
      spans.push([match.index, row.trimEnd().length]);
      break;
    }
    spans.push([match.index, match.index + match[0].length]);
  }
  return spans;
}
