import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { datasetOf, exportMetadata } from './datasets.ts';
import { arraysOf, mediaOf, recordingOf, rowsOf } from './files.ts';
import { difference } from './same.ts';

export type Facts = Readonly<Record<string, unknown>>;

interface Made extends Facts {
  readonly path: string;
  readonly what: keyof typeof LOOKS | 'export';
}

const LOOKS = { dataset: datasetOf, arrays: arraysOf, recording: recordingOf, rows: rowsOf, media: mediaOf } as const satisfies Readonly<Record<string, (path: string, expected: Facts) => Promise<Facts>>>;
/** Of how to compare or what was done, and nothing to be compared. */
const SILENT = new Set(['path', 'what', 'way', 'slack', 'seconds']);

/** Holds what we say to what the formats' own libraries read. The count of faults. */
async function main(folder: string): Promise<number> {
  const made = JSON.parse(readFileSync(join(folder, 'made.json'), 'utf8')) as readonly Made[];
  let [passed, failed] = [0, 0];
  const judge = (path: string, fault: string | undefined) => {
    if (fault === undefined) {
      passed++;
    } else {
      failed++;
      process.stderr.write(`${path}: ${fault}\n`);
    }
  };
  for (const expected of made) {
    const { path, what } = expected;
    try {
      if (what === 'export') {
        judge(path, await exportFault(join(folder, path), expected));
        continue;
      }
      const ours = await LOOKS[what](join(folder, path), expected);
      for (const [fact, value] of Object.entries({ problems: [], ...expected, ...impliedBy(expected) })) {
        if (!SILENT.has(fact) && value !== null) {
          judge(path, difference(ours[fact], value, (expected['slack'] as number | undefined) ?? 1e-9, fact));
        }
      }
    } catch (error) {
      judge(path, (error as Error).stack);
    }
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed;
}

/** Writes metadata.jsonl into a folder, or into the parts of it that are named; says what is wrong with that. */
async function exportFault(root: string, { parts = [''], rows, refused }: Facts): Promise<string | undefined> {
  let written: number;
  try {
    written = await exportMetadata(root, parts as readonly string[]);
  } catch (error) {
    return typeof refused === 'string' && (error as Error).message.includes(refused) ? undefined : (error as Error).stack;
  }
  return refused === undefined ? difference(written, rows, 0, 'rows written') : `${written} rows were written, and should have been refused`;
}

/** What `scan` and the opened dataset are to say in other words. */
function impliedBy({ what, format, samples, seconds, arrays }: Made): Facts {
  switch (what) {
    case 'dataset':
      return { count: samples, scan: { ...(format !== null && { format }), samples, problems: { error: 0, warning: 0 }, ...(seconds !== undefined && { seconds }) } };
    case 'arrays':
      return { count: Object.keys(arrays as object).length };
    default:
      return {};
  }
}

process.exitCode = (await main(process.argv[2] ?? '')) > 0 ? 1 : 0;
