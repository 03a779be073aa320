import type { AudioFacts, ImageFacts, Media } from '../media.ts';

/** What a header reader finds in a file. */
export type HeaderFacts = Pick<Media, 'duration' | 'audio' | 'video' | 'image' | 'problems'>;

export const NOT_STATED = { absent: 'the header does not state it' } as const;
export const LOSSY = { absent: 'the codec is lossy and has no bit depth' } as const;

/** A picture's facts with what nearly all pictures have in common. */
export function imageFacts(facts: Partial<ImageFacts>): ImageFacts {
  return {
    width: NOT_STATED,
    height: NOT_STATED,
    orientation: 1,
    frames: 1,
    bitDepth: NOT_STATED,
    colour: NOT_STATED,
    alpha: false,
    profile: false,
    ...facts,
  };
}

export function audioFacts(facts: Partial<AudioFacts>): AudioFacts {
  return { codec: NOT_STATED, sampleRate: NOT_STATED, channels: NOT_STATED, bitDepth: NOT_STATED, ...facts };
}

/** A header without what it needs to say anything. */
export function unreadable(problem: string): HeaderFacts {
  return { problems: [problem] };
}

/** `cut short: 3.2 of 10 s are there`. */
export function cutShort(there: number, stated: number, unit: string): string {
  return `cut short: ${short(there)} of ${short(stated)} ${unit} are there`;
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** A whole number from 1; what a header states as 0 is not stated. */
export function positive(value: number): number | typeof NOT_STATED {
  return value > 0 ? value : NOT_STATED;
}
