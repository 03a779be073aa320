import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConvertRequest } from './job.ts';

/** What a person has set in VS Code and expects of the command line too. */
export type SavedSettings = Pick<ConvertRequest, 'imageEngine' | 'toolPaths' | 'customPresets'>;

const DEFAULTS: SavedSettings = { imageEngine: 'auto', toolPaths: {}, customPresets: [] };

/** Keeps the settings in the job store's folder, where the command line finds them; writes only what is new. */
export function saveSettings(store: string, settings: SavedSettings): void {
  const file = join(store, 'settings.json');
  const text = JSON.stringify(settings);
  if (readText(file) === text) {
    return;
  }
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}

/** The settings last kept in a job store's folder; what VS Code starts with where there are none. */
export function readSavedSettings(store: string): SavedSettings {
  const file = join(store, 'settings.json');
  const text = readText(file);
  if (text === undefined) {
    return DEFAULTS;
  }
  try {
    return { ...DEFAULTS, ...(JSON.parse(text) as Partial<SavedSettings>) };
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message.replaceAll('\n', ' ')}. VS Code writes it anew from its settings.`);
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
