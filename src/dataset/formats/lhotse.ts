import { dirname, resolve } from 'node:path';
import { known } from '../../base/absent.ts';
import { checkRecording, checkSupervision } from '../../media/rules/lhotse.ts';
import { DatasetError } from '../datasetError.ts';
import { createFolderLook } from '../folderLook.ts';
import type { DatasetFormat, FolderLook } from '../format.ts';
import type { SampleMedium } from '../sample.ts';
import { checkShar, SharFields } from './lhotseShar.ts';
import { CheckRun, Seen } from './support/checkRun.ts';
import { createDataset, distinct } from './support/createDataset.ts';
import type { Draft } from './support/createDataset.ts';
import { absolute, findFiles, firstRows, manifestPart, splitOfManifest, text, word } from './support/manifests.ts';
import { PresenceByListing } from '../../media/presence.ts';
import type { Rows, RowValue } from './support/rows.ts';
import { openRows } from './support/rows.ts';

type Kind = 'cuts' | 'supervisions' | 'recordings';
const KINDS: readonly Kind[] = ['cuts', 'supervisions', 'recordings'];

/** Lhotse's manifests: recordings, supervisions, cuts, and Shar, whose cuts have tars beside them. */
export const lhotse: DatasetFormat = {
  id: 'lhotse',
  title: 'Lhotse',
  recognise(look) {
    const found = manifestsOf(look);
    const [first] = found;
    return first === undefined ? undefined : { score: 0.95, reasons: [`${first.path} has ${first.kind} in its rows`, ...(found.length > 1 ? [`${found.length - 1} more manifests`] : [])] };
  },
  async open(root, { signal } = {}) {
    const look = createFolderLook(root);
    const found = manifestsOf(look);
    if (found.length === 0) {
      throw new DatasetError('unknown', `${root} holds no manifest of Lhotse`);
    }
    const all = await Promise.all(found.map(async ({ path, kind }) => ({ path, kind, rows: await openRows(absolute(look, path), { signal }), split: splitOfManifest(look, path) })));
    const leading = KINDS.map((kind) => all.filter((manifest) => manifest.kind === kind)).find((manifests) => manifests.length > 0) ?? [];
    const shar = new SharFields();
    const paths = new SourcePaths();
    return createDataset({
      format: lhotse.id,
      parts: leading.map(({ rows, split, path }) => manifestPart(rows, (value, { row }) => draftOf(value, row, rows, paths, shar), { split, prefix: leading.length > 1 ? `${path}: ` : '' })),
      splits: distinct(leading.map(({ split }) => split)),
      async check(tell, checkSignal) {
        const run = await CheckRun.start(tell, checkSignal);
        const recordings = all.filter(({ kind }) => kind === 'recordings');
        const ids = new Seen(run.hash);
        for (const { rows } of recordings) {
          for await (const { value, row } of rows.read(0, checkSignal)) {
            ids.meet(text(value?.id) ?? '', row);
          }
        }
        for (const { rows, kind } of all) {
          await checkManifest(run, rows, kind, paths, recordings.length > 0 ? ids : undefined);
          await checkShar(run, rows);
        }
      },
      close: () => all.forEach(({ rows }) => rows.close()),
    });
  },
};

function manifestsOf(look: FolderLook): { readonly path: string; readonly kind: Kind }[] {
  return findFiles(look, /\.jsonl?(?:\.gz)?$/i).flatMap((path) => {
    const kind = kindOf(firstRows(look, path)[0]);
    return kind === undefined ? [] : [{ path, kind }];
  });
}

function kindOf(row: RowValue | undefined): Kind | undefined {
  if (row === undefined || typeof row.id !== 'string') {
    return undefined;
  }
  if (Array.isArray(row.sources) && 'sampling_rate' in row) {
    return 'recordings';
  }
  if ('start' in row && 'duration' in row) {
    return 'recording_id' in row && !('supervisions' in row) ? 'supervisions' : 'supervisions' in row ? 'cuts' : undefined;
  }
  return Array.isArray(row.tracks) ? 'cuts' : undefined;
}

/** Manifests name files from where the recipe ran, which is somewhere above. */
export class SourcePaths {
  private readonly presence = new PresenceByListing();

  of(manifest: string, source: unknown): string | undefined {
    const folder = dirname(manifest);
    if (typeof source !== 'string' || source === '' || source.includes('\0') || /^[a-z][a-z\d+.-]+:\/\//i.test(source)) {
      return undefined;
    }
    const bases = [folder, dirname(folder), dirname(dirname(folder))];
    return bases.map((base) => resolve(base, source)).find((path) => this.presence.isFile(path)) ?? resolve(folder, source);
  }
}

