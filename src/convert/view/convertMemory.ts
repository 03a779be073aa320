import type { OptionValue, OptionValues } from '../../recipe/option.ts';
import type { Preset } from '../preset.ts';
import { resolveOptions } from '../optionValues.ts';
import { RequestError } from '../requestError.ts';
import { changedOptions } from './optionPick.ts';

/** As VS Code's Memento, of which this is all that is used. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const RECENT = 'convert.recent';
const OPTIONS = 'convert.options';
const MOST_RECENT = 5;

/** What a person chose before: presets, and each one's options. What was kept by an older version is taken only where it fits. */
export class ConvertMemory {
  constructor(private readonly memory: Memory) {}

  /** Ids of presets, the last used first. */
  recent(): readonly string[] {
    const kept = this.memory.get(RECENT);
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, MOST_RECENT) : [];
  }

  /** All of the preset's options: the defaults, with what was chosen last time laid over them. */
  options(preset: Pick<Preset, 'id' | 'options'>): OptionValues {
    const kept = Object.entries(this.allOptions()[preset.id] ?? {}).filter(([name, value]) => fits(preset, name, value));
    return resolveOptions(preset.options, Object.fromEntries(kept));
  }

  async remember(preset: Pick<Preset, 'id' | 'options'>, values: OptionValues): Promise<void> {
    const changed = changedOptions(preset.options, values);
    const { [preset.id]: _, ...others } = this.allOptions();
    await this.memory.update(OPTIONS, Object.keys(changed).length > 0 ? { ...others, [preset.id]: changed } : others);
    await this.memory.update(RECENT, [preset.id, ...this.recent().filter((id) => id !== preset.id)].slice(0, MOST_RECENT));
  }

  private allOptions(): Readonly<Record<string, OptionValues>> {
    const kept = this.memory.get(OPTIONS);
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, OptionValues>) : {};
  }
}

function fits(preset: Pick<Preset, 'options'>, name: string, value: OptionValue): boolean {
  try {
    resolveOptions(preset.options, { [name]: value });
    return true;
  } catch (error) {
    if (RequestError.is(error, 'option')) {
      return false;
    }
    throw error;
  }
}
