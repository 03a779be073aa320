import type { Measured } from '../base/absent.ts';

export type MediaKind = 'audio' | 'video' | 'image' | 'text' | 'sensor' | 'other';

/** What the bytes are, told by magic numbers and never by the name. */
export type Container =
  | 'wav' | 'aiff' | 'flac' | 'ogg' | 'mp3' | 'adts' | 'au' | 'sph' | 'caf' | 'amr' | 'ape' | 'wavpack' | 'asf'
  | 'mp4' | 'mov' | 'matroska' | 'webm' | 'avi' | 'flv' | 'mpegts' | 'mpegps' | 'y4m' | 'h264'
  | 'jpeg' | 'png' | 'gif' | 'webp' | 'tiff' | 'bmp' | 'avif' | 'heic' | 'jxl' | 'jp2' | 'psd' | 'exr' | 'hdr' | 'pnm' | 'ico'
  | 'svg' | 'pdf' | 'postscript' | 'mvg' | 'msl' | 'm3u' | 'pls' | 'ffconcat'
  | 'json' | 'jsonl' | 'csv' | 'tsv' | 'yaml' | 'plaintext'
  | 'npy' | 'npz' | 'safetensors' | 'parquet' | 'arrow' | 'hdf5' | 'mcap' | 'rosbag' | 'sqlite' | 'tar' | 'zip' | 'gzip' | 'zstd'
  | 'gitLfsPointer' | 'empty' | 'unknown';

export interface AudioFacts {
  /** The codec's name as ffmpeg spells it: `pcm_s16le`, `aac`, `flac`, `opus` … */
  readonly codec: Measured<string>;
  /** Hertz. */
  readonly sampleRate: Measured<number>;
  readonly channels: Measured<number>;
  /** Bits of a sample as stored; absent for lossy codecs. */
  readonly bitDepth: Measured<number>;
}

export interface VideoFacts {
  /** The codec's name as ffmpeg spells it: `h264`, `vp9`, `av1` … */
  readonly codec: Measured<string>;
  /** Pixels as stored, before rotation. */
  readonly width: Measured<number>;
  readonly height: Measured<number>;
  /** Clockwise turn for display in degrees: 0, 90, 180 or 270. */
  readonly rotation: Measured<number>;
  readonly frames: Measured<number>;
  /** Mean frames per second. */
  readonly frameRate: Measured<number>;
  /** Transfer characteristics as ffmpeg spells them: `bt709`, `smpte2084`, `arib-std-b67` … */
  readonly transfer: Measured<string>;
}

export interface ImageFacts {
  /** Pixels as stored, before orientation. */
  readonly width: Measured<number>;
  readonly height: Measured<number>;
  /** EXIF orientation, 1 to 8; 1 where the file has none. */
  readonly orientation: Measured<number>;
  /** Pictures in the file: 1 unless animated or multi-page. */
  readonly frames: Measured<number>;
  /** Bits of a channel. */
  readonly bitDepth: Measured<number>;
  /** `rgb`, `gray`, `cmyk`, `palette` … */
  readonly colour: Measured<string>;
  readonly alpha: Measured<boolean>;
  /** Whether an ICC profile is embedded. */
  readonly profile: Measured<boolean>;
}

/** What a file is. Parts that do not apply are left out; what applies and is not known is absent with a reason. */
export interface Media {
  readonly path: string;
  readonly kind: MediaKind;
  readonly container: Container;
  /** Bytes. */
  readonly size: number;
  /** Seconds. */
  readonly duration?: Measured<number>;
  readonly audio?: AudioFacts;
  readonly video?: VideoFacts;
  readonly image?: ImageFacts;
  /** What is wrong with the file by its headers: `cut short: 3.2 of 10 s are there` … */
  readonly problems: readonly string[];
}
