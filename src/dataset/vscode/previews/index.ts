import type { Preview } from '../preview.ts';

/**
 * The previews by the view type of their custom editor, as package.json declares it; each is loaded when the first file is
 * opened with it.
 */
export const PREVIEWS: Readonly<Record<string, () => Promise<Preview<never, never>>>> = {
  'trainyard.image': async () => (await import('./image.ts')).imagePreview as unknown as Preview<never, never>,
};
