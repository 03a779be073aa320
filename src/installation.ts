import { join } from 'node:path';

/** Where the shipped pieces lie: bundles in `dist`, data in `media`. */
export interface Installation {
  /** Absolute path of the extension's own folder. */
  readonly root: string;
}

export function bundlePath(installation: Installation, name: 'sharpWorker' | 'convertJob' | 'cli' | 'monitorWorker' | 'datasetWorker' | 'languageServer' | 'syncWorker'): string {
  return join(installation.root, 'dist', `${name}.js`);
}

export function imagemagickPolicyFolder(installation: Installation): string {
  return join(installation.root, 'media', 'imagemagick-policy');
}
