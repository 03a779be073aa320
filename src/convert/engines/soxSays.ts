import { soxInputName } from './soxNames.ts';

/** A line in which sox says that something is wrong. */
export interface SoxMessage {
  readonly level: 'FAIL' | 'WARN';
  /** Without the progress in front of it. */
  readonly line: string;
}

/**
 * The program as it was started, the level, the part of sox that speaks, the text: `/usr/bin/sox WARN wav: Premature EOF …`; maybe behind
 * progress. Tags of the input are printed on lines of their own, which begin otherwise.
 */
const MESSAGE = /^(In:.*? Clip:\S+ +)?(?:\/.*|\S*sox\S*) (FAIL|WARN) [\w.-]+: /i;

/**
 * Samples beyond full scale, counted by an effect or at the input or output. Only these parts of sox say so: a file name within
 * another message cannot pass for it.
 */
const CLIPPED =
  / WARN (?:(\w+): \1 clipped (\d+) samples; decrease volume\?|sox: `.*' (?:in|out)put clipped (\d+) samples(?:; decrease volume\?)?)$/;

/** Of `trim` before `newfile`: the last piece of a file that is cut into equal ones is shorter. */
const LAST_PIECE = / WARN trim: (?:Last 1 position\(s\) not reached|End position is after expected end of audio)/;

/** Headers as ffmpeg writes them for floats, and tags that are left out: the samples are whole. */
const HARMLESS = / WARN (?:wav: .*missing extended part of fmt chunk|flac: multiple Vorbis comment block ignored)/;

/** Said of a WAV that does not state its length, as of one that is cut short. */
const PREMATURE_END = / WARN wav: Premature EOF on \.wav input file$/;

/** libFLAC's decoder lost its way; what came before was decoded. sox calls it a failure and exits with 0. */
const FLAC_DECODER = / FAIL sox: `.*' FLAC__STREAM_DECODER_ERROR_STATUS_/;

/** With `-S` the last line of a run that went to its end; after SIGTERM it is `Aborted.`, with exit 0. */
const DONE = 'Done.';

/** The lines of stderr. Progress overwrites its own line again and again, and a message may follow it there. */
export function soxLines(stderr: string): readonly string[] {
  return stderr.split(/[\r\n]+/).filter((line) => line.trim() !== '');
}

/** What one run of sox said that went to its end. */
export interface SoxRun {
  readonly lines: readonly string[];
  /** What it called its input; undefined where it named none. */
  readonly input: string | undefined;
}

/** Followed by the type where the extension does not tell it. */
const TITLE = /^Input File {5}: '(.*)'(?: \(\S+\))?$/;

/**
 * The runs that went to their end, one after the other. sox may complain before it names its input and after it is done, when it closes
 * its files, so that what stands between two runs is laid to both. The words of a run that failed are laid to the next.
 */
export function soxRuns(stderr: string): readonly SoxRun[] {
  const runs: { lines: string[]; input: string | undefined }[] = [];
  let lines: string[] = [];
  let input: string | undefined;
  for (const line of soxLines(stderr)) {
    if (line === DONE) {
      runs.push({ lines, input });
      lines = [];
      input = undefined;
      continue;
    }
    input = TITLE.exec(line)?.[1] ?? input;
    lines.push(line);
    if (input === undefined) {
      runs.at(-1)?.lines.push(line);
    }
  }
  return runs;
}

export function soxMessages(lines: readonly string[]): readonly SoxMessage[] {
  return lines.flatMap((line): readonly SoxMessage[] => {
    const [, progress = '', level] = MESSAGE.exec(line) ?? [];
    if (level === undefined || HARMLESS.test(line)) {
      return [];
    }
    return [{ level: level === 'FAIL' && !FLAC_DECODER.test(line) ? 'FAIL' : 'WARN', line: line.slice(progress.length) }];
  });
}

export function tellsOfClipping(line: string): boolean {
  return CLIPPED.test(line);
}

export function tellsOfLastPiece(line: string): boolean {
  return LAST_PIECE.test(line);
}

export function tellsOfPrematureEnd(line: string): boolean {
  return PREMATURE_END.test(line);
}

/**
 * How many samples of one file were clipped, by what sox said of it and maybe of others in the same group; 0 where it said nothing.
 * A sample that an effect clips is clipped again when it is rounded for the output, so that the largest count stands for all.
 */
export function clippedSamples(stderr: string, input: string): number {
  if (!stderr.includes(' clipped ')) {
    return 0;
  }
  return soxLines(saidOf(stderr, input)).reduce((most, line) => {
    const [, , byEffect, atFile] = CLIPPED.exec(line) ?? [];
    return Math.max(most, Number(byEffect ?? atFile ?? 0));
  }, 0);
}

/** The part of stderr that is about one input: each run names its own, and ends with the same line. */
function saidOf(stderr: string, input: string): string {
  const title = `Input File     : '${soxInputName(input)}'`;
  const at = stderr.indexOf(title);
  if (at < 0) {
    return stderr;
  }
  const end = stderr.indexOf(`\n${DONE}\n`, at + title.length);
  return stderr.slice(Math.max(0, stderr.lastIndexOf(`\n${DONE}\n`, at)), end < 0 ? undefined : end);
}
