import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { getServer, releaseWanted } from '../vscode/getServer.ts';
import { packageExtension } from '../vscode/packageExtension.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Absolute path of the extension as a user gets it. */
    readonly vsix: string;
  }
}

/** What takes long, and what all specs need once. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await getServer(releaseWanted());
  const folder = await mkdtemp(join(tmpdir(), 'trainyard-vsix-'));
  const vsix = join(folder, 'trainyard.vsix');
  await packageExtension(vsix);
  provide('vsix', vsix);
  return () => rm(folder, { recursive: true, force: true });
}
