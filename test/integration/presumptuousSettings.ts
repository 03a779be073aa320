import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a workspace may not decide: which programs run and with what, what is kept of the machine, and where we sign in. */
export const PRESUMPTUOUS_SETTINGS = {
  'trainyard.tools.ffmpeg': '/tmp/not-ffmpeg',
  'trainyard.tools.ffprobe': '/tmp/not-ffprobe',
  'trainyard.tools.sox': '/tmp/not-sox',
  'trainyard.tools.imagemagick': '/tmp/not-imagemagick',
  'trainyard.convert.presets': [{ name: 'theirs', tool: 'sox', args: ['{input}', '{output}'], kinds: ['audio'], extension: 'wav' }],
  'trainyard.monitor.history': false,
  'trainyard.monitor.historySize': 10,
  'trainyard.monitor.boxes': ['their-box'],
} as const;

/** @param folder absolute path of the workspace */
export async function writePresumptuousSettings(folder: string): Promise<void> {
  await mkdir(join(folder, '.vscode'));
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify(PRESUMPTUOUS_SETTINGS));
}
