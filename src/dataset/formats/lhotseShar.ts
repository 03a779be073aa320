import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import type { SampleMedium } from '../sample.ts';
import type { CheckRun } from './support/checkRun.ts';
import { kindByName } from '../../media/names.ts';
import { openFile } from './support/openBytes.ts';
import type { Rows } from './support/rows.ts';
import { inByteOrder } from './support/fileTree.ts';
import { tarHeaders } from './support/tarIndex.ts';

/** `cuts.000000.jsonl.gz` has `recording.000000.tar`, `features.000000.tar` … beside it, whose members go in step with its rows. */
function fieldsBeside(manifest: string): { readonly field: string; readonly file: string }[] {
  const [, folder, number] = /^(.*)\/cuts\.(\d+)\.jsonl(?:\.gz)?$/.exec(manifest) ?? [];
  if (folder === undefined || number === undefined) {
    return [];
  }
  try {
    return inByteOrder(readdirSync(folder)).flatMap((name) => {
      const field = name.endsWith(`.${number}.tar`) ? name.slice(0, -`.${number}.tar`.length) : undefined;
      return field === undefined ? [] : [{ field, file: join(folder, name) }];
    });
  } catch {
    return [];
  }
}

/** Data members of a field, in the order of the cuts: of each cut the data and then its JSON. */
function membersOf(file: string): string[] {
  const { source, close } = openFile(file);
  try {
    return tarHeaders(source).filter((name) => !name.endsWith('.json'));
  } finally {
    close();
  }
}

/** Media of the tars beside a manifest of cuts; the names of one shard at a time are remembered. */
export class SharFields {
  private manifest: string | undefined;
  private fields: readonly { readonly field: string; readonly file: string; readonly names: readonly string[] }[] = [];

  media(manifest: string, index: number): SampleMedium[] {
    if (manifest !== this.manifest) {
      this.manifest = manifest;
      this.fields = fieldsBeside(manifest).flatMap(({ field, file }) => {
        try {
          return [{ field, file, names: membersOf(file) }];
        } catch {
          return [];
        }
      });
    }
    return this.fields.flatMap(({ field, file, names }) => {
      const member = names[index];
      const kind = member === undefined ? 'other' : kindByName(member);
      // A cut whose data was left out has a member without content instead.
      return member === undefined || member.endsWith('.nodata') ? [] : [{ role: field, kind, place: { file, member } }];
    });
  }
}

export async function checkShar(run: CheckRun, rows: Rows): Promise<void> {
  for (const { field, file } of fieldsBeside(rows.file)) {
    await run.breathe();
    try {
      const count = membersOf(file).length;
      if (count !== rows.count) {
        run.say({ file }, { code: 'lhotse/shar-counts', message: `${field} has ${count} members, and there are ${rows.count} cuts.`, related: rows.file });
      }
    } catch (error) {
      run.say({ file }, { code: 'tar/truncated', message: `The field cannot be read: ${(error as Error).message}` });
    }
  }
}
