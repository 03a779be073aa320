import type { ToolState } from '../../process/toolSearch.ts';
import type { Jobs } from '../jobs.ts';
import type { Preset } from '../preset.ts';
import type { Survey } from '../survey.ts';

/** What the face asks of the core. Everything behind it is loaded at its first use. */
export interface ConvertCore {
  readonly jobs: Jobs;
  /** The shipped presets, and the person's own after them. */
  presets(): Promise<readonly Preset[]>;
  /** Looks at the inputs, telling what it knows as it goes. */
  survey(inputs: readonly string[], options: { readonly signal: AbortSignal; readonly onSurvey: (survey: Survey) => void }): Promise<void>;
  /** Absolute path of the folder that outputs go to where none was asked for. Rejects where there can be none. */
  outputFolder(inputs: readonly string[], preset: Preset, signal: AbortSignal): Promise<string>;
  tools(): Promise<readonly ToolState[]>;
}
