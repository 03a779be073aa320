import { basename, resolve } from 'node:path';
import { isManifest, readManifest } from '../../media/manifest.ts';
import { MediaError } from '../../media/mediaError.ts';
import type { Prober } from '../../media/probe.ts';
import { walk, type WalkBatch, type WalkProblemReason } from '../../media/walk.ts';
import type { IsOurs } from './knownOutputs.ts';

/** What came of following the inputs: a file to look at, or why there is none. */
export type Finding = FoundFile | { readonly path: string; readonly problem: string };

export interface FoundFile {
  /** Absolute path. */
  readonly path: string;
  /** Named by the person or a manifest, and not just met in a folder. */
  readonly isNamed: boolean;
  /** Where a manifest names it. */
  readonly row?: string;
}

/** What was passed over in silence. */
export interface PassedOver {
  /** Links to folders, sockets and the like. */
  unfollowed: number;
  /** Outputs of earlier jobs. */
  ownOutputs: number;
}

export interface InputsSetup {
  /** Absolute paths of files, folders and manifests. */
  readonly inputs: readonly string[];
  readonly prober: Prober;
  /** What a walk of this root leaves out. */
  readonly oursUnder?: (root: string) => Promise<IsOurs | undefined>;
  readonly passedOver: PassedOver;
  readonly signal?: AbortSignal | undefined;
}

/** Rows that are handed on at once. */
const ROWS = 256;

/** Problems that are no surprise in a folder, and no file that somebody misses. */
const EXPECTED: ReadonlySet<WalkProblemReason> = new Set(['linkedFolder', 'notAFile']);

/** The files that the inputs lead to, in their order: folders walked, manifests read. The same file may come several times. */
export async function* expandInputs(setup: InputsSetup): AsyncGenerator<readonly Finding[]> {
  for (const input of setup.inputs) {
    const root = resolve(input);
    const isOurs = await setup.oursUnder?.(root);
    const exclude = isOurs && countingExclude(isOurs, setup.passedOver);
    const { signal } = setup;
    for await (const batch of walk([root], { ...(exclude && { exclude }), ...(signal && { signal }) })) {
      yield* batch.files[0]?.path === root ? namedFile(root, setup) : [findingsOf(batch, root, setup.passedOver)];
    }
  }
}

function countingExclude(isOurs: IsOurs, passedOver: PassedOver): IsOurs {
  return (path) => {
    const excluded = isOurs(path);
    passedOver.ownOutputs += excluded ? 1 : 0;
    return excluded;
  };
}

function findingsOf({ files, problems }: WalkBatch, root: string, passedOver: PassedOver): readonly Finding[] {
  const findings: Finding[] = files.map(({ path }) => ({ path, isNamed: false }));
  for (const { path, reason, message } of problems) {
    if (path !== root && EXPECTED.has(reason)) {
      passedOver.unfollowed++;
    } else {
      findings.push({ path, problem: withoutPath(message, path) });
    }
  }
  return findings;
}

async function* namedFile(path: string, { prober, signal }: InputsSetup): AsyncGenerator<readonly Finding[]> {
  if (isManifestFile(path, prober)) {
    yield* rowsOf(path, signal);
  } else {
    yield [{ path, isNamed: true }];
  }
}

async function* rowsOf(manifest: string, signal: AbortSignal | undefined): AsyncGenerator<readonly Finding[]> {
  let findings: Finding[] = [];
  try {
    for await (const row of readManifest(manifest, signal)) {
      const place = `row ${row.row} of ${basename(manifest)}`;
      findings.push(
        'path' in row ? { path: row.path, isNamed: true, row: place } : { path: manifest, problem: `${place}: ${row.problem}` },
      );
      if (findings.length === ROWS) {
        yield findings;
        findings = [];
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    findings.push({ path: manifest, problem: problemOf(error, manifest) });
  }
  yield findings;
}

/** Whether a file names others; what cannot be read does not. */
export function isManifestFile(path: string, prober: Prober): boolean {
  try {
    const media = prober.probeFast(path);
    return media !== undefined && isManifest(media.container, path);
  } catch {
    return false;
  }
}

/** What kept a file from being read, in words that follow its name. */
export function problemOf(error: unknown, path: string): string {
  return withoutPath(MediaError.from(error, path).message, path);
}

function withoutPath(message: string, path: string): string {
  return message.startsWith(`${path} `) ? message.slice(path.length + 1) : message;
}
