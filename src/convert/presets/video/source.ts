import { statSync } from 'node:fs';
import { known } from '../../../base/absent.ts';
import { MEDIA_DEMUXERS } from '../../../media/demuxers.ts';
import type { Media } from '../../../media/media.ts';
import type { PixelSize } from '../../imageWork.ts';
import type { MediaSource } from '../../mediaWork.ts';
import { near, type Range } from '../../preset.ts';

/** ffmpeg's specifiers: the first video stream that is no cover picture, and the first audio stream. */
export const FIRST_VIDEO = 'V:0';
export const FIRST_AUDIO = 'a:0';

export function sourceOf({ path, container }: Media): MediaSource {
  return { path, container };
}

/** Why nothing can be made of this file's pictures; undefined where something can. */
export function refuseVideo(media: Media): string | undefined {
  if (media.video === undefined) {
    return media.problems[0] ?? 'it has no video track';
  }
  if (MEDIA_DEMUXERS[media.container] === undefined) {
    return `${media.container} files are not shown to ffmpeg`;
  }
  const size = displaySize(media);
  if (size === undefined) {
    return 'the size of its picture is not known';
  }
  return Math.min(size.width, size.height) < 2 ? 'its picture is narrower than 2 pixels' : undefined;
}

/** Pixels as displayed, after rotation; ffmpeg turns frames before its filters see them. Undefined where not known. */
export function displaySize({ video }: Media): PixelSize | undefined {
  const width = known(video?.width);
  const height = known(video?.height);
  if (width === undefined || height === undefined) {
    return undefined;
  }
  return (known(video?.rotation) ?? 0) % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** The display size of what `refuseVideo` let through. */
export function knownSize(media: Media): PixelSize {
  const size = displaySize(media);
  if (size === undefined) {
    throw new Error('the size was to be known');
  }
  return size;
}

/** A size whose sides H.264 and VP9 in 4:2:0 can have. */
export function evenSize({ width, height }: PixelSize): PixelSize {
  return { width: width - (width % 2), height: height - (height % 2) };
}

export type Side = 'long' | 'width' | 'height';

/** The size with one side at `pixels`, proportions kept to the pixel; undefined where the picture stays as large as it is. */
export function fitSide(size: PixelSize, side: Side, pixels: number, mayEnlarge: boolean): PixelSize | undefined {
  const from = side === 'long' ? Math.max(size.width, size.height) : size[side];
  if (from === pixels || (from < pixels && !mayEnlarge)) {
    return undefined;
  }
  const scaled = (length: number): number => Math.max(1, Math.round((length * pixels) / from));
  return { width: scaled(size.width), height: scaled(size.height) };
}

export function evenFit(size: PixelSize, side: Side, pixels: number, mayEnlarge: boolean): PixelSize | undefined {
  const fitted = fitSide(size, side, pixels, mayEnlarge);
  const even = (length: number): number => Math.max(2, 2 * Math.round(length / 2));
  return fitted && { width: even(fitted.width), height: even(fitted.height) };
}

/** Seconds of the video track alone, by its packets where they were counted; an edit list may hide some of them. */
export function videoSeconds(media: Media): number | undefined {
  const duration = known(media.duration);
  const frames = known(media.video?.frames);
  const rate = known(media.video?.frameRate);
  const counted = frames !== undefined && rate !== undefined && rate > 0 ? frames / rate : undefined;
  return duration === undefined || counted === undefined ? undefined : Math.min(duration, counted);
}

/** Seconds by which a time may be off: a few frames, for the last one's length is not always stored. */
export function slack(media: Media): number {
  const rate = known(media.video?.frameRate);
  return Math.max(0.25, rate === undefined ? 0 : 3 / rate);
}

/** Bounds of an output that plays as long as its input; the audio that is left out may have been the longer track. */
export function wholeDuration(media: Media, keepsAudio: boolean): Range | undefined {
  const duration = known(media.duration);
  if (duration === undefined) {
    return undefined;
  }
  const seconds = keepsAudio || media.audio === undefined ? duration : videoSeconds(media);
  return seconds === undefined ? { min: 0, max: duration + slack(media) } : near(seconds, slack(media));
}

/** Bounds of the frames that are shown, each written once; an edit list or a damaged start may hide some packets. */
export function shownFrames(media: Media): Range | undefined {
  const frames = known(media.video?.frames);
  const rate = known(media.video?.frameRate);
  const seconds = videoSeconds(media);
  if (frames === undefined || rate === undefined || seconds === undefined) {
    return undefined;
  }
  return { min: Math.max(1, Math.floor(Math.min(frames, seconds * rate) * 0.98) - 2), max: frames + 2 };
}

/** Whether ffmpeg wrote nothing, which it does with exit 0 where no frame was left. */
export function isEmptyFile(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;
}
