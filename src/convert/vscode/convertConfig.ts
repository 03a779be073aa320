import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { ToolId } from '../../process/toolPlan.ts';
import type { Config } from '../../platform/config.ts';
import type { Trust } from '../../platform/trust.ts';
import { workspaceFolders } from '../../platform/workspaceFolders.ts';
import type { ConvertRequest, CustomPresetSpec, ImageEngineChoice } from '../job.ts';
import type { SavedSettings } from '../savedSettings.ts';

const IMAGE_ENGINES = ['auto', 'imagemagick', 'sharp'] as const satisfies readonly ImageEngineChoice[];

/** Conversions' settings, each read at the border into its own type. */
export class ConvertConfig {
  constructor(
    private readonly config: Config,
    private readonly trust: Trust,
  ) {}

  /** The part of a request that says with which tools it is done. */
  async toolSettings(): Promise<Pick<ConvertRequest, 'imageEngine' | 'toolPaths' | 'noToolsFrom'>> {
    return { imageEngine: this.imageEngine, toolPaths: this.toolPaths, noToolsFrom: await workspaceFolders() };
  }

  get imageEngine(): ImageEngineChoice {
    return engineOf(this.config.merged('convert.imageEngine'));
  }

  /** Conversions at once; undefined: as many as there are CPUs. */
  get jobs(): number | undefined {
    const value = this.config.merged('convert.jobs');
    return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
  }

  get toolPaths(): Readonly<Partial<Record<ToolId, string>>> {
    return this.config.toolPaths();
  }

  /** The person's own presets as they stand in the settings, faults and all; none in an untrusted workspace. */
  get customPresets(): readonly CustomPresetSpec[] {
    return this.trust.isGranted ? this.ownPresets : [];
  }

  /** What the command line is to go by, which knows of no workspace. */
  get forTerminal(): SavedSettings {
    return { imageEngine: engineOf(this.config.ofUser('convert.imageEngine')), toolPaths: this.toolPaths, customPresets: this.ownPresets };
  }

  onDidChange(listener: () => void): Disposable {
    const owned = new DisposableStore();
    owned.add(this.config.onDidChange('convert', listener));
    owned.add(this.config.onDidChange('tools', listener));
    return owned;
  }

  private get ownPresets(): readonly CustomPresetSpec[] {
    const value = this.config.ofUser('convert.presets');
    return Array.isArray(value) ? (value as CustomPresetSpec[]) : [];
  }
}

function engineOf(value: unknown): ImageEngineChoice {
  return IMAGE_ENGINES.find((engine) => engine === value) ?? 'auto';
}
