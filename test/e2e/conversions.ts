import { join } from 'node:path';
import { execa } from 'execa';

/** One conversion as a person does it, and what its outputs have to be. Names are those of the sample data set. */
export interface Conversion {
  /** Relative to the data set. */
  readonly folder: string;
  readonly files: readonly string[];
  /** The preset's title. */
  readonly preset: string;
  /** Of the outputs, relative to the data set. */
  readonly outputFolder: string;
  readonly output: (file: string) => string;
  /** What the tools say of an output, in a few words. */
  readonly measure: (file: string) => Promise<string>;
  readonly expected: RegExp;
}

export const AUDIO: Conversion = {
  folder: 'audio/speech',
  files: ['take 01.wav', 'take 02.wav', 'rain & wind [take 1].wav', '-n.wav', 'Überraschung – 50 %.wav'],
  preset: '16 kHz mono WAV',
  outputFolder: 'audio/speech/wav-16k-mono',
  output: (file) => file,
  measure: async (file) => {
    const ask = async (what: string): Promise<string> => (await execa('soxi', [what, file])).stdout;
    return `${await ask('-r')} Hz, ${await ask('-c')} channel, ${await ask('-b')} bit, ${Number(await ask('-D')).toFixed(2)} s`;
  },
  expected: /^16000 Hz, 1 channel, 16 bit, [23]\.\d+ s$/,
};

/** The last two of them were taken with the camera turned. */
export const PICTURES: Conversion = {
  folder: 'images',
  files: ['photo_0001.jpg', 'photo_0002.jpg', 'photo_0006.jpg', 'photo_0007.jpg'],
  preset: 'Fit the long edge',
  outputFolder: 'images/fit',
  output: (file) => file,
  measure: async (file) => (await execa('identify', ['-format', '%m %wx%h', file])).stdout,
  expected: /^JPEG (512x341|341x512)$/,
};

export const VIDEOS: Conversion = {
  folder: 'video',
  files: ['bench-cam_001.mp4', 'door_004.webm'],
  preset: 'Poster frame',
  outputFolder: 'video/poster',
  output: (file) => file.replace(/\.\w+$/, '.jpg'),
  measure: async (file) => {
    const args = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0', file];
    return (await execa('ffprobe', args)).stdout;
  },
  expected: /^mjpeg,480,270$/,
};

export interface Measured {
  /** Relative to the data set. */
  readonly output: string;
  readonly facts: string;
  readonly isAsExpected: boolean;
}

/** Looks at each output with the tools themselves. @param dataset absolute path */
export async function measureOutputs(dataset: string, { files, outputFolder, output, measure, expected }: Conversion): Promise<Measured[]> {
  return Promise.all(
    files.map(async (file) => {
      const path = join(outputFolder, output(file));
      const facts = await measure(join(dataset, path));
      return { output: path, facts, isAsExpected: expected.test(facts) };
    }),
  );
}
