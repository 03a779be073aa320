import type { Measured } from '../../../base/absent.ts';
import type { AudioFacts, AudioHost } from '../audio/protocol.ts';

export interface StreamFacts {
  readonly index: number;
  readonly kind: 'video' | 'audio' | 'subtitle' | 'data' | 'attachment' | 'unknown';
  readonly codec: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** What is known of a film when it is opened. */
export interface VideoFacts {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly container: string;
  readonly codec: Measured<string>;
  /** Pixels as stored. */
  readonly width: number;
  readonly height: number;
  /** Pixels as shown: turned, and with square pixels. */
  readonly shownWidth: number;
  readonly shownHeight: number;
  /** Clockwise, in degrees. */
  readonly rotation: number;
  /** Seconds. */
  readonly duration: Measured<number>;
  readonly frameRate: Measured<number>;
  /** Seconds of the first picture on the file's own clock, and of the sound's first sample after it. */
  readonly start: number;
  readonly soundAfter: number;
  readonly streams: readonly StreamFacts[];
  /** Where only ffprobe would have told of more streams. */
  readonly streamsNote?: string;
  /** Whether the host can decode pictures, or why not. */
  readonly host: Measured<true>;
  readonly problems: readonly string[];
}

/** Packets of the pictures in the order of their showing. All arrays have the same length. */
export interface Packets {
  readonly pts: Float64Array;
  /** NaN where it is not known. */
  readonly dts: Float64Array;
  readonly sizes: Uint32Array;
  readonly keys: Uint8Array;
  /** Ticks of a second, for `pts` and `dts`. */
  readonly ticks: number;
  /** Packets in all. */
  readonly count: number;
  /** Why there are no decode times. */
  readonly dtsNote?: string;
}

export interface FrameRequest {
  /** Seconds on the file's own clock. */
  readonly time: number;
  /** Pixels that the picture may be wide. */
  readonly width: number;
}

export interface VideoOpened {
  readonly facts: VideoFacts;
  /** Null where there is none. */
  readonly sound: AudioFacts | null;
  readonly soundProblem?: string;
  readonly decode: 'auto' | 'host';
}

/** What the page of a film asks its host. */
export interface VideoHost extends Pick<AudioHost, 'bytes' | 'samples' | 'peaks' | 'progress'> {
  open(): VideoOpened;
  /** At most `MOST_PACKETS` from one. */
  packets(params: { readonly from: number }): Packets;
  /** One picture as JPEG. */
  frame(params: FrameRequest): Uint8Array;
  /** Pictures of a second as JPEG, evenly `rate` to it, all of them together at most 1 MiB. */
  clip(params: FrameRequest & { readonly rate: number }): readonly Uint8Array[];
}

export interface VideoPage {
  changed(what: 'changed' | 'gone'): void;
}

export const MOST_PACKETS = 30_000;
