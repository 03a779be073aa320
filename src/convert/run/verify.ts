import { isAbsent, type Measured } from '../../base/absent.ts';
import type { Media } from '../../media/media.ts';
import type { Expectation, Range } from '../preset.ts';

/** What a probe of an output says otherwise than it was expected to. */
export interface Unmatched {
  /** `sample rate: expected 16000 Hz, found 44100 Hz`. */
  readonly text: string;
  /** Less is there than was expected, and nothing else is wrong with it: what damage to the input leaves. */
  readonly isShort: boolean;
}

interface Check {
  readonly name: string;
  readonly unit: string;
  readonly expected: Range | number | string | readonly string[] | undefined;
  readonly found: Measured<number | string> | undefined;
  /** Whether a damaged input may leave less of it. */
  readonly mayBeShort?: boolean;
}

/** Holds an output to its post-condition: nothing where it is met. What cannot be told is not met. */
export function unmatched(expected: Expectation, media: Media): readonly Unmatched[] {
  const faults: Unmatched[] = media.problems.map((text) => ({ text, isShort: false }));
  for (const check of checksOf(expected, media)) {
    const fault = faultOf(check);
    if (fault !== undefined) {
      faults.push(fault);
    }
  }
  return faults;
}

function checksOf({ container, duration, audio, video, image }: Expectation, media: Media): readonly Check[] {
  const checks: Check[] = [];
  const check = (name: string, unit: string, wanted: Check['expected'], found: Check['found'], mayBeShort = false): void => {
    if (wanted !== undefined) {
      checks.push({ name, unit, expected: wanted, found, mayBeShort });
    }
  };
  check('container', '', container, media.container);
  check('duration', 's', duration, media.duration, true);
  check('audio codec', '', audio?.codec, media.audio?.codec);
  check('sample rate', 'Hz', audio?.sampleRate, media.audio?.sampleRate);
  check('channels', '', audio?.channels, media.audio?.channels);
  check('bit depth', 'bits', audio?.bitDepth, media.audio?.bitDepth);
  check('video codec', '', video?.codec, media.video?.codec);
  check('width', 'px', video?.width, media.video?.width);
  check('height', 'px', video?.height, media.video?.height);
  check('frames', '', video?.frames, media.video?.frames, true);
  check('width', 'px', image?.width, media.image?.width);
  check('height', 'px', image?.height, media.image?.height);
  check('orientation', '', image?.orientation, media.image?.orientation);
  check('pictures', '', image?.frames, media.image?.frames);
  return checks;
}

function faultOf({ name, unit, expected, found, mayBeShort }: Check): Unmatched | undefined {
  if (found !== undefined && !isAbsent(found) && fits(expected, found)) {
    return undefined;
  }
  const said = found === undefined ? 'none' : isAbsent(found) ? `unknown (${found.absent})` : withUnit(String(found), unit);
  const isShort = mayBeShort === true && typeof found === 'number' && found > 0 && isRange(expected) && found < expected.min;
  return { text: `${name}: expected ${withUnit(describe(expected), unit)}, found ${said}`, isShort };
}

function fits(expected: Check['expected'], found: number | string): boolean {
  if (isRange(expected)) {
    return typeof found === 'number' && found >= expected.min && found <= expected.max;
  }
  return Array.isArray(expected) ? expected.includes(found) : expected === found;
}

function describe(expected: Check['expected']): string {
  if (isRange(expected)) {
    return expected.min === expected.max ? round(expected.min) : `${round(expected.min)} to ${round(expected.max)}`;
  }
  return Array.isArray(expected) ? expected.join(' or ') : String(expected);
}

function isRange(expected: Check['expected']): expected is Range {
  return typeof expected === 'object' && 'min' in expected;
}

function round(value: number): string {
  return String(Math.round(value * 1e6) / 1e6);
}

function withUnit(text: string, unit: string): string {
  return unit === '' ? text : `${text} ${unit}`;
}
