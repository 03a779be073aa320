/** Decoded samples at random. */
export interface SampleReader {
  readonly sampleRate: number;
  readonly channels: number;
  /** Of a channel; what the header says where the samples are compressed. */
  readonly frames: number;
  /** Whether a small read anywhere costs little: then a first look samples the file. */
  readonly isCheap: boolean;
  /** By channel, fewer at the end. Rejects with a `DatasetError`, or when the signal is aborted. */
  read(from: number, count: number, signal: AbortSignal): Promise<Float32Array[]>;
  /** Short runs from several places, where reads are cheap. */
  readonly readAt?: (starts: readonly number[], count: number) => Float32Array[][];
  /** All of it from the beginning to the end, block by block. */
  walk(take: (block: readonly Float32Array[]) => void, signal: AbortSignal): Promise<void>;
}
