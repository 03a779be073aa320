import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Params, Result } from '../../../../src/base/endpoint.ts';
import type { CatalogueApi, Summary } from '../../../../src/dataset/catalogue/catalogueApi.ts';
import { createCatalogues, type CatalogueService } from '../../../../src/dataset/catalogue/catalogueService.ts';
import type { ServiceContext } from '../../../../src/dataset/service.ts';

/** A dataset in a folder of its own, and the catalogue's service for it, in this thread. */
export class Bed {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'trainyard-catalogue-')));
  readonly root = join(this.folder, 'data');
  readonly storage = join(this.folder, 'storage');
  readonly told: Summary[] = [];
  private service = this.create();

  constructor() {
    mkdirSync(this.root);
  }

  /** Writes a file with all its folders, whose times lie an hour back, so that they count as settled. */
  write(path: string, content: string | Uint8Array = ''): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    this.settle(dirname(path));
    return file;
  }

  settle(folder: string, age = 3600): void {
    const time = Date.now() / 1000 - age;
    utimesSync(join(this.root, folder), time, time);
    if (folder !== '.' && folder !== '') {
      this.settle(dirname(folder), age);
    }
  }

  ask<K extends keyof CatalogueApi>(method: K, ...[params]: Params<CatalogueApi, K>): Promise<Result<CatalogueApi, K>> {
    const all = { root: this.root, ...(params as object) };
    return Promise.resolve((this.service.handlers[method] as (params: unknown, signal: AbortSignal) => unknown)(all, new AbortController().signal)) as Promise<Result<CatalogueApi, K>>;
  }

  /** Opens it and waits until all is known. */
  async open(): Promise<Summary> {
    await this.ask('open', { root: this.root });
    return this.settled();
  }

  async refresh(): Promise<Summary> {
    await this.ask('refresh', { root: this.root });
    return this.settled();
  }

  async settled(): Promise<Summary> {
    await this.service.settled(this.root);
    return this.ask('summary', { root: this.root });
  }

  /** Paths of all items that pass, in order. */
  async paths(filter = '', sort?: { column: 'path' | 'size' | 'name' | 'duration' | 'label'; descending: boolean }): Promise<readonly string[]> {
    const { items, problem } = await this.ask('items', { root: this.root, filter, offset: 0, count: 1000, ...(sort && { sort }) });
    return problem === undefined ? items.map(({ path }) => path) : [problem.message];
  }

  /** As another window would: nothing is remembered but what was kept. */
  async restart(): Promise<void> {
    this.service.dispose();
    await new Promise((resolve) => setImmediate(resolve));
    this.service = this.create();
  }

  /** As another window has it, with the same storage. */
  another(): CatalogueService {
    return this.create();
  }

  dispose(): void {
    this.service.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private create(): CatalogueService {
    const context: ServiceContext = { storage: this.storage, root: this.folder, cacheBytes: 0 };
    return createCatalogues(context, (summary) => this.told.push(summary), { eager: true });
  }
}

/** A WAV of silence. */
export function wav(seconds: number, rate = 8000): Uint8Array {
  const bytes = Buffer.alloc(44 + seconds * rate * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(bytes.length - 44, 40);
  return bytes;
}

/** The smallest BMP of a size. */
export function bmp(width: number, height: number): Uint8Array {
  const row = Math.ceil((width * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + row * height);
  bytes.write('BM', 0);
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}
