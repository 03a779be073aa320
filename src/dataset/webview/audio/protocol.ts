import type { Measured } from '../../../base/absent.ts';
import type { PcmCoding } from './pcm.ts';

/** Uncompressed samples as they lie in the file. */
export interface PcmBytes extends PcmCoding {
  /** Byte of the first sample. */
  readonly start: number;
  readonly frames: number;
}

/** What is known of a recording when it is opened. */
export interface AudioFacts {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly container: string;
  readonly codec: Measured<string>;
  /** Hertz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of a channel; of compressed sound what its header says, until all of it was decoded. */
  readonly frames: number;
  readonly framesAreExact: boolean;
  readonly bitDepth: Measured<number>;
  /** Undefined where the samples are compressed. */
  readonly pcm?: PcmBytes;
  /** Whether the host can decode it, or why not. */
  readonly host: Measured<true>;
  readonly problems: readonly string[];
}

export interface AudioMark {
  readonly kind: 'clipping' | 'silence';
  /** Frames; `to` is the first one after it. */
  readonly from: number;
  readonly to: number;
  readonly samples: number;
  /** Of clipping. */
  readonly channel?: number;
}

/** What a walk through the whole recording finds. */
export interface AudioAnalysis {
  readonly frames: number;
  /** LUFS. */
  readonly integrated: Measured<number>;
  /** LU. */
  readonly range: Measured<number>;
  /** dBTP, and dBFS of the highest sample, by channel. */
  readonly truePeak: readonly Measured<number>[];
  readonly peak: readonly Measured<number>[];
  /** Mean by channel, full scale at 1. */
  readonly offset: readonly number[];
  /** Of clipping, then of silence, by time; the first thousand of each channel and kind. */
  readonly marks: readonly AudioMark[];
  readonly clippings: number;
  readonly silences: number;
  /** Seconds. */
  readonly silent: number;
  /** LUFS of the last 400 ms at each step of 100 ms, thinned where there would be many. */
  readonly momentary: Float32Array;
  /** Seconds between two of them. */
  readonly momentaryStep: number;
}

/** How far the walk through the whole is. */
export interface AudioProgress {
  /** 0 to 1. */
  readonly done: number;
  readonly analysis?: AudioAnalysis;
  /** Why it stopped. */
  readonly problem?: string;
}

/** Peaks of a range, by channel: lowest, highest and RMS of each column as one after the other. Without a sample, lowest > highest. */
export interface AudioPeaks {
  readonly channels: readonly { readonly min: Float32Array; readonly max: Float32Array; readonly rms: Float32Array }[];
  /** `sampled`: some samples of each column were looked at, not all. `partial`: columns are missing. */
  readonly quality: 'whole' | 'sampled' | 'partial';
}

/** A piece of a spectrogram: columns of levels, from low to high frequency, 0 at the file's quietest and 255 at its loudest. */
export interface SpectrogramTile {
  readonly columns: number;
  readonly bins: number;
  readonly levels: Uint8Array;
}

/** The file's own range, in dB of full scale, and what the tiles are made of. */
export interface SpectrogramScale {
  readonly low: number;
  readonly high: number;
  /** Samples of a window. */
  readonly size: number;
  /** Samples from one column to the next at level 0; each level doubles it. */
  readonly hop: number;
  readonly tileColumns: number;
}

export interface TranscriptRow {
  /** Seconds; undefined where the text is of the whole. */
  readonly start?: number;
  readonly end?: number;
  readonly who?: string;
  readonly text: string;
}

export interface Transcript {
  /** Name of the file that says so. */
  readonly source: string;
  readonly rows: readonly TranscriptRow[];
}

export interface PeaksRequest {
  readonly channels: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

export interface TileRequest {
  readonly channel: number;
  readonly level: number;
  readonly index: number;
}

/** What the page of a recording asks its host. */
export interface AudioHost {
  open(): AudioOpened;
  progress(): AudioProgress;
  peaks(params: PeaksRequest): AudioPeaks;
  scale(): SpectrogramScale;
  tile(params: TileRequest): SpectrogramTile;
  transcript(): Transcript | null;
  /** Bytes of the file as it is, at most 1 MiB at once. */
  bytes(params: { readonly start: number; readonly length: number }): Uint8Array;
  /** Decoded on the host: 16-bit or float, interleaved, at most 1 MiB; fewer frames at the end. */
  samples(params: { readonly from: number; readonly count: number }): HostSamples;
}

export interface AudioOpened {
  readonly facts: AudioFacts;
  /** Whether the person has asked for the host to decode. */
  readonly decode: 'auto' | 'host';
}

export interface HostSamples {
  readonly frames: number;
  readonly data: Int16Array | Float32Array;
}

/** What the host tells the page of a recording. */
export interface AudioPage {
  changed(what: 'changed' | 'gone'): void;
}

/** Bytes of one message. */
export const MOST_BYTES = 2 ** 20;
