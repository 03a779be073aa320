import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { KernelFiles } from '../../../../src/monitor/kernelFiles.ts';
import { createLocalFiles } from '../../../../src/monitor/localFiles.ts';

/** A tree of `/proc` and `/sys` in a folder of the test's own. */
export interface KernelTree {
  readonly files: KernelFiles;
  /** Paths that were asked for, since the last call of `forget`. */
  readonly asked: string[];
  write(path: string, text: string): void;
  link(path: string, target: string): void;
  remove(path: string): void;
  forget(): void;
}

export function kernelTree(contents: Readonly<Record<string, string>> = {}): KernelTree {
  const root = mkdtempSync(join(tmpdir(), 'trainyard-kernel-'));
  const local = createLocalFiles(root);
  onTestFinished(() => {
    local.dispose();
    rmSync(root, { recursive: true });
  });
  const asked: string[] = [];
  const noting =
    <T>(read: (path: string) => T) =>
    (path: string): T => {
      asked.push(path);
      return read(path);
    };
  const tree: KernelTree = {
    asked,
    files: { text: noting((path) => local.text(path)), list: noting((path) => local.list(path)), link: noting((path) => local.link(path)) },
    write(path, text) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    link(path, target) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      symlinkSync(target, join(root, path));
    },
    remove: (path) => {
      rmSync(join(root, path), { recursive: true });
    },
    forget: () => {
      asked.length = 0;
    },
  };
  for (const [path, text] of Object.entries(contents)) {
    tree.write(path, text);
  }
  return tree;
}

/** The files of one card on PCI, under both of its names. */
export function pciCard(
  card: string,
  { vendor, device, driver, busId, classCode = '0x030000' }: { readonly vendor: string; readonly device: string; readonly driver: string; readonly busId: string; readonly classCode?: string },
  files: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const folder = `/sys/class/drm/${card}/device`;
  const bus = `/sys/bus/pci/devices/${busId}`;
  return {
    [`${bus}/vendor`]: `${vendor}\n`,
    [`${bus}/device`]: `${device}\n`,
    [`${bus}/class`]: `${classCode}\n`,
    [`${folder}/vendor`]: `${vendor}\n`,
    [`${folder}/device`]: `${device}\n`,
    [`${folder}/uevent`]: `DRIVER=${driver}\nPCI_CLASS=30000\nPCI_SLOT_NAME=${busId}\n`,
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text])),
  };
}
