import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function soundFolder(): string {
  return mkdtempSync(join(tmpdir(), 'trainyard-sounds-'));
}

function ffmpeg(...args: readonly string[]): void {
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Four seconds: tone in the first and the third second, silence in the others; the right channel is half as loud and an octave up. */
export function steps(folder: string, extension = 'wav', args: readonly string[] = []): string {
  const file = join(folder, `steps.${extension}`);
  const on = 'lt(mod(t,2),1)';
  ffmpeg('-f', 'lavfi', '-i', `aevalsrc='if(${on},0.8*sin(2*PI*440*t),0)|if(${on},0.4*sin(2*PI*880*t),0)':s=48000:d=4`, ...args, file);
  return file;
}

/** Something like speech, with clipping in the left channel, silence, and a transcript of two speakers. */
export function take(folder: string): string {
  const file = join(folder, 'bench_take_07.wav');
  const voice = (pitch: number, seed: number) => `(0.5+0.5*sin(2*PI*${pitch}*t))*sin(2*PI*(180+60*sin(2*PI*0.7*t+${seed}))*t)*(0.4+0.3*sin(2*PI*(3.1+${seed})*t))`;
  const left = `if(between(mod(t,10),0,4),${voice(3, 1)},if(between(mod(t,10),6,8.5),${voice(4, 2)}*1.9,0))+0.0005*(random(0)-0.5)`;
  const right = `if(between(mod(t,10),5,8),0.5*${voice(2, 3)}+0.1*sin(2*PI*(1500+900*sin(2*PI*0.3*t))*t),0)+0.003*(random(1)-0.5)`;
  ffmpeg('-f', 'lavfi', '-i', `aevalsrc='${left}|${right}':s=48000:d=30`, '-c:a', 'pcm_s24le', file);
  writeFileSync(
    file.replace('.wav', '.vtt'),
    'WEBVTT\n\n00:00.200 --> 00:04.000\n<v A>Okay, camera two is recording. Place the cup on the left tray.\n\n00:05.000 --> 00:08.300\n<v B>The gripper is at forty percent. Move it slowly.\n\n00:10.200 --> 00:14.000\n<v A>Stop. The spoon slipped again. Mark this take as failed.\n\n00:15.000 --> 00:18.000\n<v B>Marked. Resetting the scene.\n',
  );
  return file;
}

export function manyChannels(folder: string): string {
  const file = join(folder, 'array_64.wav');
  execFileSync('sox', ['-n', '-r', '16000', '-c', '64', '-b', '16', file, 'synth', '3', 'pinknoise', 'vol', '0.3']);
  return file;
}

export function compressed(folder: string, kind: 'flac' | 'mp3' | 'opus' | 'm4a' | 'ogg'): string {
  const args = { flac: [], mp3: ['-b:a', '128k'], opus: ['-c:a', 'libopus'], m4a: ['-c:a', 'aac', '-b:a', '128k'], ogg: ['-c:a', 'libvorbis'] }[kind];
  return steps(folder, kind, args);
}

export function broken(folder: string): string {
  const file = join(folder, 'pointer.wav');
  writeFileSync(file, 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n');
  return file;
}
