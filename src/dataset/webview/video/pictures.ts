import { VideoSampleSink } from 'mediabunny';
import type { InputVideoTrack, VideoSample } from 'mediabunny';
import { isAbsent } from '../../../base/absent.ts';
import type { HostConnection } from '../../../webview/messageClient.ts';
import { openInput } from '../audio/pageFeed.ts';
import type { SoundHost } from '../audio/soundFeed.ts';
import type { VideoFacts, VideoHost } from './protocol.ts';

/** A decoded picture; whoever has it closes it. */
export interface Picture {
  /** Seconds on the file's own clock. */
  readonly time: number;
  draw(context: CanvasRenderingContext2D, width: number, height: number): void;
  close(): void;
}

/** Decoded pictures, from wherever they are decoded. */
export interface FilmPictures {
  readonly way: 'page' | 'host';
  readonly words: string;
  /** The picture that is shown at a time. */
  at(time: number, width: number, signal: AbortSignal): Promise<Picture>;
  /** Small, for the strip: another decoder, which does not disturb the first. */
  small(time: number, width: number, signal: AbortSignal): Promise<Picture>;
  /** Pictures from a time on, in the order of their showing. */
  from(time: number, width: number, signal: AbortSignal): AsyncGenerator<Picture>;
  dispose(): void;
}

export type PicturesResult = { readonly pictures: FilmPictures } | { readonly problem: string };
export type PictureHost = SoundHost & Pick<HostConnection<VideoHost>, 'requestUntil'>;

/** The browser's decoder where it decodes the film's first picture, else the host's. */
export async function findPictures(host: PictureHost, facts: VideoFacts, decode: 'auto' | 'host'): Promise<PicturesResult> {
  const canHost = !isAbsent(facts.host);
  const codec = isAbsent(facts.codec) ? 'the codec' : facts.codec.toUpperCase();
  if (decode === 'host' && canHost) {
    return { pictures: hostPictures(host, `Pictures (${codec}) are decoded on the host, as the settings ask`) };
  }
  const input = openInput(host, facts);
  let why = `this window does not take ${facts.container} apart`;
  if (input !== undefined) {
    why = `this window does not decode ${codec}`;
    try {
      const track = (await input.getVideoTracks())[0];
      if (track !== undefined && (await track.canDecode())) {
        const sample = await new VideoSampleSink(track).getSample(await track.getFirstTimestamp());
        if (sample !== null) {
          sample.close();
          return { pictures: new PagePictures(track, codec, () => input.dispose()) };
        }
      }
    } catch {
      // What it says of itself is not what it does.
    }
    input.dispose();
  }
  return canHost ? { pictures: hostPictures(host, `Pictures are decoded on the host: ${why}`) } : { problem: `${why}, and ${(facts.host as { absent: string }).absent}` };
}

class PagePictures implements FilmPictures {
  readonly way = 'page';
  readonly words: string;
  private readonly sink: VideoSampleSink;
  private readonly smallSink: VideoSampleSink;

  constructor(
    track: InputVideoTrack,
    codec: string,
    readonly dispose: () => void,
  ) {
    this.sink = new VideoSampleSink(track);
    this.smallSink = new VideoSampleSink(track);
    this.words = `Pictures (${codec}) are decoded in this window: their packets are sent as they are. While it plays a picture is within one frame of the sound, or left out.`;
  }

  at(time: number): Promise<Picture> {
    return take(this.sink.getSample(time));
  }

  small(time: number): Promise<Picture> {
    return take(this.smallSink.getSample(time));
  }

  async *from(time: number, _width: number, signal: AbortSignal): AsyncGenerator<Picture> {
    for await (const sample of this.sink.samples(time)) {
      if (signal.aborted) {
        sample.close();
        return;
      }
      yield pictureOf(sample);
    }
  }
}

async function take(found: Promise<VideoSample | null>): Promise<Picture> {
  const sample = await found;
  if (sample === null) {
    throw new Error('There is no picture at this time.');
  }
  return pictureOf(sample);
}

function pictureOf(sample: VideoSample): Picture {
  return { time: sample.timestamp, draw: (context, width, height) => sample.draw(context, 0, 0, width, height), close: () => sample.close() };
}

/** Pictures of a second when the host decodes a film that plays, and how wide they are at most. */
const RATE = 12;
const PLAY_WIDTH = 640;

function hostPictures(host: PictureHost, words: string): FilmPictures {
  const at = async (time: number, width: number, signal: AbortSignal) => bitmapOf(await host.requestUntil(signal, 'frame', { time, width }), time);
  return {
    way: 'host',
    words: `${words}: one at a time, and ${RATE} a second while it plays, which may be ${Math.round(1000 / RATE)} ms beside the sound.`,
    at,
    small: at,
    async *from(time, width, signal) {
      const clip = (second: number) => host.requestUntil(signal, 'clip', { time: time + second, width: Math.min(PLAY_WIDTH, width), rate: RATE });
      let next = clip(0);
      for (let second = 0; ; second++) {
        const pictures = await next;
        if (pictures.length === 0) {
          return;
        }
        next = clip(second + 1);
        // Whoever stops meanwhile does not wait for it.
        next.catch(() => undefined);
        for (const [index, bytes] of pictures.entries()) {
          signal.throwIfAborted();
          yield await bitmapOf(bytes, time + second + index / RATE);
        }
      }
    },
    dispose: () => undefined,
  };
}

async function bitmapOf(bytes: Uint8Array, time: number): Promise<Picture> {
  const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)], { type: 'image/jpeg' }));
  return { time, draw: (context, width, height) => context.drawImage(bitmap, 0, 0, width, height), close: () => bitmap.close() };
}
