import type { HostConnection } from '../../../webview/messageClient.ts';
import { Playback } from '../audio/playback.ts';
import type { SoundHost } from '../audio/soundFeed.ts';
import type { GalleryHost, GalleryItem } from './protocol.ts';

/** What a tile shows of the recording that is heard, or of the film that is looked through. */
export interface TileMotion {
  readonly id: number;
  readonly state: 'loading' | 'playing' | 'looking';
  /** From 0 to 1. */
  readonly at: number;
  /** A picture of the film, where one is there. */
  readonly url?: string;
}

export interface TilePlayOptions {
  readonly host: Pick<HostConnection<GalleryHost>, 'request' | 'requestUntil'>;
  readonly onChange: () => void;
  readonly say: (words: string) => void;
}

/** Pictures of a film that can be told apart by the pointer. */
const STRIP = 20;
const FRAME_WIDTH = 320;
/** Pictures kept, of the last films. */
const MOST_FRAMES = 120;

/** Lets one recording be heard in its tile, and one film be looked through. Nothing plays by itself. */
export class TilePlay {
  private readonly playback = new Playback(() => this.options.onChange());
  private heard: { readonly id: number; readonly length: number } | undefined;
  private loading: AbortController | undefined;
  private looked: { readonly id: number; readonly step: number } | undefined;
  private readonly frames = new Map<string, string>();
  private asking: AbortController | undefined;
  private ticking: number | undefined;

  constructor(private readonly options: TilePlayOptions) {}

  motionOf({ id }: GalleryItem): TileMotion | undefined {
    if (id === this.heard?.id) {
      return { id, state: this.loading === undefined ? 'playing' : 'loading', at: this.heard.length > 0 ? this.playback.now() / this.heard.length : 0 };
    }
    const { looked } = this;
    if (id !== looked?.id) {
      return undefined;
    }
    const url = this.frames.get(keyOf(looked.id, looked.step));
    return { id, state: 'looking', at: looked.step / (STRIP - 1), ...(url !== undefined && { url }) };
  }

  async toggle(item: GalleryItem): Promise<void> {
    const was = this.heard?.id;
    this.stop();
    if (was === item.id || item.kind !== 'audio') {
      return;
    }
    const loading = new AbortController();
    this.loading = loading;
    this.heard = { id: item.id, length: 0 };
    this.options.onChange();
    try {
      const facts = await this.options.host.requestUntil(loading.signal, 'sound', { id: item.id });
      await this.playback.prepare(this.soundHost(item.id), facts, 'auto');
      if (loading.signal.aborted) {
        return;
      }
      this.loading = undefined;
      if (this.playback.feed === undefined) {
        throw new Error(this.playback.problem ?? 'it cannot be decoded');
      }
      this.heard = { id: item.id, length: facts.frames / facts.sampleRate };
      this.playback.position = 0;
      this.playback.play();
      this.tick();
    } catch (error) {
      if (!loading.signal.aborted) {
        this.stop();
        this.options.say(`${item.name} cannot be heard: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  stop(): void {
    this.loading?.abort();
    this.loading = undefined;
    if (this.heard !== undefined) {
      this.heard = undefined;
      this.playback.forget();
      this.options.onChange();
    }
  }

  /** Shows the picture at a part of a film, from 0 to 1; of the last place that was asked for, when it is there. */
  look(item: GalleryItem, at: number): void {
    const step = Math.round(at * (STRIP - 1));
    if (item.kind !== 'video' || (this.looked?.id === item.id && this.looked.step === step)) {
      return;
    }
    this.looked = { id: item.id, step };
    this.options.onChange();
    this.asking?.abort();
    if (!this.frames.has(keyOf(item.id, step))) {
      void this.load(item.id, step);
    }
  }

  /** By keys, one picture on or back; false where it is no film. */
  step(item: GalleryItem, by: number): boolean {
    if (item.kind !== 'video') {
      return false;
    }
    const from = this.looked?.id === item.id ? this.looked.step : by > 0 ? -1 : STRIP;
    this.look(item, Math.max(0, Math.min(STRIP - 1, from + by)) / (STRIP - 1));
    return true;
  }

  leave(): void {
    this.asking?.abort();
    if (this.looked !== undefined) {
      this.looked = undefined;
      this.options.onChange();
    }
  }

  private async load(id: number, step: number): Promise<void> {
    const asking = new AbortController();
    this.asking = asking;
    try {
      const { jpeg } = await this.options.host.requestUntil(asking.signal, 'frame', { id, at: step / (STRIP - 1), width: FRAME_WIDTH });
      this.frames.set(keyOf(id, step), URL.createObjectURL(new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' })));
      for (const [key, url] of this.frames) {
        if (this.frames.size <= MOST_FRAMES) {
          break;
        }
        this.frames.delete(key);
        URL.revokeObjectURL(url);
      }
      this.options.onChange();
    } catch (error) {
      if (!asking.signal.aborted) {
        this.options.say(error instanceof Error ? error.message : String(error));
      }
    }
  }

  /** While it is heard, the mark on the tile goes along; it ends by itself. */
  private tick(): void {
    this.ticking ??= requestAnimationFrame(() => {
      this.ticking = undefined;
      if (this.heard === undefined) {
        return;
      }
      if (!this.playback.playing) {
        this.stop();
      } else {
        this.options.onChange();
        this.tick();
      }
    });
  }

  private soundHost(id: number): SoundHost {
    const { host } = this.options;
    return {
      requestUntil: ((signal: AbortSignal | undefined, _method: 'bytes' | 'samples', params: { start: number; length: number } | { from: number; count: number }) =>
        'start' in params ? host.requestUntil(signal, 'soundBytes', { id, ...params }) : host.requestUntil(signal, 'soundSamples', { id, ...params })) as SoundHost['requestUntil'],
    };
  }
}

function keyOf(id: number, step: number): string {
  return `${id} ${step}`;
}
