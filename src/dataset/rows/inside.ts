import { stepsOf } from '../../media/archives/archive.ts';
import type { OpenArchives } from '../../media/archives/openPlace.ts';
import type { MediaPlace } from '../../media/place.ts';
import { DatasetError } from '../datasetError.ts';
import type { InsideEntry } from './rowsApi.ts';

const MAX_ENTRIES = 200_000;

/** Null where there is nothing of that name. */
export async function insideStat(archives: OpenArchives, place: MediaPlace, signal: AbortSignal): Promise<{ readonly isFolder: boolean; readonly size: number } | null> {
  const archive = archives.archive(place.file);
  const { member = '' } = place;
  if (archive === undefined) {
    const opened = await archives.open({ file: place.file, member }, signal);
    return { isFolder: false, size: opened.source.size };
  }
  const found = member === '' ? undefined : await archive.find(member, signal);
  if (found) {
    return { isFolder: false, size: found.size };
  }
  await archive.scan({ signal });
  const wanted = stepsOf(member);
  for (let index = 0; index < archive.table.length; index++) {
    const steps = stepsOf(archive.table.at(index)?.name ?? '');
    if (steps.length > wanted.length && wanted.every((step, nth) => steps[nth] === step)) {
      return { isFolder: true, size: 0 };
    }
  }
  return member === '' ? { isFolder: true, size: 0 } : null;
}

/** What lies in a folder of an archive. Rejects where the file is none. */
export async function insideList(archives: OpenArchives, { file, member = '' }: MediaPlace, signal: AbortSignal): Promise<readonly InsideEntry[]> {
  const archive = archives.archive(file);
  if (archive === undefined) {
    throw new DatasetError('unavailable', `${file} is no archive whose members could be listed.`);
  }
  await archive.scan({ signal });
  const folder = stepsOf(member);
  const entries = new Map<string, boolean>();
  for (let index = 0; index < archive.table.length && entries.size < MAX_ENTRIES; index++) {
    const steps = stepsOf(archive.table.at(index)?.name ?? '');
    const name = steps[folder.length];
    if (name !== undefined && folder.every((step, nth) => steps[nth] === step)) {
      entries.set(name, entries.get(name) === true || steps.length > folder.length + 1);
    }
  }
  return [...entries].map(([name, isFolder]) => ({ name, isFolder }));
}
