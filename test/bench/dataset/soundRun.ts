import { openSound } from '../../../src/dataset/audio/openSound.ts';
import { PeakLevels } from '../../../src/dataset/audio/peakLevels.ts';
import { Spectrogram } from '../../../src/dataset/audio/spectrogram.ts';
import { SoundWalk } from '../../../src/dataset/audio/walkSound.ts';

/** Bundled and run by sound.ts: walks through a recording as its preview does. */
export interface SoundFigures {
  /** Of processor time. */
  readonly seconds: number;
  /** Of sound. */
  readonly length: number;
}

const [file = ''] = process.argv.slice(2);
const signal = new AbortController().signal;
const { reader, facts } = await openSound({ file }, {}, signal);
if (reader === undefined) {
  throw new Error(`${file} is not decoded`);
}
const before = process.cpuUsage();
await new SoundWalk(reader, new PeakLevels(facts.channels, facts.frames), new Spectrogram(reader).coarse).run(signal);
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ seconds: (user + system) / 1e6, length: facts.frames / facts.sampleRate } satisfies SoundFigures));
