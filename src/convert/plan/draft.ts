import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import type { EngineId } from '../engine.ts';
import { readJsonBlocks } from '../run/lines.ts';
import type { DoneBefore } from './namer.ts';

/** An item before all names are known. Kept on disk in between, as a plan may have millions. */
export type Draft = RefusedDraft | NamedDraft;

export interface RefusedDraft {
  readonly input: string;
  /** Bytes. */
  readonly size: number;
  readonly refused: string;
}

export interface NamedDraft {
  readonly input: string;
  readonly size: number;
  readonly stamp: string;
  readonly cost: number;
  readonly engine: EngineId;
  /** Extension of the output; left out for folders. */
  readonly shape?: string;
  /** In the table of names. */
  readonly row: number;
  /** Found to be done already under this name, the output looked at. */
  readonly done?: Omit<DoneBefore, 'shape'>;
}

const BUFFERED = 64 * 1024;

/** Drafts in a file of our own, which `remove` takes away. */
export class DraftFile {
  private readonly fd: number;
  private text = '';

  constructor(private readonly file: string) {
    this.fd = openSync(file, 'w', 0o600);
  }

  add(draft: Draft): void {
    this.text += `${JSON.stringify(draft)}\n`;
    if (this.text.length > BUFFERED) {
      this.flush();
    }
  }

  read(): AsyncGenerator<readonly Draft[]> {
    this.flush();
    return readJsonBlocks<Draft>(this.file);
  }

  remove(): void {
    closeSync(this.fd);
    rmSync(this.file, { force: true });
  }

  private flush(): void {
    const bytes = Buffer.from(this.text);
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.fd, bytes, written);
    }
    this.text = '';
  }
}
