import type { StripWork } from '../imageWork.ts';

export interface Stripped {
  readonly bytes: Uint8Array;
  /** Where the file is damaged: it was cut short, or its parts do not add up. */
  readonly problems: readonly string[];
}

export type StripOptions = Pick<StripWork, 'keepProfile' | 'keepOrientation'>;

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
