import { accessSync, constants, existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { readManifest } from '../../media/manifest.ts';
import { createProber } from '../../media/probe.ts';
import { ledgerFile } from '../ledger.ts';
import type { Preset } from '../preset.ts';
import { RequestError } from '../requestError.ts';
import { isManifestFile } from './inputs.ts';
import type { Layout } from './outputNames.ts';
import { commonBase, isWithin } from './paths.ts';

export interface LayoutRequest {
  /** Absolute paths of files, folders and manifests. */
  readonly inputs: readonly string[];
  /** As asked for; the default where left out. */
  readonly output?: string | undefined;
  readonly preset: Pick<Preset, 'id'>;
  /** The job store's folder, by whose ledgers an output folder is known to be ours. */
  readonly store: string;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes. A number is put behind it at times. */
const LONGEST_NAME = 250;

/** What the inputs have in common. */
interface Base {
  readonly folder: string;
  /** What a new folder beside the inputs is called after; undefined where it goes into the base itself. */
  readonly name?: string;
}

/**
 * Where inputs lie and outputs go. Throws a `RequestError` where nothing can be written there. An output folder that was not asked
 * for is a new one beside what was selected, or one that we made before: `clips-flac` beside the folder `clips` or the manifest
 * `clips.jsonl`, and `flac` beside files.
 */
export async function layOut(request: LayoutRequest): Promise<Layout> {
  if (request.inputs.length === 0) {
    throw new RequestError('input', 'No files were named.');
  }
  const odd = [...request.inputs, request.output ?? '/'].find((path) => !isAbsolute(path) || path.includes('\0'));
  if (odd !== undefined) {
    throw new RequestError(odd === request.output ? 'output' : 'input', `${JSON.stringify(odd)} is not an absolute path.`);
  }
  const base = await baseOf(request);
  if (request.output !== undefined) {
    const output = resolve(request.output);
    const fault = faultOf(output);
    if (fault !== undefined) {
      throw new RequestError('output', `Nothing can be written into ${output}: ${fault}.`);
    }
    return { base: base.folder, output };
  }
  return { base: base.folder, output: await defaultOutput(base, request) };
}

/** Absolute path of the folder that outputs go to where none was asked for. Throws a `RequestError` where there can be none. */
export async function defaultOutputFolder(request: Omit<LayoutRequest, 'output'>): Promise<string> {
  return (await layOut(request)).output;
}

async function baseOf({ inputs, signal }: LayoutRequest): Promise<Base> {
  const paths = inputs.map((input) => resolve(input));
  const [only] = paths;
  const folders: string[] = [];
  let manifest: string | undefined;
  const prober = createProber();
  for (const path of paths) {
    signal?.throwIfAborted();
    if (isFolder(path)) {
      folders.push(path);
    } else if (isManifestFile(path, prober)) {
      manifest = path;
      folders.push(await manifestBase(path, signal));
    } else {
      folders.push(dirname(path));
    }
  }
  const folder = commonBase(folders);
  if (only !== undefined && paths.length === 1 && manifest === only) {
    return { folder, name: join(dirname(only), basename(only, extname(only))) };
  }
  return paths.includes(folder) && folder !== '/' ? { folder, name: folder } : { folder };
}

/** A manifest's own folder where all that it names lies in it, else what its files have in common. */
export async function manifestBase(manifest: string, signal?: AbortSignal, key?: string): Promise<string> {
  const own = dirname(manifest);
  let base: string | undefined;
  try {
    for await (const row of readManifest(manifest, signal, key)) {
      if ('path' in row) {
        const folder = dirname(row.path);
        base = base === undefined ? folder : commonBase([base, folder]);
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw new RequestError('input', `${manifest} cannot be read: ${String((error as Error).message)}`);
  }
  return base === undefined || isWithin(base, own) ? own : base;
}

async function defaultOutput({ folder, name }: Base, { preset, store }: LayoutRequest): Promise<string> {
  const part = preset.id.slice(preset.id.indexOf('.') + 1);
  const wishes = [...(name === undefined ? [] : [`${name}-${part}`]), join(folder, part)];
  const faults: string[] = [];
  for (const wish of wishes) {
    const fault = Buffer.byteLength(basename(wish)) > LONGEST_NAME ? 'its name would be too long' : faultOf(dirname(wish));
    if (fault === undefined) {
      return firstOfOurs(wish, store);
    }
    faults.push(`${dirname(wish)}: ${fault}`);
  }
  throw new RequestError('output', `No output folder can be made beside the inputs (${faults.join('; ')}). Name another one.`);
}

/** The folder of this name where it is not there yet, or is ours; the first with a number behind it for which that holds. */
async function firstOfOurs(wish: string, store: string): Promise<string> {
  for (let number = 1; ; number++) {
    const output = number === 1 ? wish : `${wish}-${number}`;
    if (!isThere(output) || isOnlyOurs(output) || existsSync(await ledgerFile({ store, output }))) {
      return output;
    }
  }
}

function isOnlyOurs(folder: string): boolean {
  try {
    return readdirSync(folder).every((name) => name.startsWith('.trainyard-'));
  } catch {
    return false;
  }
}

/** Why nothing can be written into a folder, or into the nearest one above it where it is not there; undefined where it can. */
function faultOf(folder: string): string | undefined {
  try {
    if (!statSync(folder).isDirectory()) {
      return `${folder} is not a folder`;
    }
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const above = dirname(folder);
    if (code === 'ENOENT' && above !== folder && !isThere(folder)) {
      return faultOf(above);
    }
    return WORDS[code] ?? code;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ELOOP: 'its links lead round in a circle',
  ENOENT: 'it is a link that leads nowhere',
  ENOTDIR: 'a part of its path is not a folder',
  ENAMETOOLONG: 'its name is longer than the file system allows',
};

/** Anything of that name, a link that leads nowhere included. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
