import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

function ffmpeg(...args: readonly string[]): void {
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

export const FRAMES = 60;

/** Sixty pictures at 25 a second, each a grey of its own: see `frameOfGrey`. With a tone of 2.4 s. */
export function greys(folder: string, name: string, args: readonly string[]): string {
  const file = join(folder, name);
  ffmpeg('-f', 'lavfi', '-i', "color=c=black:s=160x96:r=25:d=2.4,format=yuv420p,geq=lum='20+3*N':cb=128:cr=128", '-f', 'lavfi', '-i', 'sine=440:sample_rate=48000:d=2.4', ...args, file);
  return file;
}

export const H264 = ['-c:v', 'libx264', '-bf', '2', '-g', '20', '-crf', '6', '-pix_fmt', 'yuv420p', '-c:a', 'aac'] as const;
export const MPEG4 = ['-c:v', 'mpeg4', '-q:v', '1', '-c:a', 'mp3'] as const;

/** Which of the pictures has this grey. */
export function frameOfGrey(grey: number): number {
  return ((grey * 219) / 255 - 4) / 3;
}

/** Taller than wide once it is turned. */
export function turned(folder: string): string {
  const upright = greys(folder, 'upright.mp4', H264);
  const file = join(folder, 'turned.mp4');
  ffmpeg('-i', upright, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', file);
  return file;
}

/** Pictures at uneven distances. */
export function uneven(folder: string): string {
  const file = join(folder, 'uneven.mp4');
  ffmpeg('-f', 'lavfi', '-i', "color=c=black:s=160x96:r=25:d=2.4,format=yuv420p,geq=lum='20+3*N':cb=128:cr=128,select='not(mod(n,3))+eq(mod(n,7),1)'", '-vsync', 'vfr', '-c:v', 'libx264', '-crf', '6', '-pix_fmt', 'yuv420p', file);
  return file;
}

/** A test card with a running clock and sound, to be looked at. */
export function testCard(folder: string): string {
  const file = join(folder, 'bench-cam_014.mp4');
  ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=12', '-f', 'lavfi', '-i', "aevalsrc='0.5*sin(2*PI*330*t)*lt(mod(t,2),1.2)*(0.3+0.7*abs(sin(t)))':s=44100:d=12", '-c:v', 'libx264', '-preset', 'veryfast', '-g', '30', '-pix_fmt', 'yuv420p', '-c:a', 'aac', file);
  return file;
}
