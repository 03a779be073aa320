import { known } from '../../../base/absent.ts';
import type { Media } from '../../../media/media.ts';
import type { FoundTool } from '../../../process/foundTool.ts';
import type { PixelSize } from '../../imageWork.ts';
import type { HdrChoice } from './options.ts';

/** Transfer characteristics of HDR: PQ (SMPTE ST 2084) and HLG (ARIB STD-B67). */
const HDR_TRANSFERS = new Set(['smpte2084', 'arib-std-b67']);

export function isHdr(media: Media): boolean {
  return HDR_TRANSFERS.has(known(media.video?.transfer) ?? '');
}

export function refuseHdr(media: Media, choice: HdrChoice): string | undefined {
  return isHdr(media) && choice === 'refuse'
    ? `it is HDR (${String(known(media.video?.transfer))}): choose with the option “hdr” whether to tone-map or keep it`
    : undefined;
}

/** Features of ffmpeg's build that tone mapping needs. */
export function hdrNeeds(choice: HdrChoice): readonly string[] {
  return choice === 'tonemap' ? ['libzimg'] : [];
}

/**
 * HDR to BT.709 at 8 bits, where asked for. All characteristics are named outright: zscale refuses frames that state some and not
 * others.
 */
export function toneMap(media: Media, choice: HdrChoice): readonly string[] {
  if (!isHdr(media) || choice !== 'tonemap') {
    return [];
  }
  return [
    `setparams=color_primaries=bt2020:color_trc=${String(known(media.video?.transfer))}:colorspace=bt2020nc`,
    'zscale=t=linear:npl=100',
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
    'format=yuv420p',
  ];
}

export function scaleTo({ width, height }: PixelSize, more = ''): string {
  return `scale=${width}:${height}:flags=lanczos+accurate_rnd${more}`;
}

/** One row and one column at most are cut off, so that nothing is resampled. */
export const CROP_EVEN = 'crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0';

/**
 * Frames keep their times: by default ffmpeg 5 lays those of MP4 on a fixed grid, and 26 frames of variable rate become 58. Before 5.1
 * the option was called `-vsync`. `passthrough` also keeps frames of the same time; `vfr` moves them apart, as muxers need.
 */
export function frameTiming(tool: FoundTool, mode: 'vfr' | 'passthrough'): readonly string[] {
  const [, major = '', minor = ''] = /^n?(\d+)\.(\d+)/.exec(tool.version) ?? [];
  const isOld = major !== '' && (Number(major) < 5 || (Number(major) === 5 && Number(minor) < 1));
  return [isOld ? '-vsync' : '-fps_mode', mode, '-enc_time_base:v', '-1'];
}

/** Audio at the times of its video: silence where it begins late or packets are missing. Without it all that follows comes too early. */
export const IN_STEP = 'aresample=async=1:first_pts=0';

/** Layouts that every decoder of AAC knows by their number; AC-3's 5.1(side) would be written as one of its own. */
export const AAC_LAYOUTS = 'aformat=channel_layouts=7.1|5.1|5.0|4.0|3.0|stereo|mono';

/** Layouts that libopus takes; AC-3's 5.1(side) is none of them until it is renamed. */
export const OPUS_LAYOUTS = 'aformat=channel_layouts=7.1|6.1|5.1|5.0|quad|3.0|stereo|mono';

/** Without the mapping of RFC 7845, 5.1.1.2, ffmpeg 5.1 writes five and seven channels in the wrong order. */
export function opusEncoder(bitrate: number): readonly string[] {
  return ['-c:a', 'libopus', '-mapping_family', '1', '-b:a', `${bitrate}k`];
}

/** Neither versions nor times of day in what is written: the same input gives the same bytes. */
export const BITEXACT: readonly string[] = ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'];

export const STRIP_METADATA: readonly string[] = ['-map_metadata', '-1', '-map_chapters', '-1'];

export function metadataArgs(choice: 'strip' | 'keep'): readonly string[] {
  return choice === 'strip' ? STRIP_METADATA : ['-map_metadata', '0', '-map_chapters', '0'];
}
