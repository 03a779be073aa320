import type { MediaKind } from '../media/media.ts';
import type { Preset } from './preset.ts';

/** How many of the chosen files a preset applies to; counted from headers, before any plan. */
export interface PresetFit {
  readonly preset: Preset;
  /** Files of its kinds that it does not refuse. */
  readonly files: number;
  /** Bytes of those. */
  readonly bytes: number;
  /** Why it cannot run here at all: the tool that is missing, with its install line. */
  readonly impossible?: string;
}

export interface Survey {
  /** Files looked at so far, and whether that is all of them. */
  readonly files: number;
  readonly complete: boolean;
  readonly kinds: Readonly<Partial<Record<MediaKind, number>>>;
  readonly fits: readonly PresetFit[];
}
