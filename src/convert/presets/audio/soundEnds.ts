/** Where the sound in a file begins and ends: samples of one channel, the end exclusive. */
export interface SoundEnds {
  readonly from: number;
  readonly to: number;
}

/** Seconds for which every sample must stay below the threshold to count as silence: a low tone passes through zero for less. */
const SHORTEST_SILENCE = 0.02;

/** ffmpeg's filters that find the silences and count the samples; they speak. */
export function findSilences(threshold: number): readonly string[] {
  return [`silencedetect=noise=${threshold}dB:d=${SHORTEST_SILENCE}`, 'astats=measure_overall=Number_of_samples:measure_perchannel=none'];
}

/** What is printed has six digits: how far a time may be off. */
function roundingOf(seconds: number): number {
  return seconds < 1 ? 1e-6 : 10 ** (Math.floor(Math.log10(seconds)) - 5);
}

/**
 * The ends of what `findSilences` told to be no silence, leaving out sounds that are shorter than `shortest` seconds before the first
 * and after the last longer one; `none` where there is no longer one. Undefined where the filters did not speak.
 */
export function soundEnds(stderr: string, rate: number, shortest: number): SoundEnds | 'none' | undefined {
  const [, count] = /\] Number of samples: (\d+)\s*$/m.exec(stderr) ?? [];
  if (count === undefined) {
    return undefined;
  }
  const all = Number(count);
  const sounds = soundsBetween(silencesIn(stderr), all / rate).filter(({ from, to }) => to > from && to - from >= shortest);
  const first = sounds[0];
  const last = sounds.at(-1);
  if (first === undefined || last === undefined) {
    return 'none';
  }
  return {
    from: Math.max(0, Math.floor((first.from - roundingOf(first.from)) * rate)),
    to: Math.min(all, Math.ceil((last.to + roundingOf(last.to)) * rate)),
  };
}

function silencesIn(stderr: string): readonly SoundEnds[] {
  const times = [...stderr.matchAll(/\] silence_(start|end): (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)/g)];
  const silences: { from: number; to: number }[] = [];
  for (const [, kind, text] of times) {
    const last = silences.at(-1);
    if (kind === 'start') {
      silences.push({ from: Number(text), to: Infinity });
    } else if (last !== undefined) {
      last.to = Number(text);
    }
  }
  return silences;
}

function soundsBetween(silences: readonly SoundEnds[], seconds: number): readonly SoundEnds[] {
  const sounds: SoundEnds[] = [];
  let from = 0;
  for (const silence of silences) {
    sounds.push({ from, to: silence.from });
    from = silence.to;
  }
  // Of a silence up to the end the last digit may be lost.
  return seconds - from > roundingOf(seconds) ? [...sounds, { from, to: seconds }] : sounds;
}
