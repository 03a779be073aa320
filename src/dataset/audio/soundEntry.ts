import type { PlaceFile } from '../../media/archives/memberFiles.ts';
import type { MediaPlace } from '../../media/place.ts';
import { DatasetError } from '../datasetError.ts';
import { contentKey } from '../thumbnails/contentKey.ts';
import type { PackedStore } from '../thumbnails/packedStore.ts';
import type { AudioAnalysis, AudioPeaks, AudioProgress, PeaksRequest } from '../webview/audio/protocol.ts';
import type { CoarseSpectrum } from './coarseSpectrum.ts';
import type { OpenSound } from './openSound.ts';
import { columnsOf, emptyColumns, PeakLevels } from './peakLevels.ts';
import type { PeakColumns } from './peakLevels.ts';
import { Spectrogram } from './spectrogram.ts';
import type { SampleReader } from './sampleReader.ts';
import { SoundWalk } from './walkSound.ts';

/** Frames up to which a range is read whole for its peaks, cheap or not. */
const READ_WHOLE = 2 ** 20;
const READ_WHOLE_DEAR = 2 ** 21;
/** Frames that a first look reads of a column. */
const LOOK = 256;
/** Bytes of a record in the store. */
const PART = 2 * 2 ** 20;
/** Changes with what is kept. */
const VERSION = 'sound 2';

type KeptAnalysis = Omit<AudioAnalysis, 'momentary'> & { readonly momentary: readonly number[]; readonly spectrumBytes: number };

/** One opened recording: its peaks, its spectrogram and what a walk through it has found. */
export class SoundEntry {
  readonly spectrogram: Spectrogram | undefined;
  private readonly peaksOfAll: PeakLevels | undefined;
  private readonly stop = new AbortController();
  private analysis: AudioAnalysis | undefined;
  private problem: string | undefined;
  private walking: Promise<void> | undefined;

  constructor(
    private readonly place: MediaPlace,
    /** Its own, as long as it is open. */
    readonly bytes: PlaceFile,
    readonly sound: OpenSound,
    private readonly store: () => Promise<PackedStore>,
    /** Lets one recording after the other be walked through. */
    private readonly inTurn: (work: () => Promise<void>) => Promise<void>,
  ) {
    const { reader, facts } = sound;
    if (reader !== undefined) {
      // What a header says of compressed sound may be too little.
      const frames = facts.framesAreExact ? facts.frames : Math.ceil(facts.frames * 1.02) + facts.sampleRate;
      this.peaksOfAll = new PeakLevels(facts.channels, frames);
      this.spectrogram = new Spectrogram(reader);
    }
  }

  get reader(): SampleReader {
    const { reader, facts } = this.sound;
    if (reader === undefined) {
      throw new DatasetError('unavailable', `It is not decoded here: ${typeof facts.host === 'object' ? facts.host.absent : 'no decoder'}.`);
    }
    return reader;
  }

  progress(): AudioProgress {
    const { reader, facts } = this.sound;
    if (reader === undefined) {
      return { done: 0, ...(typeof facts.host === 'object' && { problem: facts.host.absent }) };
    }
    this.walking ??= this.inTurn(() => this.walk(reader)).catch((error: unknown) => {
      this.problem = this.stop.signal.aborted ? undefined : error instanceof Error ? error.message : String(error);
    });
    const { analysis, problem } = this;
    const done = analysis ? 1 : Math.min(0.999, (this.peaksOfAll?.covered ?? 0) / Math.max(1, facts.frames));
    return { done, ...(analysis && { analysis }), ...(problem !== undefined && { problem }) };
  }

