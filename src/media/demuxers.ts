import type { Container } from './media.ts';

/** How ffmpeg and ffprobe are told what a file is. */
export interface Demuxer {
  /** For `-f`. */
  readonly name: string;
  /** Its full name, as `-format_whitelist` compares it. */
  readonly whitelist: string;
}

const demuxer = (name: string, whitelist = name): Demuxer => ({ name, whitelist });
const MOV = demuxer('mov', 'mov,mp4,m4a,3gp,3g2,mj2');
const MATROSKA = demuxer('matroska', 'matroska,webm');

/**
 * ffmpeg's demuxer for each container of sound and moving pictures. Playlists, scripts and text are not among them: a demuxer
 * that opens other files by what the file says is never forced, and never chosen by probing.
 */
export const MEDIA_DEMUXERS: Readonly<Partial<Record<Container, Demuxer>>> = {
  wav: demuxer('wav'), aiff: demuxer('aiff'), flac: demuxer('flac'), ogg: demuxer('ogg'), mp3: demuxer('mp3'), adts: demuxer('aac'),
  au: demuxer('au'), sph: demuxer('nistsphere'), caf: demuxer('caf'), amr: demuxer('amr'), ape: demuxer('ape'), wavpack: demuxer('wv'),
  asf: demuxer('asf'), mp4: MOV, mov: MOV, matroska: MATROSKA, webm: MATROSKA, avi: demuxer('avi'), flv: demuxer('flv'),
  mpegts: demuxer('mpegts'), mpegps: demuxer('mpeg'), y4m: demuxer('yuv4mpegpipe'), h264: demuxer('h264'),
};

/** The same for pictures: demuxers of a single file's bytes, never `image2`, which reads patterns into names. */
export const PICTURE_DEMUXERS: Readonly<Partial<Record<Container, Demuxer>>> = {
  jpeg: demuxer('jpeg_pipe'), png: demuxer('png_pipe'), webp: demuxer('webp_pipe'), gif: demuxer('gif'), tiff: demuxer('tiff_pipe'),
  bmp: demuxer('bmp_pipe'),
};

/** Input options that force the demuxer and let nothing in the file choose another. */
export function demuxerArgs({ name, whitelist }: Demuxer): readonly string[] {
  return ['-format_whitelist', whitelist, '-f', name];
}
