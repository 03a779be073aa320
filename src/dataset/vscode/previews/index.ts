import type { Preview } from '../preview.ts';

/**
 * The previews by the view type of their custom editor, as package.json declares it; each is loaded when the first file is
 * opened with it.
 */
export const PREVIEWS: Readonly<Record<string, () => Promise<Preview<never, never>>>> = {
  'trainyard.audio': async () => (await import('./audio.ts')).audioPreview as unknown as Preview<never, never>,
  'trainyard.audioFile': async () => (await import('./audio.ts')).audioPreview as unknown as Preview<never, never>,
  'trainyard.video': async () => (await import('./video.ts')).videoPreview as unknown as Preview<never, never>,
  'trainyard.videoFile': async () => (await import('./video.ts')).videoPreview as unknown as Preview<never, never>,
  'trainyard.arrays': async () => (await import('./arrays.ts')).arraysPreview as unknown as Preview<never, never>,
  // The same for databases, which other extensions open.
  'trainyard.sensorDatabase': async () => (await import('./sensor.ts')).sensorPreview as unknown as Preview<never, never>,
  // Tables with a column of time, which are rows first of all.
  'trainyard.sensorTable': async () => (await import('./sensor.ts')).sensorPreview as unknown as Preview<never, never>,
  'trainyard.sensor': async () => (await import('./sensor.ts')).sensorPreview as unknown as Preview<never, never>,
  'trainyard.table': async () => (await import('./rows.ts')).rowsPreview as unknown as Preview<never, never>,
  'trainyard.rows': async () => (await import('./rows.ts')).rowsPreview as unknown as Preview<never, never>,
  'trainyard.image': async () => (await import('./image.ts')).imagePreview as unknown as Preview<never, never>,
};
