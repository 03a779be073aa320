import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { OpenArchives } from '../../media/archives/openPlace.ts';
import type { MediaPlace } from '../../media/place.ts';
import type { Transcript, TranscriptRow } from '../webview/audio/protocol.ts';

/** Bytes of a text beside a recording that are read. */
const MOST = 8 * 2 ** 20;
const MOST_ROWS = 20_000;

type Read = (text: string, stem: string) => readonly TranscriptRow[];

const READERS: readonly (readonly [extension: string, read: Read])[] = [
  ['.vtt', readCues],
  ['.srt', readCues],
  ['.TextGrid', readTextGrid],
  ['.json', readSegments],
  ['.lab', readLabels],
  ['.ctm', readCtm],
  ['.txt', readText],
];

/** What a text beside a recording says of it, in its folder or in its archive; null where there is none. */
export function transcriptOf({ file, member }: MediaPlace, archives: OpenArchives, signal: AbortSignal): Promise<Transcript | null> {
  return member === undefined ? readTranscript(file) : readTranscript(member, (beside) => memberText({ file, member: beside }, archives, signal));
}

/** The same by its path and what reads the others beside it. */
export async function readTranscript(file: string, textOf: (path: string) => Promise<string | undefined> = fileText): Promise<Transcript | null> {
  const folder = dirname(file);
  const stem = basename(file, extname(file));
  for (const [extension, read] of READERS) {
    const rows = read((await textOf(join(folder, stem + extension))) ?? '', stem);
    if (rows.length > 0) {
      return { source: stem + extension, rows: rows.slice(0, MOST_ROWS) };
    }
  }
  // LibriSpeech keeps the texts of a chapter in one file: 84-121123.trans.txt for 84-121123-0000.flac.
  const chapter = /^(.+)-\d+$/.exec(stem)?.[1];
  const source = `${chapter}.trans.txt`;
  const line = chapter && (await textOf(join(folder, source)))?.split('\n').find((candidate) => candidate.startsWith(`${stem} `));
  return line ? { source, rows: [{ text: line.slice(stem.length + 1).trim() }] } : null;
}

async function fileText(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size <= MOST ? plain(await readFile(path, 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}

async function memberText(place: MediaPlace & { readonly member: string }, archives: OpenArchives, signal: AbortSignal): Promise<string | undefined> {
  const archive = archives.archive(place.file);
  const found = await archive?.find(place.member, signal);
  if (archive === undefined || found === undefined || found.size > MOST) {
    return undefined;
  }
  const source = await archive.read(found, signal);
  return plain(source.read(0, source.size).toString('utf8'));
}

function plain(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}

const ARROW = /^(\d+:)?(\d+):(\d+)[.,](\d+)[ \t]+-->[ \t]+(\d+:)?(\d+):(\d+)[.,](\d+)/;

/** WebVTT and SubRip. */
function readCues(text: string): readonly TranscriptRow[] {
  const rows: TranscriptRow[] = [];
  for (const block of text.split(/\n{2,}/)) {
    const lines = block.split('\n');
    const at = lines.findIndex((line) => ARROW.test(line));
    const times = ARROW.exec(lines[at] ?? '');
    if (times) {
      const [, h1, m1, s1, f1, h2, m2, s2, f2] = times;
      const said = lines.slice(at + 1).join(' ').trim();
      const who = /^<v[. ]([^>]+)>/.exec(said)?.[1];
      rows.push({ start: seconds(h1, m1, s1, f1), end: seconds(h2, m2, s2, f2), text: said.replace(/<[^>]*>/g, ''), ...(who !== undefined && { who }) });
    }
  }
  return rows;
}

function seconds(hours = '0:', minutes = '0', whole = '0', fraction = '0'): number {
  return parseInt(hours) * 3600 + Number(minutes) * 60 + Number(`${whole}.${fraction}`);
}

/** The intervals of Praat's long and short text formats, by tier. */
function readTextGrid(text: string): readonly TranscriptRow[] {
  const rows: TranscriptRow[] = [];
  const words = [...text.matchAll(/"((?:[^"]|"")*)"|(?<![\w.[])-?\d+(?:\.\d+)?(?![\w\]])|<exists>/g)].map(([whole, quoted]) => (quoted === undefined ? Number(whole) : quoted.replaceAll('""', '"')));
  let who: string | undefined;
  for (let at = 0; at < words.length; at++) {
    if (words[at] === 'IntervalTier') {
      who = String(words[at + 1]);
      at += 4;
    } else if (who !== undefined && typeof words[at] === 'number' && typeof words[at + 1] === 'number' && typeof words[at + 2] === 'string') {
      const said = String(words[at + 2]).trim();
      if (said !== '') {
        rows.push({ start: Number(words[at]), end: Number(words[at + 1]), who, text: said });
      }
      at += 2;
    }
  }
  return rows.sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
}

/** Lines of start, end and label in seconds, or in steps of 100 ns as HTK has them; a text where they are none. */
function readLabels(text: string): readonly TranscriptRow[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const rows = lines.map((line) => /^\s*([\d.]+)\s+([\d.]+)\s+(.*)$/.exec(line));
  if (rows.some((row) => row === null)) {
    return readText(text);
  }
  const isHtk = lines.every((line) => !line.includes('.')) && rows.some((row) => Number(row?.[2]) > 100_000);
  const unit = isHtk ? 1e7 : 1;
  return rows.map((row) => ({ start: Number(row?.[1]) / unit, end: Number(row?.[2]) / unit, text: row?.[3] ?? '' }));
}

/** NIST's lines of recording, channel, start, duration and word: those of this recording. */
function readCtm(text: string, stem: string): readonly TranscriptRow[] {
  return text.split('\n').flatMap((line) => {
    const [recording, channel, start, duration, word] = line.trim().split(/\s+/);
    return recording === stem && word !== undefined ? [{ start: Number(start), end: Number(start) + Number(duration), who: channel ?? '', text: word }] : [];
  });
}

/** Whisper's and similar segments, or an object with a text. */
function readSegments(text: string): readonly TranscriptRow[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const { segments = value, text: whole, transcript = whole } = (value ?? {}) as { readonly segments?: unknown; readonly text?: unknown; readonly transcript?: unknown };
  const rows = (Array.isArray(segments) ? (segments as unknown[]) : []).flatMap((segment) => {
    const { start, end, text: said, speaker } = (segment ?? {}) as { readonly start?: unknown; readonly end?: unknown; readonly text?: unknown; readonly speaker?: unknown };
    return typeof start === 'number' && typeof end === 'number' && typeof said === 'string' ? [{ start, end, text: said.trim(), ...(typeof speaker === 'string' && { who: speaker }) }] : [];
  });
  return rows.length > 0 || typeof transcript !== 'string' ? rows : [{ text: transcript }];
}

function readText(text: string): readonly TranscriptRow[] {
  return text.trim() === '' ? [] : [{ text: text.trim() }];
}
