import type { OptionValues } from '../../recipe/option.ts';
import type { Preset } from '../preset.ts';

/** A conversion while it is being put together. */
export interface Draft {
  /** Absolute paths. */
  readonly inputs: readonly string[];
  readonly preset: Preset;
  /** All of the preset's options. */
  readonly values: OptionValues;
  /** Absolute path; a new folder beside the inputs where left out. */
  readonly output?: string;
  /** Conversions at once; as many as there are CPUs where left out. */
  readonly jobs?: number;
  readonly salvage: boolean;
  /** Only these files of the inputs. */
  readonly only?: readonly string[];
}
