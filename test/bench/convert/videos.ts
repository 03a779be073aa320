import { join } from 'node:path';
import { race } from '../measure.ts';
import { against, type Bench } from '../row.ts';
import { ourRun, parallelRun, serialRun, singleCommand, type Conversion } from './conversion.ts';
import { makeVideos } from '../inputs.ts';

/** (c) 8 transcodes to H.264. */
export const videos: Bench = {
  room: 'convert',
  name: 'video',
  async run(context) {
    const { folder } = context;
    const inputs = join(folder, 'videos');
    const names = await makeVideos(inputs, 8, { seconds: 4, size: '480x270' });
    const conversion: Conversion = { preset: 'video.h264', inputs };
    const ffmpeg = await singleCommand(context, conversion);
    const commands = (output: string) => names.map((name) => ffmpeg(join(inputs, name), join(output, name)));
    const times = await race(
      {
        ours: ourRun(context, conversion),
        parallel: parallelRun(join(folder, 'parallel'), commands),
        serial: serialRun(join(folder, 'serial'), (output) => commands(output).map(withDefaultThreads)),
      },
      3,
    );
    return [
      against('convert', '8 videos to H.264, beside parallel with the same ffmpeg', times.ours, times.parallel, 1.03),
      against('convert', '8 videos to H.264, beside ffmpeg one by one with its own threads', times.ours, times.serial, 1),
    ];
  },
};

/** The same command without a word about threads. */
function withDefaultThreads(command: readonly string[]): readonly string[] {
  return command.filter((word, index) => !isThreads(word) && !isThreads(command[index - 1] ?? ''));
}

function isThreads(word: string): boolean {
  return /^-(?:filter_|filter_complex_)?threads$/.test(word);
}
