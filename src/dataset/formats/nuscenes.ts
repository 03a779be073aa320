import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createTextHash } from '../../base/hash.ts';
import { NumberMap } from '../../base/numberMap.ts';
import { kindByName } from '../../media/names.ts';
import { checkNuscenesLidar, checkNuscenesLinks, checkNuscenesSensors, NUSCENES_LINKS, NUSCENES_TABLES } from '../../media/rules/nuscenes.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import type { SampleMedium } from '../sample.ts';
import { CheckRun, Seen } from './support/checkRun.ts';
import type { Draft } from './support/createDataset.ts';
import { createDataset } from './support/createDataset.ts';
import { text } from './support/manifests.ts';
import type { Rows, RowValue } from './support/rows.ts';
import { openRows } from './support/rows.ts';

const VERSION = /^v\d+\.\d+-\w+$/;

/** nuScenes: tables of a version, as JSON arrays joined by tokens, and the sensors' files in samples and sweeps. A sample is a key frame. */
export const nuscenes: DatasetFormat = {
  id: 'nuscenes',
  title: 'nuScenes',
  recognise(look) {
    const [version] = versionsOf(look);
    return version === undefined ? undefined : { score: 0.95, reasons: [`${version} with sample.json and sample_data.json`] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const versions = versionsOf(look);
    if (versions.length === 0) {
      throw new DatasetError('unknown', `${root} holds no folder of tables such as v1.0-mini`);
    }
    const opened = await Promise.all(versions.map((version) => Version.open(root, version, signal)));
    return createDataset({
      format: nuscenes.id,
      parts: opened.map((version) => version.part(versions.length > 1)),
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        for (const version of opened) {
          await version.check(run);
        }
      },
      close: () => opened.forEach((version) => version.close()),
    });
  },
};

function versionsOf(look: FolderLook): string[] {
  return look.list('').folders.filter((name) => VERSION.test(name) && ['sample.json', 'sample_data.json'].every((table) => look.list(name).files.includes(table)));
}

/** The tables of one version. Of sample_data only where the key frames of each sample stand is in memory: 24 bytes each. */
class Version {
  private constructor(
    private readonly root: string,
    private readonly name: string,
    private readonly tables: ReadonlyMap<string, Rows>,
    /** Rows of sample_data that are key frames, by row of their sample. */
    private readonly frames: readonly (readonly number[])[],
  ) {}

