import type { StripWork } from '../imageWork.ts';

export interface Stripped {
  readonly bytes: Uint8Array;
  readonly problems: readonly string[];
}
export function stripMetadata(bytes: Uint8Array, _work: StripWork): Stripped {
  return { bytes, problems: [] };
}