  async peaks({ channels, from, to, columns }: PeaksRequest, signal: AbortSignal): Promise<AudioPeaks> {
    const { reader, peaksOfAll } = this;
    const perColumn = (to - from) / columns;
    const isShort = to - from <= (reader.isCheap ? READ_WHOLE : READ_WHOLE_DEAR);
    const isFine = perColumn < (peaksOfAll?.binFrames ?? 0);
    const covered = this.analysis ? Infinity : (peaksOfAll?.covered ?? 0);
    if (isFine || (isShort && covered < to)) {
      const samples = await reader.read(from, to - from, signal);
      // Columns beyond the end stay empty.
      const there = Math.min(columns, Math.ceil((samples[0]?.length ?? 0) / perColumn));
      return { channels: channels.map((channel) => padded(columnsOf(samples[channel] ?? new Float32Array(0), there), columns)), quality: 'whole' };
    }
    const made = channels.map((channel) => peaksOfAll?.columns(channel, from, to, columns) ?? emptyColumns(columns));
    if (covered >= to) {
      return { channels: made, quality: 'whole' };
    }
    const first = Math.max(0, Math.floor((covered - from) / perColumn));
    if (reader.readAt === undefined) {
      return { channels: made, quality: 'partial' };
    }
    const starts = Array.from({ length: columns - first }, (_, index) => Math.floor(from + (first + index + 0.5) * perColumn - LOOK / 2));
    reader.readAt(starts.map((start) => Math.max(0, start)), LOOK).forEach((samples, index) =>
      channels.forEach((channel, at) => {
        const column = columnsOf(samples[channel] ?? new Float32Array(0), 1);
        const target = made[at] as PeakColumns;
        (['min', 'max', 'rms'] as const).forEach((part) => (target[part][first + index] = column[part][0] as number));
      }),
    );
    return { channels: made, quality: 'sampled' };
  }

  dispose(): void {
    this.stop.abort();
    this.bytes.dispose();
  }

  private async walk(reader: SampleReader): Promise<void> {
    const store = await this.store();
    const { signal } = this.stop;
    signal.throwIfAborted();
    if (this.load(store)) {
      return;
    }
    this.analysis = await new SoundWalk(reader, this.peaksOfAll as PeakLevels, this.spectrogram?.coarse).run(signal);
    this.keep(store, this.analysis);
  }

  private key(what: string): string {
    const { size } = this.sound.facts;
    return contentKey(this.place, { size, mtimeMs: this.bytes.mtimeMs }, `${VERSION} ${what}`);
  }

  private keep(store: PackedStore, analysis: AudioAnalysis): void {
    const { peaksOfAll, spectrogram } = this;
    for (let channel = 0; channel < this.sound.facts.channels; channel++) {
      this.putParts(store, `peaks ${channel}`, peaksOfAll?.pack(channel) ?? new Uint8Array(0));
    }
    const spectrum = spectrogram?.coarse?.pack() ?? [];
    spectrum.forEach((bytes, channel) => this.putParts(store, `spectrum ${channel}`, bytes));
    const { momentary, ...rest } = analysis;
    store.put(this.key('analysis'), Buffer.from(JSON.stringify({ ...rest, momentary: Array.from(momentary, (value) => Math.round(value * 100) / 100), spectrumBytes: spectrum[0]?.length ?? 0 })));
  }

  private putParts(store: PackedStore, what: string, bytes: Uint8Array): void {
    for (let part = 0; part * PART < bytes.length; part++) {
      store.put(this.key(`${what} ${part}`), bytes.subarray(part * PART, (part + 1) * PART));
    }
  }

  private partsOf(store: PackedStore, what: string): Buffer {
    const parts: Buffer[] = [];
    for (let part = store.get(this.key(`${what} 0`)); part !== undefined; part = parts.at(-1)?.length === PART ? store.get(this.key(`${what} ${parts.length}`)) : undefined) {
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  /** Only where everything is there. */
  private load(store: PackedStore): boolean {
    const kept = store.get(this.key('analysis'));
    const { peaksOfAll, spectrogram } = this;
    if (kept === undefined || peaksOfAll === undefined) {
      return false;
    }
    const { spectrumBytes, ...analysis } = JSON.parse(kept.toString()) as KeptAnalysis;
    if (!this.loadSpectrum(store, spectrogram?.coarse, spectrumBytes)) {
      return false;
    }
    for (let channel = 0; channel < this.sound.facts.channels; channel++) {
      if (!peaksOfAll.unpack(channel, this.partsOf(store, `peaks ${channel}`))) {
        return false;
      }
    }
    this.analysis = { ...analysis, momentary: Float32Array.from(analysis.momentary) };
    return true;
  }

  /** `bytes` of each channel: with fewer a part of it was evicted. */
  private loadSpectrum(store: PackedStore, coarse: CoarseSpectrum | undefined, bytes: number): boolean {
    if (coarse === undefined) {
      return true;
    }
    const channels = Array.from({ length: coarse.channels }, (_, channel) => this.partsOf(store, `spectrum ${channel}`));
    return channels.every(({ length }) => length === bytes) && coarse.unpack(channels);
  }
}

function padded(columns: PeakColumns, count: number): PeakColumns {
  if (columns.min.length === count) {
    return columns;
  }
  const all = emptyColumns(count);
  (['min', 'max', 'rms'] as const).forEach((part) => all[part].set(columns[part]));
  return all;
}
