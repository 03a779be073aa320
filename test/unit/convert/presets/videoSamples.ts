import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { make } from '../videoBench.ts';

const folder = mkdtempSync(join(tmpdir(), 'trainyard-samples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const picture = (seconds = 1): readonly string[] => ['-f', 'lavfi', '-i', `testsrc2=s=64x48:r=30:d=${seconds}`];
const sound = (seconds = 1): readonly string[] => ['-f', 'lavfi', '-i', `sine=d=${seconds}:r=44100`];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const x265 = (params: string): readonly string[] => ['-vf', 'format=yuv420p10le', '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', `log-level=error:${params}`];

/** Arguments before the output. */
const MAKERS = {
  /** H.264 and AAC, 2 s, with a title. */
  'plain.mp4': () => [...picture(2), ...sound(2), ...h264, '-c:a', 'aac', '-metadata', 'title=secret'],
  /** 26 frames at times on no grid. */
  'variable.mp4': () => [
    ...picture(2), '-vf', "settb=1/90000,setpts='(N*0.0743+0.013*mod(N,3)+0.003*mod(N,7))/TB'", '-frames:v', '26',
    '-fps_mode', 'passthrough', '-enc_time_base', '1/90000', '-video_track_timescale', '90000', ...h264,
  ],
  /** To be shown turned by a quarter. */
  'turned.mp4': () => ['-i', from('plain.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90'],
  'pq.mkv': () => [...picture(), ...x265('colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc')],
  /** HLG, and nothing said of primaries and matrix. */
  'hlg.mp4': () => [...picture(), ...x265('transfer=arib-std-b67')],
  /** FLAC, Opus in stereo, and subtitles. */
  'tracks.mkv': () => [
    ...picture(), ...sound(), '-f', 'lavfi', '-i', 'sine=f=1000:d=1:r=22050', '-i', subtitles(), '-map', '0:v', '-map', '1:a', '-map', '2:a', '-map', '3:s',
    ...h264, '-c:a:0', 'flac', '-c:a:1', 'libopus', '-ac:a:1', '2', '-c:s', 'srt',
  ],
  'silent.webm': () => [...picture(), '-c:v', 'libvpx', '-b:v', '200k'],
  /** 63x47 in 4:4:4. */
  'odd.mkv': () => [...picture(), '-vf', 'format=yuv444p,crop=63:47', '-c:v', 'ffv1'],
  'single.mp4': () => [...picture(), '-frames:v', '1', ...h264],
  /** Begins at 1.4 s of its own clock. */
  'stream.ts': () => ['-i', from('plain.mp4'), '-c', 'copy'],
  'vorbis.webm': () => [...picture(), ...sound(), '-c:v', 'libvpx', '-b:v', '200k', '-c:a', 'libvorbis'],
  'pcm.mov': () => [...picture(), ...sound(), ...h264, '-c:a', 'pcm_s16be'],
  /** AC-3 in 5.1(side). */
  'surround.mkv': () => [...picture(), ...sound(), ...h264, '-af', 'aformat=channel_layouts=5.1(side)', '-ar', '48000', '-c:a', 'ac3'],
  'old.avi': () => [...picture(), ...sound(), '-c:v', 'mpeg4', '-c:a', 'libmp3lame'],
  /** The audio begins half a second after the picture. */
  'late.mkv': () => ['-i', from('plain.mp4'), '-itsoffset', '0.5', '-i', from('plain.mp4'), '-map', '0:v', '-map', '1:a', '-c', 'copy'],
  /** 2 s, black to white, 4 s from key frame to key frame. */
  'ramp.mp4': () => ['-f', 'lavfi', '-i', 'nullsrc=s=64x48:r=20:d=2', '-vf', "geq=lum='16+219*T/2':cb=128:cr=128", ...h264, '-crf', '1', '-g', '80'],
  /** Red by BT.709. */
  'red.mp4': () => [
    '-f', 'lavfi', '-i', 'color=red:s=64x48:r=10:d=0.5', '-vf', 'scale=out_color_matrix=bt709,format=yuv420p', '-colorspace', 'bt709', '-color_trc', 'bt709', '-color_primaries', 'bt709',
    '-c:v', 'libx264', '-crf', '1',
  ],
  /** Two frames early on, and sound for 2 s. */
  'still.mp4': () => [...picture(), ...sound(2), '-frames:v', '2', ...h264, '-c:a', 'aac'],
  /** With a time code track. */
  'timecode.mov': () => ['-i', from('plain.mp4'), '-c', 'copy', '-timecode', '01:00:00:00'],
  /** With a cover picture of 20 x 20, which is a video stream to ffmpeg. */
  'cover.mp4': () => [
    '-i', from('plain.mp4'), '-f', 'lavfi', '-i', 'color=red:s=20x20:d=1', '-map', '0', '-map', '1', '-frames:v:1', '1', '-c', 'copy', '-c:v:1', 'mjpeg', '-disposition:v:1', 'attached_pic',
  ],
  'rgb.mov': () => [...picture(), '-c:v', 'png'],
} as const satisfies Readonly<Record<string, () => readonly string[]>>;

export type Sample = keyof typeof MAKERS;

const made = new Map<Sample, string>();

/** A small video that is odd in one way, made once a test file. */
export function sample(name: Sample): string {
  const known = made.get(name);
  if (known !== undefined) {
    return known;
  }
  const path = join(folder, name);
  make(...MAKERS[name](), path);
  made.set(name, path);
  return path;
}

function from(name: string): string {
  return sample(name as Sample);
}

function subtitles(): string {
  const path = join(folder, 'subtitles.srt');
  writeFileSync(path, '1\n00:00:00,000 --> 00:00:01,000\nhello\n');
  return path;
}
