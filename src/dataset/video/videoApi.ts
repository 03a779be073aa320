import type { MediaPlace } from '../../media/place.ts';
import type { FrameRequest, Packets, VideoFacts } from '../webview/video/protocol.ts';

export interface FilmRef {
  readonly place: MediaPlace;
}

/** What the thread of films does for a preview. Failures are errors in words. */
export interface VideoApi {
  /** Reads the header anew. */
  open(params: FilmRef): VideoFacts;
  packets(params: FilmRef & { readonly from: number }): Packets;
  frame(params: FilmRef & FrameRequest): Uint8Array;
  clip(params: FilmRef & FrameRequest & { readonly rate: number }): readonly Uint8Array[];
  close(params: FilmRef): void;
}
