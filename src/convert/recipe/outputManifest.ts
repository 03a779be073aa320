import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { known } from '../../base/absent.ts';
import { csvCell } from '../../base/csvCell.ts';
import { filterColumn } from '../../media/filter/filterColumns.ts';
import { readManifest } from '../../media/manifest.ts';
import type { Media } from '../../media/media.ts';
import type { Recipe, RecipeManifest } from '../../recipe/recipe.ts';
import { kindByName } from '../plan/kindByName.ts';
import type { Inspect } from '../run/verifyOutput.ts';
import type { InputRow } from './findings.ts';
import { globOf } from '../../recipe/globs.ts';
import { writeSynced } from './writeSynced.ts';

/** An input and its output, which is in place; absolute paths. */
export interface MadeOutput {
  readonly input: string;
  readonly output: string;
}

export interface ManifestSetup {
  readonly recipe: Recipe;
  /** Absolute path of the recipe's folder. */
  readonly folder: string;
  readonly made: readonly MadeOutput[];
  readonly inspect: Inspect;
}

type ManifestLine = Readonly<Record<string, unknown>>;

/**
 * Writes a manifest of outputs, one row a file, with what their inputs' rows had. Paths are relative to the manifest. Columns that speak
 * of the file itself (duration, sample rate, size …) are said anew of the output. Rejects with the system's error.
 */
export async function writeOutputManifest(file: string, wish: RecipeManifest, setup: ManifestSetup): Promise<void> {
  const { made, inspect } = setup;
  const rows = await rowsOf(setup);
  const lines: ManifestLine[] = [];
  for (const { input, output } of made) {
    for (const path of filesOf(output)) {
      lines.push(await lineFor(path, rows.get(input), { file, wish, inspect }));
    }
  }
  mkdirSync(dirname(file), { recursive: true });
  const extension = extname(file).toLowerCase();
  await writeSynced(file, extension === '.csv' || extension === '.tsv' ? tableOf(lines, wish.key, extension === '.csv' ? ',' : '\t') : jsonLines(lines));
}

function* jsonLines(lines: readonly ManifestLine[]): Generator<string> {
  for (const line of lines) {
    yield `${JSON.stringify(line)}\n`;
  }
}

function* tableOf(lines: readonly ManifestLine[], key: string, separator: string): Generator<string> {
  const columns = [...new Set([key, ...lines.flatMap((line) => Object.keys(line))])];
  yield `${columns.map((column) => cellOf(column, separator)).join(separator)}\n`;
  for (const line of lines) {
    yield `${columns.map((column) => cellOf(line[column], separator)).join(separator)}\n`;
  }
}

function cellOf(value: unknown, separator: string): string {
  const text = value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return csvCell(text, separator);
}

interface LineSetup {
  readonly file: string;
  readonly wish: RecipeManifest;
  readonly inspect: Inspect;
}

async function lineFor(path: string, row: InputRow | undefined, { file, wish: { key, columns }, inspect }: LineSetup): Promise<ManifestLine> {
  const carried = Object.entries(row?.values ?? {}).filter(([name]) => name !== row?.key && name !== key && (columns === undefined || columns.includes(name)));
  const needsFacts = carried.some(([name]) => ownFact(name) !== undefined);
  const media = needsFacts ? await inspect(path) : undefined;
  return {
    [key]: relative(dirname(file), path),
    ...Object.fromEntries(carried.map(([name, value]) => [name, (media && ownFact(name)?.(media, path)) ?? value])),
  };
}

type Fact = (media: Media, path: string) => number | string | undefined;

const FACTS: Readonly<Record<string, Fact>> = {
  duration: ({ duration }) => rounded(known(duration)),
  rate: ({ audio }) => known(audio?.sampleRate),
  channels: ({ audio }) => known(audio?.channels),
  width: ({ video, image }) => known(video?.width ?? image?.width),
  height: ({ video, image }) => known(video?.height ?? image?.height),
  size: (_, path) => statSync(path).size,
};

/** What a column says of the file that its row names, where it is something that a conversion changes. */
function ownFact(column: string): Fact | undefined {
  const name = filterColumn(column)?.name;
  return name !== undefined && Object.hasOwn(FACTS, name) ? FACTS[name] : undefined;
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 1e6) / 1e6;
}

/** The output itself, or the media in its folder: what lies beside them tells of them. */
function filesOf(output: string): readonly string[] {
  if (!statSync(output).isDirectory()) {
    return [output];
  }
  const names = readdirSync(output).filter((name) => kindByName(name) !== undefined);
  return names.sort(new Intl.Collator('en', { numeric: true }).compare).map((name) => join(output, name));
}

/** Rows of the inputs that became something, by absolute path: the first that names each. */
async function rowsOf({ recipe, folder, made }: ManifestSetup): Promise<ReadonlyMap<string, InputRow>> {
  const wanted = new Set(made.map(({ input }) => input));
  const rows = new Map<string, InputRow>();
  for (const input of recipe.inputs) {
    if ('manifest' in input) {
      for await (const row of readManifest(globOf(input.manifest, folder).root, undefined, input.key)) {
        if ('path' in row && wanted.has(row.path) && !rows.has(row.path)) {
          rows.set(row.path, { values: row.values, key: row.key });
        }
      }
    }
  }
  return rows;
}
