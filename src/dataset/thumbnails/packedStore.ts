import { mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { XXHashAPI } from 'xxhash-wasm';
import createXxhash from 'xxhash-wasm';
import { Segment, segmentName } from './packedSegment.ts';

export interface PackedStoreOptions {
  /** Absolute path of the store's own folder; made with the first `put`. Several windows may use the same. */
  readonly folder: string;
  /** Bytes that all segments together may take. */
  readonly budget: number;
  readonly now?: () => number;
  /** Told once for each run of failures: the store goes on without writing. */
  readonly log?: (line: string) => void;
}

/** Small derived things (thumbnails, peaks) by the key of what they were made of. Loses things, and never gives wrong ones. */
export interface PackedStore {
  /** Undefined where it is not there, was evicted or is damaged. The bytes are the caller's own. */
  get(key: string): Buffer | undefined;
  /** Keeps bytes (at most 4 MiB) for a while. A failure to write is no failure of the caller's: then it is not kept. */
  put(key: string, bytes: Uint8Array): void;
  dispose(): void;
}

const LARGEST = 4 * 2 ** 20;
/** Segments, which are the steps of eviction: small in a small store. */
const SEGMENT = { least: 2 ** 20, most: 64 * 2 ** 20, perStore: 16 };
/** Of segments, however small they are: each window that makes something begins one. */
const MOST_SEGMENTS = 128;
/** Milliseconds between two looks for what other windows have added. */
const LOOK_AGAIN = 2000;
/** Milliseconds after a failed write until the next is tried. */
const TRY_AGAIN = 60_000;

export async function createPackedStore(options: PackedStoreOptions): Promise<PackedStore> {
  return new SegmentedStore(options, await createXxhash());
}

/**
 * Segments of appended records with an index file beside each. A window writes to segments of its own alone and reads those of
 * all, so that no window waits for another. A record counts when its index entry is whole; both have a checksum. The oldest
 * segments are removed when there is no more room.
 */
class SegmentedStore implements PackedStore {
  private readonly segments = new Map<string, Segment>();
  private readonly segmentSize: number;
  private own: Segment | undefined;
  private lastLook = -Infinity;
  private brokenUntil = -Infinity;
  /** Whether it was told that nothing can be written, and since then nothing was. */
  private isTold = false;

  constructor(
    private readonly options: PackedStoreOptions,
    private readonly xxhash: XXHashAPI,
  ) {
    this.segmentSize = Math.min(SEGMENT.most, Math.max(SEGMENT.least, Math.floor(options.budget / SEGMENT.perStore)));
  }

  get(key: string): Buffer | undefined {
    const hash = this.xxhash.h64(key);
    const found = this.find(hash);
    if (found !== undefined || this.now() - this.lastLook < LOOK_AGAIN) {
      return found;
    }
    this.look();
    return this.find(hash);
  }

  put(key: string, bytes: Uint8Array): void {
    if (bytes.length > Math.min(LARGEST, this.segmentSize) || this.now() < this.brokenUntil) {
      return;
    }
    try {
      this.writable(bytes.length).append(this.xxhash.h64(key), bytes);
      this.isTold = false;
    } catch (error) {
      if (!this.isTold) {
        this.isTold = true;
        this.options.log?.(`Thumbnails and peaks are made and shown, and not kept in ${this.options.folder} for now: ${error instanceof Error ? error.message : String(error)}`);
      }
      this.brokenUntil = this.now() + TRY_AGAIN;
      // Its place may be gone, as when somebody emptied the folder.
      this.own?.close();
      this.own = undefined;
    }
  }

  dispose(): void {
    this.own?.close();
    this.segments.clear();
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }

  private find(hash: bigint): Buffer | undefined {
    // The latest first: what was made anew stands behind what was damaged.
    for (const [name, segment] of [...this.segments].reverse()) {
      const bytes = segment.read(hash);
      if (bytes === 'gone') {
        this.segments.delete(name);
      } else if (bytes !== undefined) {
        return bytes;
      }
    }
    return undefined;
  }

  private writable(length: number): Segment {
    if (this.own !== undefined && this.own.size + length <= this.segmentSize && this.own.isThere()) {
      return this.own;
    }
    this.own?.close();
    this.own = undefined;
    mkdirSync(this.options.folder, { recursive: true, mode: 0o700 });
    this.makeRoom();
    const name = segmentName(this.now());
    const segment = Segment.create(join(this.options.folder, name), this.xxhash);
    this.segments.set(name, segment);
    this.own = segment;
    return segment;
  }

  /** Takes in what others have written, in the order of the segments' beginnings. */
  private look(): void {
    this.lastLook = this.now();
    const names = this.names();
    const kept = new Map(names.map((name) => [name, this.segments.get(name) ?? new Segment(join(this.options.folder, name), this.xxhash)]));
    this.segments.clear();
    for (const [name, segment] of kept) {
      segment.refresh();
      this.segments.set(name, segment);
    }
  }

  /** Removes the oldest segments until there is room for one more. */
  private makeRoom(): void {
    const all = this.names().map((name) => ({ name, bytes: sizeOf(join(this.options.folder, `${name}.pack`)) }));
    let bytes = all.reduce((sum, segment) => sum + segment.bytes, 0);
    let count = all.length;
    for (const { name, bytes: freed } of all) {
      if (bytes + this.segmentSize <= this.options.budget && count < MOST_SEGMENTS) {
        return;
      }
      // The index first: a pack without it is nobody's.
      remove(join(this.options.folder, `${name}.index`));
      remove(join(this.options.folder, `${name}.pack`));
      this.segments.delete(name);
      bytes -= freed;
      count--;
    }
  }

  /** Of every segment, also where one of its two files was lost, the oldest first. */
  private names(): readonly string[] {
    try {
      const files = readdirSync(this.options.folder).flatMap((file) => /^(\w{9}-\w+)\.(?:pack|index)$/.exec(file)?.[1] ?? []);
      return [...new Set(files)].sort();
    } catch {
      return [];
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Another window was quicker.
  }
}