  static async open(root: string, name: string, signal: AbortSignal | undefined): Promise<Version> {
    const tables = new Map<string, Rows>();
    try {
      for (const table of NUSCENES_TABLES) {
        const file = join(root, name, `${table}.json`);
        if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) {
          tables.set(table, await openRows(file, { signal }));
        }
      }
      return new Version(root, name, tables, await keyFrames(tables, signal));
    } catch (error) {
      tables.forEach((rows) => rows.close());
      throw error;
    }
  }

  part(several: boolean): { readonly count: number; at(index: number): Promise<Draft | undefined>; read(from: number, signal?: AbortSignal): AsyncGenerator<Draft> } {
    const samples = this.tables.get('sample');
    const draftAt = async (index: number): Promise<Draft | undefined> => {
      const value = (await samples?.at(index))?.value;
      const media = await this.mediaOf(index);
      const token = text(value?.token) ?? `row ${index + 1}`;
      return index < this.frames.length && samples !== undefined ? { id: several ? `${this.name}/${token}` : token, media, labels: [], source: { file: samples.file, row: index + 1 } } : undefined;
    };
    const count = this.frames.length;
    return {
      count,
      at: draftAt,
      async *read(from, signal) {
        for (let index = from; index < count; index++) {
          signal?.throwIfAborted();
          const draft = await draftAt(index);
          if (draft !== undefined) {
            yield draft;
          }
        }
      },
    };
  }

  /** By the rules of nuScenes: every table is there, every token leads somewhere, every file is there and whole. */
  async check(run: CheckRun): Promise<void> {
    for (const table of NUSCENES_TABLES.filter((name) => !this.tables.has(name))) {
      run.say({ file: join(this.root, this.name) }, { code: 'nuscenes/table-missing', message: `${this.name} has no ${table}.json.` });
    }
    const tokens = new Map<string, Seen>();
    for (const [table, rows] of this.tables) {
      const seen = new Seen(run.hash);
      tokens.set(table, seen);
      await run.rows(rows, ({ value, row }, at) => {
        const token = text(value.token);
        const before = token === undefined ? undefined : seen.meet(token, row);
        if (before !== undefined) {
          run.say(at, { code: 'nuscenes/duplicate-token', key: 'token', message: `The token ${JSON.stringify(token)} stands in record ${before} already.` });
        }
      });
    }
    const has = (table: string, token: string): boolean => tokens.get(table)?.has(token) ?? true;
    for (const table of Object.keys(NUSCENES_LINKS)) {
      const rows = this.tables.get(table);
      for await (const { row, value } of rows?.read(0, run.signal) ?? []) {
        await run.breathe();
        if (rows !== undefined && value !== undefined) {
          const at = { file: rows.file, row };
          run.say(at, ...checkNuscenesLinks(table, value, has));
          if (table === 'sample_data') {
            this.checkFile(run, at, value);
          }
        }
      }
    }
    await this.checkSensors(run);
  }

  close(): void {
    this.tables.forEach((rows) => rows.close());
  }

  private async mediaOf(sample: number): Promise<SampleMedium[]> {
    const records = await Promise.all((this.frames[sample] ?? []).map(async (row) => (await this.tables.get('sample_data')?.at(row - 1))?.value));
    return records.flatMap((value): SampleMedium[] => {
      const name = text(value?.filename);
      return name === undefined ? [] : [{ role: channelOf(name), kind: kindByName(name), place: { file: join(this.root, name) } }];
    });
  }

  private checkFile(run: CheckRun, at: { readonly file: string; readonly row: number }, value: RowValue): void {
    const name = text(value.filename);
    if (name === undefined) {
      return;
    }
    const file = join(this.root, name);
    if (!run.presence.isFile(file)) {
      run.say(at, { code: 'nuscenes/file-missing', key: 'filename', message: `${name} is not there.`, related: file });
    } else if (file.endsWith('.pcd.bin')) {
      run.say({ file }, ...checkNuscenesLidar(basename(file), statSync(file, { throwIfNoEntry: false })?.size ?? 0));
    }
  }

  private async checkSensors(run: CheckRun): Promise<void> {
    const samples = this.tables.get('sample');
    const channels: Set<string>[] = [];
    const counts = new Map<string, number>();
    for (const [index] of this.frames.entries()) {
      await run.breathe();
      const found = new Set((await this.mediaOf(index)).map(({ role }) => role));
      channels.push(found);
      found.forEach((channel) => counts.set(channel, (counts.get(channel) ?? 0) + 1));
    }
    const usual = [...counts].filter(([, count]) => count * 2 > channels.length).map(([channel]) => channel).sort();
    channels.forEach((found, index) => samples !== undefined && run.say({ file: samples.file, row: index + 1 }, ...checkNuscenesSensors(found, usual)));
  }
}

/** Rows of sample_data that are key frames, by row of their sample. */
async function keyFrames(tables: ReadonlyMap<string, Rows>, signal: AbortSignal | undefined): Promise<number[][]> {
  const hash = await createTextHash();
  const rows = new NumberMap();
  const frames: number[][] = [];
  for await (const { row, value } of tables.get('sample')?.read(0, signal) ?? []) {
    frames.push([]);
    rows.set(hash(text(value?.token) ?? ''), row);
  }
  for await (const { row, value } of tables.get('sample_data')?.read(0, signal) ?? []) {
    const sample = value?.is_key_frame === true ? rows.get(hash(text(value.sample_token) ?? '')) : undefined;
    if (sample !== undefined) {
      frames[sample - 1]?.push(row);
    }
  }
  return frames;
}

/** `samples/CAM_FRONT/x.jpg` */
function channelOf(name: string): string {
  return name.split('/')[1] ?? 'file';
}
