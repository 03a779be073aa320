import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { inspectCheckpoint } from '../../../src/sync/checkpoints/inspectCheckpoint.ts';
import { openLocalSource } from '../../../src/sync/checkpoints/sources/localSource.ts';

interface Made {
  readonly path: string;
  readonly format: string;
  /** The folder that is cut, file by file; the file alone where left out. */
  readonly whole?: string;
  /** Parts of names of files that a reader can do without, or whose ends nothing outside of them tells. */
  readonly ignore?: readonly string[];
  /** The same of files that another writer leaves out: cut, they are not to be complete, but they may be absent. */
  readonly optional?: readonly string[];
  readonly [fact: string]: unknown;
}

const FACTS = ['format', 'tensors', 'parameters', 'dtypes', 'step', 'epoch', 'metrics'] as const;
const [FEW, ENDS, SPREAD] = [400, 70, 60];

const look = async (path: string) => (await inspectCheckpoint(await openLocalSource(path))).facts;

/** Bytes to cut a file to: every one of a small file; of a larger one the first, the last, and some between. */
function cutsOf(size: number): readonly number[] {
  const every = size <= FEW ? Array.from({ length: size }, (_, at) => at) : [...Array(ENDS).keys(), ...Array.from({ length: ENDS }, (_, at) => size - 1 - at), ...Array.from({ length: SPREAD }, (_, at) => Math.floor((size * (at + 1)) / (SPREAD + 1)))];
  return [...new Set(every)].sort((one, other) => other - one);
}

function filesBelow(path: string): readonly string[] {
  return statSync(path).isFile() ? [path] : readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name)).filter((file) => statSync(file).isFile());
}

/** Holds what we say to what the libraries wrote: facts are equal, and nothing that was cut is ever complete. The count of faults. */
async function main(folder: string): Promise<number> {
  const made = JSON.parse(readFileSync(join(folder, 'made.json'), 'utf8')) as readonly Made[];
  let [passed, failed] = [0, 0];
  const judge = (fine: boolean, words: string) => {
    if (fine) {
      passed++;
    } else {
      failed++;
      process.stderr.write(`${words}\n`);
    }
  };
  for (const expected of made) {
    const facts = await look(join(folder, expected.path));
    judge(facts.state === 'complete', `${expected.path} is ${facts.state}: ${facts.reason}`);
    for (const fact of FACTS) {
      if (expected[fact] !== undefined && expected[fact] !== null) {
        const ours = fact === 'metrics' && typeof facts.metrics === 'object' ? Object.fromEntries(Object.keys(expected[fact]).map((name) => [name, (facts.metrics as Record<string, unknown>)[name]])) : facts[fact];
        judge(isDeepStrictEqual(ours, expected[fact]), `${expected.path}: ${fact} is ${JSON.stringify(ours)}, and should be ${JSON.stringify(expected[fact])}`);
      }
    }
    const root = join(folder, expected.whole ?? expected.path);
    // Beside what was made, and removed with it, whatever happens here.
    const target = mkdtempSync(join(folder, '../cut-'));
    const copy = join(target, basename(root));
    const asked = expected.whole === undefined ? copy : join(copy, relative(root, join(folder, expected.path)));
    cpSync(root, copy, { recursive: true });
    for (const file of filesBelow(root)) {
      const name = relative(dirname(root), file);
      if (expected.ignore?.some((part) => name.includes(part)) === true) {
        continue;
      }
      const cut = join(target, name);
      // A last line break says nothing.
      const ends = name.endsWith('.json') && readFileSync(file).at(-1) === 0x0a ? 1 : 0;
      for (const size of cutsOf(statSync(file).size - ends)) {
        truncateSync(cut, size);
        utimesSync(cut, 1, 1);
        const { state } = await look(asked);
        judge(state !== 'complete', `${expected.path}: complete, though ${name} has ${size} of ${statSync(file).size} bytes`);
      }
      if (cut !== asked && expected.optional?.some((part) => name.endsWith(part)) !== true) {
        rmSync(cut);
        const { state } = await look(asked);
        judge(state !== 'complete', `${expected.path}: complete, though ${name} is not there`);
      }
      cpSync(file, cut);
    }
    rmSync(target, { recursive: true });
    process.stdout.write(`${expected.path}: looked at\n`);
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed;
}

process.exitCode = (await main(process.argv[2] ?? '')) > 0 ? 1 : 0;
