import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ledgersFolder, readLedgerOf, type Ledger } from '../ledger.ts';
import { canonicalPath } from './canonicalPath.ts';
import { readLedgerLines } from './ledgerFile.ts';
import { isUnder, isWithin } from './paths.ts';

/** Whether a file or folder that a walk meets is an output of ours, so that a rerun does not take it for an input. */
export type IsOurs = (path: string) => boolean;

interface KnownFolder {
  /** Links resolved. */
  readonly folder: string;
  readonly file: string;
}

/**
 * The outputs of earlier jobs, as far as they lie where inputs are looked for. Someone who selects an output folder itself, or
 * what is in it, means its files; someone who selects a folder above it does not.
 */
export class KnownOutputs {
  private folders: Promise<readonly KnownFolder[]> | undefined;
  private readonly ownFolder: string | undefined;

  /** `own`: where the outputs of this very job go, and the ledger of that folder. */
  constructor(
    private readonly store: string,
    private readonly own?: { readonly output: string; readonly ledger: Ledger },
  ) {
    this.ownFolder = own && canonicalPath(own.output);
  }

  /** What a walk of this root is not to take; undefined where there is no such thing. */
  async under(root: string): Promise<IsOurs | undefined> {
    const canonical = canonicalPath(root);
    const rules = [...this.ownRule(root, canonical)];
    this.folders ??= knownFolders(this.store);
    for (const { folder, file } of await this.folders) {
      if (folder !== this.ownFolder && isUnder(folder, canonical)) {
        const prefix = root + folder.slice(canonical.length);
        const ledger = await readLedgerOf(file, prefix);
        rules.push((path) => ledger.recordOf(path) !== undefined);
      }
    }
    const [first] = rules;
    return rules.length <= 1 ? first : (path) => rules.some((isOurs) => isOurs(path));
  }

  /** The output folder of this job is left out whole; where the walk begins in it, only what is known to be ours. */
  private ownRule(root: string, canonical: string): readonly IsOurs[] {
    const { own, ownFolder } = this;
    if (own === undefined || ownFolder === undefined) {
      return [];
    }
    if (isUnder(ownFolder, canonical)) {
      const folder = root + ownFolder.slice(canonical.length);
      return [(path) => path === folder];
    }
    if (!isWithin(canonical, ownFolder) || own.ledger.size === 0) {
      return [];
    }
    const start = own.output + canonical.slice(ownFolder.length);
    return [(path) => own.ledger.recordOf(start + path.slice(root.length)) !== undefined];
  }
}

async function knownFolders(store: string): Promise<readonly KnownFolder[]> {
  const found: KnownFolder[] = [];
  for (const file of ledgerFilesIn(ledgersFolder(store))) {
    for await (const [first] of readLedgerLines(file)) {
      if (first !== undefined && 'folder' in first) {
        found.push({ folder: first.folder, file });
      }
      break;
    }
  }
  return found;
}

function ledgerFilesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
