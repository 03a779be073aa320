import { known } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { lazy } from '../../base/lazy.ts';
import type { MediaPlace } from '../../media/place.ts';
import type { AudioApi } from '../audio/audioApi.ts';
import type { VideoApi } from '../video/videoApi.ts';
import type { AudioFacts, HostSamples } from '../webview/audio/protocol.ts';
import type { FilmFrame } from '../webview/gallery/protocol.ts';
import type { VideoFacts } from '../webview/video/protocol.ts';
import type { Asks } from './galleryHost.ts';

/** Of the whole: the last frame of a film often lies before its stated end. */
const LAST = 0.98;

/** Asked for when something is first played or looked through: most galleries start neither thread. */
export interface MediaServices {
  readonly audio: () => Asks<AudioApi> & Disposable;
  readonly video: () => Asks<VideoApi> & Disposable;
}

/** What a gallery lets be heard and looked through: one recording and one film at a time, by the services of their previews. */
export class GalleryMedia implements Disposable {
  private readonly own = new DisposableStore();
  private readonly audio: () => Asks<AudioApi>;
  private readonly video: () => Asks<VideoApi>;
  private heard: { readonly id: number; readonly place: MediaPlace } | undefined;
  private film: { readonly id: number; readonly place: MediaPlace; readonly facts: Promise<VideoFacts> } | undefined;

  constructor(
    services: MediaServices,
    /** Rejects where the item is not in the dataset. */
    private readonly placeOf: (id: number, signal: AbortSignal) => Promise<MediaPlace>,
  ) {
    this.audio = lazy(() => this.own.add(services.audio()));
    this.video = lazy(() => this.own.add(services.video()));
  }

  async sound(id: number, signal: AbortSignal): Promise<AudioFacts> {
    const place = await this.placeOf(id, signal);
    this.closeSound();
    this.heard = { id, place };
    return this.audio().requestUntil(signal, 'open', { place });
  }

  async soundBytes({ id, ...range }: { readonly id: number; readonly start: number; readonly length: number }, signal: AbortSignal): Promise<Uint8Array> {
    return this.audio().requestUntil(signal, 'bytes', { place: await this.placeOf(id, signal), ...range });
  }

  async soundSamples({ id, ...range }: { readonly id: number; readonly from: number; readonly count: number }, signal: AbortSignal): Promise<HostSamples> {
    return this.audio().requestUntil(signal, 'samples', { place: await this.placeOf(id, signal), ...range });
  }

  async frame({ id, at, width }: { readonly id: number; readonly at: number; readonly width: number }, signal: AbortSignal): Promise<FilmFrame> {
    const { place, facts } = await this.filmOf(id, signal);
    const { duration, start } = await facts;
    const time = (known(duration) ?? 0) * Math.min(at, LAST);
    return { jpeg: await this.video().requestUntil(signal, 'frame', { place, time: start + time, width }), time };
  }

  dispose(): void {
    this.closeSound();
    this.closeFilm();
    this.own.dispose();
  }

  private async filmOf(id: number, signal: AbortSignal): Promise<NonNullable<typeof this.film>> {
    const place = await this.placeOf(id, signal);
    if (this.film?.id !== id) {
      this.closeFilm();
      // Not by the signal: the next place of the pointer asks for the same film.
      const facts = this.video().request('open', { place });
      facts.catch(() => (this.film?.facts === facts ? (this.film = undefined) : undefined));
      this.film = { id, place, facts };
    }
    return this.film;
  }

  private closeSound(): void {
    const { heard } = this;
    this.heard = undefined;
    if (heard !== undefined) {
      void this.audio().request('close', { place: heard.place }).catch(() => undefined);
    }
  }

  private closeFilm(): void {
    const { film } = this;
    this.film = undefined;
    if (film !== undefined) {
      void this.video().request('close', { place: film.place }).catch(() => undefined);
    }
  }
}
