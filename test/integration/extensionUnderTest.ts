import { extensions } from 'vscode';
import type { Extension } from 'vscode';
import type { TestHandle } from '../../src/extension.ts';

export interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

/** Trainyard, as VS Code knows it; looking does not activate it. */
export function extensionUnderTest(): Extension<unknown> {
  const extension = extensions.getExtension('trainyard.trainyard');
  if (!extension) {
    throw new Error('VS Code does not know an extension trainyard.trainyard');
  }
  return extension;
}

export function manifest(): Manifest {
  return extensionUnderTest().packageJSON as Manifest;
}

/** What the extension gives to tests, once it is activated. */
export async function activated(): Promise<TestHandle> {
  const handle = (await extensionUnderTest().activate()) as TestHandle | undefined;
  if (!handle) {
    throw new Error('The extension was not started for tests');
  }
  return handle;
}