function draftOf(value: RowValue, row: number, rows: Rows, paths: SourcePaths, shar: SharFields): Omit<Draft, 'source'> {
  const supervisions = Array.isArray(value.supervisions) ? (value.supervisions as RowValue[]) : 'recording_id' in value ? [value] : [];
  const words = supervisions.map((supervision) => text(supervision.text)).filter((said) => said !== undefined);
  const speaker = supervisions.map((supervision) => word(supervision.speaker)).find((name) => name !== undefined);
  const { duration } = value;
  return {
    id: word(value.id) ?? `row ${row}`,
    media: mediaOf(value, rows, paths, shar, row),
    labels: [...new Set(supervisions.flatMap(({ language }) => word(language) ?? []))],
    ...(words.length > 0 && { text: words.join('\n') }),
    ...(speaker !== undefined && { speaker }),
    ...(typeof duration === 'number' && { statedDuration: duration }),
  };
}

function mediaOf(value: RowValue, rows: Rows, paths: SourcePaths, shar: SharFields, row: number): SampleMedium[] {
  const beside = shar.media(rows.file, row - 1);
  if (beside.length > 0) {
    return beside;
  }
  const recordings = [value.recording, ...(Array.isArray(value.tracks) ? (value.tracks as RowValue[]).map(({ cut }) => (cut as RowValue | undefined)?.recording) : []), ...('sources' in value ? [value] : [])];
  const segment = typeof value.start === 'number' && typeof value.duration === 'number' && 'recording' in value ? { segment: { start: value.start, duration: value.duration } } : {};
  return recordings.flatMap((recording) => sourcesOf(recording).flatMap((source) => mediumOf(paths.of(rows.file, source), segment)));
}

function mediumOf(file: string | undefined, segment: Pick<SampleMedium, 'segment'>): SampleMedium[] {
  return file === undefined ? [] : [{ role: 'recording', kind: 'audio', place: { file }, ...segment }];
}

/** Paths of a recording's sources that are files. */
function sourcesOf(recording: unknown): string[] {
  const sources = (recording as RowValue | null | undefined)?.sources;
  return Array.isArray(sources) ? (sources as RowValue[]).flatMap((source) => (source?.type === 'file' && typeof source.source === 'string' ? [source.source] : [])) : [];
}

async function checkManifest(run: CheckRun, rows: Rows, kind: Kind, paths: SourcePaths, recordings: Seen | undefined): Promise<void> {
  const seen = new Seen(run.hash);
  await run.rows(rows, async ({ value, row }, at) => {
    const id = text(value.id) ?? '';
    const before = seen.meet(id, row);
    if (before !== undefined) {
      run.say(at, { code: 'row/duplicate-id', key: 'id', message: `The id ${id} stands in row ${before} already.` });
    }
    const recording = kind === 'recordings' ? value : (value.recording as RowValue | undefined);
    if (typeof recording === 'object' && recording !== null) {
      await checkSources(run, at, recording, rows.file, paths);
    }
    if (kind === 'supervisions' && recordings !== undefined && !recordings.has(text(value.recording_id) ?? '')) {
      run.say(at, { code: 'lhotse/recording-dangling', key: 'recording_id', message: `recording_id ${text(value.recording_id) ?? ''} is the id of no recording.` });
    }
    if (kind !== 'cuts') {
      return;
    }
    const length = typeof value.duration === 'number' ? value.duration : undefined;
    const whole = recording?.duration;
    const end = typeof value.start === 'number' && length !== undefined ? value.start + length : undefined;
    if (end !== undefined && typeof whole === 'number' && end > whole + 0.05) {
      run.say(at, { code: 'lhotse/cut-outside', key: 'duration', message: `The cut ends at ${end.toFixed(2)} s, the recording at ${whole.toFixed(2)} s.` });
    }
    for (const supervision of Array.isArray(value.supervisions) ? (value.supervisions as RowValue[]) : []) {
      run.say(at, ...checkSupervision(supervision, length, end !== undefined && typeof whole === 'number' && end < whole - 0.001));
    }
  });
}

async function checkSources(run: CheckRun, at: { readonly file: string; readonly row: number }, recording: RowValue, manifest: string, paths: SourcePaths): Promise<void> {
  const [first] = sourcesOf(recording);
  const file = first === undefined ? undefined : paths.of(manifest, first);
  const isThere = file !== undefined && first !== undefined && run.presence.isFile(file);
  if (file !== undefined && first !== undefined && !isThere) {
    run.path(at, 'source', first, dirname(manifest));
  }
  const facts = isThere ? await run.facts(file) : undefined;
  const whole = facts?.problems.length === 0 ? facts : undefined;
  run.say(at, ...checkRecording(recording, { duration: known(whole?.duration), sampleRate: known(whole?.audio?.sampleRate) }));
}
