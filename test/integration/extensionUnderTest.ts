import { extensions } from 'vscode';
import type { Extension } from 'vscode';

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
