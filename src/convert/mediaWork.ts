import type { Container } from '../media/media.ts';
import type { Call } from './engine.ts';

/** A file that ffmpeg or sox is to read, forced to be taken for what its bytes are. */
export interface MediaSource {
  /** Absolute path. */
  readonly path: string;
  readonly container: Container;
}

/** One file that ffmpeg writes, or a folder of numbered pictures. */
export interface FfmpegOutput {
  /** Streams that go into the output, as `-map` takes them after the input's number: `a:0`, `v:0`. */
  readonly map: readonly string[];
  /** Options of the output without `-map`: filters, codecs, `-f` and its muxer. */
  readonly outputOptions: readonly string[];
  /**
   * Absolute path of the file to write; for numbered pictures the absolute path of an existing folder and the pattern in it
   * (`%06d.jpg`); left out where only what ffmpeg measures is wanted: the engine then adds `-f null`. A single picture is written
   * with `-f image2pipe`, which takes names literally.
   */
  readonly output?: string | { readonly folder: string; readonly pattern: string };
}

/** One input on its way through ffmpeg to one output. Paths are written into the command by the engine alone. */
export interface FfmpegCall extends Call, FfmpegOutput {
  readonly engine: 'ffmpeg';
  readonly source: MediaSource;
  /** Options before `-i`: `-ss`, `-t` … */
  readonly inputOptions?: readonly string[];
  /** Further outputs of the same decoding. */
  readonly also?: readonly FfmpegOutput[];
  /** Frames of the output, where known; a second base of progress. */
  readonly frames?: number;
  /** Whether filters are to speak on stderr (loudnorm's JSON, showinfo), at log level info. */
  readonly filtersSpeak?: boolean;
  /** Threads of decoder, filters and encoder together. */
  readonly threads: number;
}

/** One input on its way through sox to one output. */
export interface SoxCall extends Call {
  readonly engine: 'sox';
  readonly source: MediaSource;
  /** Whether the length that the header states was held against the file: sox also calls the end of one that states none premature. */
  readonly isWhole?: boolean;
  /** Format options of the output, `-t` included: `-t wav -b 16 -e signed-integer`. */
  readonly format: readonly string[];
  /**
   * Absolute path; for the numbered files that the effect `newfile` begins the absolute path of an existing folder and the name in it,
   * with `%6n` where the number goes; left out where an effect writes by itself or only a measurement is wanted (`-n`).
   */
  readonly output?: string | { readonly folder: string; readonly pattern: string };
  readonly effects: readonly string[];
}
