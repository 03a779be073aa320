import { join } from 'node:path';
import { race } from '../measure.ts';
import { against, type Bench } from '../row.ts';
import { batchSeconds, ourRun, parallelRun, singleCommand, xargsRun, type Conversion } from './conversion.ts';
import { makeAacs, makeWavs } from '../inputs.ts';

const ROUNDS = 5;

/** (a) 400 WAV of 3 s, 44.1 kHz stereo, to 16 kHz mono. */
export const wavs: Bench = {
  room: 'convert',
  name: 'wav',
  async run(context) {
    const { folder } = context;
    const inputs = join(folder, 'wavs');
    const names = makeWavs(inputs, 400, { seconds: 3, sampleRate: 44_100, channels: 2 });
    const conversion: Conversion = { preset: 'audio.wav-16k-mono', inputs };
    const sox = await singleCommand(context, conversion);
    const soxCommands = (output: string) => names.map((name) => sox(join(inputs, name), join(output, name)));
    const ffmpegCommands = (output: string) => names.map((name) => ffmpeg16k(join(inputs, name), join(output, name)));
    const times = await race(
      {
        ours: ourRun(context, conversion),
        batch: { ...ourRun(context, conversion), seconds: batchSeconds },
        xargs: xargsRun(join(folder, 'xargs'), soxCommands),
        parallelSox: parallelRun(join(folder, 'parallel-sox'), soxCommands),
        parallelFfmpeg: { ...parallelRun(join(folder, 'parallel-ffmpeg'), ffmpegCommands), once: true },
      },
      ROUNDS,
    );
    const title = '400 WAV to 16 kHz mono';
    return [
      against('convert', `${title}, the batch beside xargs -P2 sox`, times.batch, times.xargs, 1.15),
      against('convert', `${title}, the batch beside parallel sox`, times.batch, times.parallelSox, 0.6),
      against('convert', `${title}, the batch beside parallel ffmpeg`, times.batch, times.parallelFfmpeg, 0.2),
      against('convert', `${title}, start and plan too, beside xargs -P2 sox`, times.ours, times.xargs, null),
      against('convert', `${title}, start and plan too, beside parallel sox`, times.ours, times.parallelSox, null),
    ];
  },
};

/** (d) 200 AAC in MP4 to 16 kHz mono, which sox cannot read. */
export const aacs: Bench = {
  room: 'convert',
  name: 'aac',
  async run(context) {
    const { folder } = context;
    const inputs = join(folder, 'aacs');
    const names = await makeAacs(inputs, 200, 3);
    const conversion: Conversion = { preset: 'audio.wav-16k-mono', inputs };
    const ffmpeg = await singleCommand(context, conversion);
    const commands = (output: string) => names.map((name) => ffmpeg(join(inputs, name), join(output, name.replace('.m4a', '.wav'))));
    const times = await race({ ours: ourRun(context, conversion), peer: { ...parallelRun(join(folder, 'parallel'), commands), once: true } }, ROUNDS);
    return [against('convert', '200 AAC in MP4 to 16 kHz mono, beside parallel ffmpeg', times.ours, times.peer, 0.35)];
  },
};

/** What a person types for one file, with the threads that help where two run at once. */
function ffmpeg16k(input: string, output: string): readonly string[] {
  return [
    '/usr/bin/ffmpeg', '-v', 'error', '-nostdin', '-y', '-threads', '1', '-i', input, '-ac', '1', '-ar', '16000', '-c:a', 'pcm_s16le', output,
  ];
}
