import type { MediaPlace } from '../../media/place.ts';
import type { AudioFacts, AudioHost, AudioPeaks, AudioProgress, HostSamples, PeaksRequest, SpectrogramScale, SpectrogramTile, TileRequest, Transcript } from '../webview/audio/protocol.ts';

export interface SoundRef {
  readonly place: MediaPlace;
}

/** What the thread of recordings does for previews. Failures are errors in words. */
export interface AudioApi {
  /** Reads the header anew. */
  open(params: SoundRef): AudioFacts;
  /** Begins the walk through the whole where it has not begun. */
  progress(params: SoundRef): AudioProgress;
  peaks(params: SoundRef & PeaksRequest): AudioPeaks;
  scale(params: SoundRef): SpectrogramScale;
  tile(params: SoundRef & TileRequest): SpectrogramTile;
  transcript(params: SoundRef): Transcript | null;
  bytes(params: SoundRef & Parameters<AudioHost['bytes']>[0]): Uint8Array;
  samples(params: SoundRef & Parameters<AudioHost['samples']>[0]): HostSamples;
  /** Ends the walk and forgets what is decoded. */
  close(params: SoundRef): void;
}
