import type { ToolDescriptor } from '../toolDescriptor.ts';

/** Tells its version nowhere; it is the board's. */
export const tegrastats: ToolDescriptor = {
  id: 'tegrastats',
  title: 'tegrastats',
  purpose: 'accelerator',
  executables: [{ name: 'tegrastats' }],
  bannerArgs: ['--help'],
  identify(said) {
    return /\btegrastats\b/.test(said) ? { version: 'unknown', banner: 'tegrastats', features: new Set() } : undefined;
  },
  wanted: [],
};
