import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import type { PixelSize } from '../../imageWork.ts';
import type { FfmpegCall } from '../../mediaWork.ts';
import { exactly, type Expectation, type Range, type Task } from '../../preset.ts';
import {
  AAC_LAYOUTS, BITEXACT, CROP_EVEN, frameTiming, hdrNeeds, IN_STEP, isHdr, metadataArgs, refuseHdr, scaleTo, toneMap,
} from './filters.ts';
import type { AudioChoice, HdrChoice, Speed } from './options.ts';
import { evenSize, FIRST_AUDIO, FIRST_VIDEO, knownSize, refuseVideo, shownFrames, sourceOf, wholeDuration } from './source.ts';

/** What the presets that write H.264 in MP4 have in common. */
export interface MovieOptions {
  readonly crf: number;
  readonly speed: Speed;
  readonly audio: AudioChoice;
  readonly audioBitrate: number;
  readonly hdr: HdrChoice;
  readonly metadata: 'strip' | 'keep';
}

/** Audio codecs that MP4 holds and that players and loaders read from it; ffmpeg 5 calls FLAC in it experimental. */
const IN_MP4 = new Set(['aac', 'mp3', 'ac3', 'eac3', 'alac', 'opus']);

/** How the audio gets there: as it is, anew, or not at all. */
export function audioWay(media: Media, choice: AudioChoice): 'copy' | 'aac' | 'none' {
  if (media.audio === undefined || choice === 'none') {
    return 'none';
  }
  return choice === 'auto' ? (IN_MP4.has(known(media.audio.codec) ?? '') ? 'copy' : 'aac') : choice;
}

export function refuseMovie(media: Media, { audio, hdr }: MovieOptions): string | undefined {
  const refusal = refuseVideo(media) ?? refuseHdr(media, hdr);
  if (refusal !== undefined) {
    return refusal;
  }
  const codec = known(media.audio?.codec);
  return audioWay(media, audio) === 'copy' && !IN_MP4.has(codec ?? '')
    ? `its audio (${codec ?? 'of an unknown codec'}) is not copied into MP4: choose AAC with the option “audio”`
    : undefined;
}

export function movieNeeds({ hdr }: MovieOptions): readonly string[] {
  return ['libx264', ...hdrNeeds(hdr)];
}

/** The size of the output: as scaled, or as it is with at most one row and one column cut off. */
export function movieSize(media: Media, scaled: PixelSize | undefined): PixelSize {
  return scaled ?? evenSize(knownSize(media));
}

export function movieCall(task: Task<MovieOptions>, scaled?: PixelSize): FfmpegCall {
  const { media, options, tool } = task;
  const way = audioWay(media, options.audio);
  const filters = [
    ...toneMap(media, options.hdr),
    scaled ? scaleTo(scaled) : CROP_EVEN,
    `format=${isHdr(media) && options.hdr === 'keep' ? 'yuv420p10le' : 'yuv420p'}`,
  ];
  const seconds = known(media.duration);
  const frames = known(media.video?.frames);
  return {
    engine: 'ffmpeg',
    groupable: false,
    ...(seconds !== undefined && { seconds }),
    ...(frames !== undefined && { frames }),
    source: sourceOf(media),
    map: [FIRST_VIDEO, ...(way === 'none' ? [] : [FIRST_AUDIO])],
    outputOptions: [
      '-vf', filters.join(','),
      ...frameTiming(tool, 'vfr'),
      '-c:v', 'libx264', '-preset', options.speed, '-crf', String(options.crf),
      ...audioArgs(way, options.audioBitrate),
      ...metadataArgs(options.metadata), ...BITEXACT,
      '-movflags', '+faststart', '-f', 'mp4',
    ],
    output: task.output,
    threads: task.threads,
  };
}

function audioArgs(way: 'copy' | 'aac' | 'none', bitrate: number): readonly string[] {
  switch (way) {
    case 'none':
      return [];
    case 'copy':
      return ['-c:a', 'copy'];
    case 'aac':
      return ['-af', `${IN_STEP},${AAC_LAYOUTS}`, '-c:a', 'aac', '-b:a', `${bitrate}k`];
  }
}

/** What an H.264 film of this size is held to; as long as its input where no duration is given. */
export function expectMovie(media: Media, { audio }: MovieOptions, size: PixelSize, cut?: { readonly duration: Range }): Expectation {
  const way = audioWay(media, audio);
  const duration = cut?.duration ?? wholeDuration(media, way !== 'none');
  const frames = cut ? undefined : shownFrames(media);
  const codec = way === 'aac' ? 'aac' : known(media.audio?.codec);
  return {
    container: ['mp4'],
    ...(duration && { duration }),
    video: { codec: 'h264', width: exactly(size.width), height: exactly(size.height), ...(frames && { frames }) },
    ...(way !== 'none' && { audio: codec === undefined ? {} : { codec } }),
  };
}
