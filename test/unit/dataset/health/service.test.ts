import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHealthService } from '../../../../src/dataset/health/healthService.ts';
import type { HealthApi, HealthStart, HealthSummary } from '../../../../src/dataset/health/healthApi.ts';
import { loadSharp } from '../../../../src/media/sharpLibrary.ts';
import type { Files } from '../formats/support.ts';
import { lines, madeFolder, png, wav } from '../formats/support.ts';

const never = new AbortController().signal;
const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';

async function gradient(px: number, turn: number): Promise<Buffer> {
  const sharp = await loadSharp();
  const pixels = Buffer.alloc(64 * 64 * 3);
  for (let at = 0; at < pixels.length; at++) {
    const [x, y] = [Math.floor(at / 3) % 64, Math.floor(at / 192)];
    pixels[at] = Math.round(127 + 60 * Math.sin((x * (1 + turn)) / 7) + 60 * Math.cos((y * (2 + turn)) / 9));
  }
  return sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } }).resize(px, px).jpeg({ quality: 85 }).toBuffer();
}

interface Running {
  readonly ask: <K extends keyof HealthApi>(method: K, params: object) => Promise<Awaited<ReturnType<HealthApi[K]>>>;
  /** Starts, and waits for the end. */
  readonly run: (params: HealthStart) => Promise<HealthSummary>;
  readonly summaries: HealthSummary[];
  /** Ends it, as a window that closes. */
  readonly close: () => Promise<void>;
}

function running(storage: string): Running {
  const summaries: HealthSummary[] = [];
  const waiting = new Set<(summary: HealthSummary) => void>();
  const service = createHealthService({ storage, root: '/', cacheBytes: 0 }, (_event, summary) => {
    summaries.push(summary);
    waiting.forEach((take) => take(summary));
  });
  onTestFinished(() => service.dispose());
  const ask: Running['ask'] = async (method, params) => (service.handlers[method] as unknown as (params: object, signal: AbortSignal) => never)(params, never);
  return {
    ask,
    summaries,
    async close() {
      service.dispose();
      await new Promise((resolve) => setImmediate(resolve));
    },
    async run(params) {
      const done = new Promise<HealthSummary>((resolve) => {
        const take = (summary: HealthSummary): void => {
          if (summary.state !== 'running') {
            waiting.delete(take);
            resolve(summary);
          }
        };
        waiting.add(take);
      });
      await ask('start', params);
      return done;
    },
  };
}

async function brokenFolder(): Promise<{ root: string; storage: string }> {
  const root = madeFolder({
    'train/metadata.jsonl': lines({ file_name: 'a.jpg', text: 'a' }, { file_name: 'b.jpg', text: 'b' }, { file_name: 'gone.jpg', text: 'g' }, { file_name: 'empty.jpg', text: 'e' }, { file_name: 'pointer.jpg', text: 'p' }),
    'train/a.jpg': await gradient(64, 0),
    'train/b.jpg': await gradient(64, 3),
    'train/empty.jpg': '',
    'train/pointer.jpg': POINTER,
    'test/metadata.jsonl': lines({ file_name: 'same.jpg', text: 'a' }, { file_name: 'near.jpg', text: 'b' }, { file_name: 'named.jpg', text: 'n' }, { file_name: 'cut.png', text: 'c' }, { file_name: 'page.jpg', text: 'h' }),
    'test/same.jpg': await gradient(64, 0),
    'test/near.jpg': await gradient(48, 3),
    'test/named.jpg': png(30, 20, 77),
    'test/cut.png': png(60, 60, 5).subarray(0, 400),
    'test/page.jpg': '<p>404 Not Found</p>\n',
  } satisfies Files);
  return { root, storage: join(madeFolder({}), 'storage') };
}

