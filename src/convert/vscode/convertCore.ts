import type { ToolState } from '../../process/toolSearch.ts';
import type { Jobs } from '../jobs.ts';
import type { Preset } from '../preset.ts';
import type { Survey } from '../survey.ts';

export interface KnownPresets {
  /** The shipped ones, and the person's own after them. */
  readonly presets: readonly Preset[];
  /** What is wrong with those of the person's own that are none, a sentence each. */
  readonly faults: readonly string[];
}

/** What the face asks of the core. Everything behind it is loaded at its first use. */
export interface ConvertCore {
  readonly jobs: Jobs;
  presets(): Promise<KnownPresets>;
  /** Looks at the inputs, telling what it knows as it goes; resolves when nothing more will be looked at. */
  survey(inputs: readonly string[], options: { readonly signal: AbortSignal; readonly onSurvey: (survey: Survey) => void }): Promise<void>;
  /** Absolute path of the folder that outputs go to where none was asked for. Rejects where there can be none. */
  outputFolder(inputs: readonly string[], preset: Preset, signal: AbortSignal): Promise<string>;
  tools(): Promise<readonly ToolState[]>;
}
