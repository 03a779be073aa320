import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { known } from '../../../src/base/absent.ts';
import type { CliIo } from '../../../src/base/cliIo.ts';
import { createCatalogues } from '../../../src/dataset/catalogue/catalogueService.ts';
import { check } from '../../../src/dataset/cli/check.ts';
import { scan } from '../../../src/dataset/cli/scan.ts';
import { createFolderLook } from '../../../src/dataset/folderLook.ts';
import { recogniseFormats } from '../../../src/dataset/formats/index.ts';
import type { Annotation, Sample } from '../../../src/dataset/sample.ts';
import { openPlace } from '../../../src/media/archives/openPlace.ts';
import type { Facts } from './check.ts';

const LOADERS_NAMES: Readonly<Record<string, string>> = { training: 'train', val: 'validation', valid: 'validation', dev: 'validation', testing: 'test', eval: 'test', evaluation: 'test' };

/** What a dataset's samples say, and what `scan` and `check` say of it. */
export async function datasetOf(path: string, expected: Facts): Promise<Facts> {
  const [likeliest] = recogniseFormats(createFolderLook(path));
  const dataset = await likeliest?.format.open(path);
  if (likeliest === undefined || dataset === undefined) {
    return { format: 'none' };
  }
  const samples: Sample[] = [];
  for await (const sample of dataset.samples()) {
    samples.push(sample);
  }
  const drawn = await annotationsOf(expected, path, (file) => dataset.annotations?.(file) ?? Promise.resolve([]));
  const count = known(dataset.count);
  dataset.close();
  const scanned = await said<{ readonly format: string; readonly samples: number; readonly hours: number; readonly problems: Readonly<Record<string, number>> }>((io) => withCatalogues((open) => scan([path, '--json'], io, open)));
  const checked = await said<{ readonly format: string; readonly problems: readonly { readonly code: string; readonly severity: string; readonly message: string }[] }>((io) =>
    check([path, '--json'], io, () => Promise.reject(new Error('no tools are asked for'))),
  );
  const texts = samples.flatMap(({ text }) => text ?? []);
  const roles = [...new Set(samples.flatMap(({ media }) => media.map(({ role }) => role)))].sort();
  return {
    format: likeliest.format.id,
    samples: samples.length,
    count,
    splits: counted(samples.map(({ split = 'none' }) => split), expected['splits']),
    labels: counted(samples.flatMap(({ labels }) => labels), expected['labels']),
    texts: texts.sort(),
    lines: texts.flatMap((text) => text.split('\n')).sort(),
    ids: samples.map(({ id }) => id),
    stated: samples.reduce((sum, { statedDuration = 0 }) => sum + statedDuration, 0),
    roles,
    bytes: Object.fromEntries(await Promise.all(roles.map(async (role) => [role, await sizesOf(samples, role)]))),
    drawn,
    scan: { format: scanned.format, samples: scanned.samples, seconds: scanned.hours * 3600, problems: scanned.problems },
    problems: checked.problems.filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code} ${message}`),
  };
}

/** Counts by name, with none of those that are expected and not there. */
function counted(names: readonly string[], expected: unknown): Readonly<Record<string, number>> {
  const counts: Record<string, number> = Object.fromEntries(Object.keys(expected ?? {}).map((name) => [name, 0]));
  names.map((name) => (expected !== undefined && !(name in (expected as object)) ? (LOADERS_NAMES[name] ?? name) : name)).forEach((name) => (counts[name] = (counts[name] ?? 0) + 1));
  return counts;
}

async function sizesOf(samples: readonly Sample[], role: string): Promise<readonly number[]> {
  const sizes = [];
  for (const { place } of samples.flatMap(({ media }) => media.filter((medium) => medium.role === role))) {
    const opened = await openPlace(place);
    sizes.push(opened.source.size);
    opened.dispose();
  }
  return sizes;
}

async function annotationsOf({ drawn = {} }: Facts, root: string, read: (file: string) => Promise<readonly Annotation[]>): Promise<object> {
  const found: Record<string, object> = {};
  for (const path of Object.keys(drawn as object)) {
    const annotations = await read(join(root, '..', path));
    found[path] = annotations.map(({ label, box, polygons = [] }) => ({ label, box, outline: boundsOf(polygons.flat()) }));
  }
  return found;
}

/** Left, top, width and height of the pixels that an outline touches. */
function boundsOf(points: readonly number[]): readonly number[] {
  const [xs, ys] = [points.filter((_, at) => at % 2 === 0), points.filter((_, at) => at % 2 === 1)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}

/** What a verb writes, as JSON. */
async function said<T>(verb: (io: CliIo) => Promise<number>): Promise<T> {
  let text = '';
  let errors = '';
  await verb({ out: (more) => (text += more), err: (more) => (errors += more), cwd: '/', onInterrupt: () => ({ dispose: () => undefined }) });
  if (text === '') {
    throw new Error(errors);
  }
  return JSON.parse(text) as T;
}

async function withCatalogues<T>(use: (open: () => Promise<(onChange: Parameters<typeof createCatalogues>[1]) => ReturnType<typeof createCatalogues>>) => Promise<T>): Promise<T> {
  const storage = mkdtempSync(join(tmpdir(), 'trainyard-oracle-catalogue-'));
  try {
    return await use(async () => (onChange) => createCatalogues({ storage, root: join(import.meta.dirname, '../../..'), cacheBytes: 0 }, onChange, { eager: true }));
  } finally {
    rmSync(storage, { recursive: true, force: true });
  }
}

/** Writes metadata.jsonl into each of some folders of a dataset, as a person does from an open gallery; gives the rows in all. */
export async function exportMetadata(root: string, parts: readonly string[]): Promise<number> {
  return withCatalogues(async (open) => {
    const service = (await open())(() => undefined);
    try {
      const { signal } = new AbortController();
      await service.handlers.refresh({ root }, signal);
      await service.settled(root);
      let rows = 0;
      for (const part of parts) {
        const filter = `(kind:image or kind:audio)${part === '' ? '' : ` folder:${part}`}`;
        rows += await service.handlers.exportManifest({ root, filter, form: 'hf', file: join(root, part, 'metadata.jsonl') }, signal);
      }
      return rows;
    } finally {
      service.dispose();
    }
  });
}