describe('the health service', () => {
  it('finds what is wrong with files, and what is alike in two splits', async () => {
    const { root, storage } = await brokenFolder();
    const { run, ask } = running(storage);
    const summary = await run({ root, pace: 1 });
    expect(summary).toMatchObject({ state: 'complete', format: 'imagefolder', rows: 10, notes: [] });
    const { problems } = await ask('problems', { root, offset: 0, count: 100 });
    const found = Object.fromEntries(problems.map(({ code, file }) => [code, file.slice(root.length + 1)]));
    expect(found).toEqual({
      'row/path-missing': 'train/metadata.jsonl',
      'media/zero-bytes': 'train/empty.jpg',
      'media/lfs-pointer': 'train/pointer.jpg',
      'media/truncated': 'test/cut.png',
      'media/wrong-extension': 'test/named.jpg',
      'media/unknown-content': 'test/page.jpg',
      'split/same-content': 'train/a.jpg',
      'split/near-duplicate': 'train/b.jpg',
    });
    expect(summary.problems).toEqual({ error: 5, warning: 3, info: 0 });
    const groups = await ask('groups', { root });
    expect(groups.map(({ severity }) => severity)).toEqual([...groups.map(({ severity }) => severity)].sort());
    expect(groups.every(({ title, help, count }) => title !== '' && help !== '' && count > 0)).toBe(true);
  });

  it('tells pairs by their splits, the identical ones before the near', async () => {
    const { root, storage } = await brokenFolder();
    const { run, ask } = running(storage);
    await run({ root, pace: 1 });
    const compared = await ask('compared', { root });
    expect(compared).toMatchObject({ splits: ['test', 'train'], pairs: [{ identical: 1, near: 1 }] });
    const { pairs, total } = await ask('pairs', { root, splits: ['train', 'test'], offset: 0, count: 10 });
    expect(total).toBe(2);
    expect(pairs.map(({ kind }) => kind)).toEqual(['identical', 'near']);
    expect(pairs[1]).toMatchObject({ a: { split: 'test', width: 48 }, b: { split: 'train', width: 64 } });
    expect((await ask('pairs', { root, splits: ['train', 'train'], offset: 0, count: 10 })).total).toBe(0);
  });

  it('reads a file again only where it has changed', async () => {
    const { root, storage } = await brokenFolder();
    const pointer = join(root, 'train/pointer.jpg');
    const time = new Date('2024-01-02T03:04:05Z');
    utimesSync(pointer, time, time);
    const first = running(storage);
    const before = await first.run({ root, pace: 1 });
    await first.close();
    writeFileSync(join(root, 'train/empty.jpg'), await gradient(64, 9));
    writeFileSync(pointer, 'x'.repeat(POINTER.length));
    utimesSync(pointer, time, time);
    const second = running(storage);
    expect(await second.ask('summary', { root })).toMatchObject({ state: 'complete', problems: before.problems });
    const after = await second.run({ root, pace: 1 });
    expect(after.problems.error).toBe(before.problems.error - 1);
    const { problems } = await second.ask('problems', { root, file: pointer, offset: 0, count: 10 });
    expect(problems.map(({ code }) => code), 'a file of the same size and time was not read').toEqual(['media/lfs-pointer']);
  });

  it('decodes every byte where that is asked for', async () => {
    const whole = png(80, 80, 3);
    const spoiled = Buffer.from(whole);
    spoiled.fill(0x55, 120, 400);
    const root = madeFolder({ 'cat/a.png': whole, 'dog/b.png': spoiled });
    const { run, ask } = running(join(madeFolder({}), 'storage'));
    expect((await run({ root, pace: 1 })).problems.error).toBe(0);
    const full = await run({ root, level: 'full', pace: 1 });
    expect(full).toMatchObject({ level: 'full', problems: { error: 1 } });
    const { problems } = await ask('problems', { root, code: 'media/undecodable', offset: 0, count: 10 });
    expect(problems.map(({ file }) => file)).toEqual([join(root, 'dog/b.png')]);
  });

  it('says why sound was not decoded where no tool may be run', async () => {
    const root = madeFolder({ 'a.wav': wav(1), 'b.wav': wav(1, { seed: 2, rate: 16000 }) });
    const { run, ask } = running(join(madeFolder({}), 'storage'));
    expect((await run({ root, level: 'full', pace: 1 })).notes).toEqual([expect.stringContaining('no tools are run')]);
    expect((await ask('groups', { root })).map(({ code }) => code)).toEqual(['media/sample-rates']);
  });

  it('stops when it is told, and goes on by the next start', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`${number % 2 === 0 ? 'cat' : 'dog'}/${number}.wav`, wav(0.1, { seed: number })]));
    const root = madeFolder(files);
    const { run, ask } = running(join(madeFolder({}), 'storage'));
    const ending = run({ root, pace: 0.01 });
    await ask('stop', { root });
    expect((await ending).state).toBe('cancelled');
    expect(await run({ root, pace: 1 })).toMatchObject({ state: 'complete', files: 300, checked: 300 });
  });

  it('saves reports, and never over a file', async () => {
    const { root, storage } = await brokenFolder();
    const { run, ask } = running(storage);
    await run({ root, pace: 1 });
    const folder = madeFolder({});
    for (const form of ['markdown', 'json', 'sarif'] as const) {
      await ask('saveReport', { root, form, file: join(folder, form) });
    }
    expect(readFileSync(join(folder, 'markdown'), 'utf8')).toMatch(/^# Health of [^]*## Will stop a run\n[^]*## Will bias the result\n/);
    const sarif = JSON.parse(readFileSync(join(folder, 'sarif'), 'utf8')) as { runs: { results: { ruleId: string; locations: { physicalLocation: object }[] }[] }[] };
    const results = sarif.runs[0]?.results ?? [];
    expect(sarif).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Trainyard' } } }] });
    expect(results).toHaveLength(8);
    expect(results.find(({ ruleId }) => ruleId === 'row/path-missing')?.locations[0]?.physicalLocation).toEqual({ artifactLocation: { uri: 'train/metadata.jsonl', uriBaseId: 'ROOT' }, region: { startLine: 3 } });
    await expect(ask('saveReport', { root, form: 'json', file: join(folder, 'json') })).rejects.toMatchObject({ reason: 'unreadable' });
  });

  it('rejects a folder that is not there, and says so when one vanishes', async () => {
    const { run, ask } = running(join(madeFolder({}), 'storage'));
    await expect(ask('start', { root: '/nowhere/at/all' })).rejects.toMatchObject({ reason: 'unknown' });
    const root = madeFolder({ 'a/x.wav': wav(0.1), 'b/y.wav': wav(0.1, { seed: 2 }) });
    await run({ root, pace: 1 });
    rmSync(root, { recursive: true });
    mkdirSync(root);
    await expect(ask('start', { root })).rejects.toMatchObject({ reason: 'unknown' });
  });

  it('tells of speakers in two splits, and of rare and misspelt classes', async () => {
    const rows = Array.from({ length: 60 }, (_, number) => ({ file_name: `${number}.wav`, text: 'x', label: number === 0 ? 'motocycle' : 'motorcycle', speaker: number < 2 ? 's1' : 's2' }));
    const sounds = Object.fromEntries(rows.map(({ file_name: name }, number) => [`train/${name}`, wav(0.05, { seed: number + 1 })]));
    const root = madeFolder({
      ...sounds,
      'train/metadata.jsonl': lines(...rows),
      'test/metadata.jsonl': lines({ file_name: 'z.wav', text: 'x', label: 'motorcycle', speaker: 's1' }),
      'test/z.wav': wav(0.05, { seed: 99 }),
    });
    const { run, ask } = running(join(madeFolder({}), 'storage'));
    await run({ root, pace: 1 });
    expect((await ask('groups', { root })).map(({ code }) => code).sort()).toEqual(['class/rare', 'class/similar-names', 'split/same-speaker']);
  });
});
