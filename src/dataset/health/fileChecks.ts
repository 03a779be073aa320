import { statSync } from 'node:fs';
import { known } from '../../base/absent.ts';
import { inTransaction } from '../../base/sqlite.ts';
import type { SqliteRow } from '../../base/sqlite.ts';
import type { Media } from '../../media/media.ts';
import { MediaError } from '../../media/mediaError.ts';
import { createProber } from '../../media/probe.ts';
import type { RuleCode } from '../../media/rules/index.ts';
import { problemOf } from '../../media/rules/index.ts';
import { checkMedia, checkSampleRates } from '../../media/rules/media.ts';
import type { Finding } from '../../media/rules/rule.ts';
import { extensionOf } from '../../media/names.ts';
import type { Decoder } from './decoder.ts';
import type { HealthStore } from './healthStore.ts';

/** Files that are checked between two writes. */
const BATCH = 200;

export interface FileChecks {
  readonly store: HealthStore;
  readonly run: number;
  /** 0 for headers, 1 for every byte. */
  readonly level: 0 | 1;
  readonly decoder: Decoder;
  readonly breathe: () => Promise<void> | undefined;
  readonly signal: AbortSignal | undefined;
}

interface Checked {
  readonly id: number;
  readonly values: readonly (string | number | null)[];
}

/** Looks at each file of this run that was not looked at before, or has changed since, and tells what is wrong with each of them. */
export async function checkFiles({ store, run, level, decoder, breathe, signal }: FileChecks): Promise<void> {
  const prober = createProber();
  const page = store.database.prepare(`SELECT id, path, size, mtime, level, findings FROM files WHERE run = ? AND id > ? ORDER BY id LIMIT ${BATCH}`);
  let last = 0;
  for (let rows = page.all(run, last); rows.length > 0; rows = page.all(run, last)) {
    const checked: Checked[] = [];
    for (const row of rows) {
      await breathe();
      last = Number(row.id);
      const path = String(row.path);
      const stat = statOf(path);
      if (stat === undefined) {
        checked.push({ id: last, values: [null, null, level, null, null, null, null, null, '[]'] });
        continue;
      }
      const findings = isCurrent(row, stat, level) ? (JSON.parse(String(row.findings ?? '[]')) as Finding<RuleCode>[]) : undefined;
      const looked = findings === undefined ? await look(path, stat) : undefined;
      if (looked !== undefined) {
        checked.push({ id: last, values: looked.values });
      }
      for (const finding of findings ?? looked?.findings ?? []) {
        store.tell('files', problemOf(finding, { file: path }));
      }
    }
    keep(store, checked);
  }
  store.flush();
  const rates = store.database.prepare('SELECT rate, COUNT(*) AS count, MIN(path) AS example FROM files WHERE run = ? AND rate IS NOT NULL GROUP BY rate').all(run);
  for (const { file, ...finding } of checkSampleRates(rates.map(({ rate, count, example }) => ({ rate: Number(rate), count: Number(count), example: String(example) })))) {
    store.tell('files', problemOf(finding, { file }));
  }
  store.flush();

  async function look(path: string, stat: { readonly size: number; readonly mtimeMs: number }): Promise<{ readonly findings: readonly Finding<RuleCode>[]; readonly values: Checked['values'] }> {
    try {
      const media = prober.probeFast(path) ?? (await prober.probe(path, { ...(signal && { signal }) }));
      const findings: Finding<RuleCode>[] = checkMedia(media, extensionOf(path));
      if (level === 1 && findings.every(({ code }) => code === 'media/wrong-extension' || code === 'media/exif-orientation') && ['audio', 'video', 'image'].includes(media.kind)) {
        findings.push(...(await decoder.look(media, signal)));
      }
      return { findings, values: [stat.size, stat.mtimeMs, level, ...factsOf(media), JSON.stringify(findings)] };
    } catch (error) {
      signal?.throwIfAborted();
      const { message } = MediaError.from(error, path);
      const findings: Finding<RuleCode>[] = [{ code: 'media/unreadable', message: `${message}.` }];
      return { findings, values: [stat.size, stat.mtimeMs, -1, null, null, null, null, null, JSON.stringify(findings)] };
    }
  }
}

function keep(store: HealthStore, checked: readonly Checked[]): void {
  const update = store.database.prepare('UPDATE files SET size = ?, mtime = ?, level = ?, kind = ?, rate = ?, width = ?, height = ?, duration = ?, findings = ?, quick = NULL, hash = NULL, look = NULL WHERE id = ?');
  inTransaction(store.database, () => {
    for (const { id, values } of checked) {
      update.run(...values, id);
    }
  });
}

function isCurrent({ size, mtime, level }: SqliteRow, stat: { readonly size: number; readonly mtimeMs: number }, wanted: number): boolean {
  return size === stat.size && mtime === stat.mtimeMs && Number(level) >= wanted;
}

function factsOf({ kind, audio, image, video, duration }: Media): (string | number | null)[] {
  const picture = image ?? video;
  return [kind, known(audio?.sampleRate) ?? null, known(picture?.width) ?? null, known(picture?.height) ?? null, known(duration) ?? null];
}

function statOf(path: string): { readonly size: number; readonly mtimeMs: number } | undefined {
  try {
    const found = statSync(path);
    return found.isFile() ? found : undefined;
  } catch {
    return undefined;
  }
}
