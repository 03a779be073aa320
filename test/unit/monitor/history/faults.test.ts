import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HistoryError } from '../../../../src/monitor/history/historyError.ts';
import { createHistoryReader } from '../../../../src/monitor/history/historyReader.ts';
import { SMALLEST_BOUND } from '../../../../src/monitor/history/historyWriter.ts';
import type { SetAside } from '../../../../src/monitor/history/schema.ts';
import { openDatabase } from '../../../../src/monitor/history/sqlite.ts';
import type { SystemSample } from '../../../../src/monitor/systemSample.ts';
import { PROCESS } from '../inventedSample.ts';
import { busyBox } from './busyBox.ts';
import { at, historyPath, NAME, reader, withGpu, writer } from './support.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');

function startWriter(path: string): ChildProcess {
  const args = ['--disable-warning=ExperimentalWarning', '--import', join(ROOT, 'test/setup/typescript.mjs'), join(import.meta.dirname, 'writerChild.ts'), path];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** The last second that a writer said, once it has come so far. */
function reaches(child: ChildProcess, wanted: number): Promise<() => number> {
  let text = '';
  const last = (): number => Number(text.trimEnd().split('\n').at(-1));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text = (text + piece).slice(-100);
      if (last() >= wanted) {
        done(last);
      }
    });
  });
}

/** A process each time another, its command line random, which no coding makes small. */
function noise(second: number): SystemSample {
  return { ...withGpu(second, {}), processes: [{ ...PROCESS, pid: 10 + second, command: [randomBytes(900).toString('hex')] }] };
}

function bytesOnDisk(path: string): number {
  return ['', '-wal', '-shm'].reduce((sum, end) => sum + (existsSync(path + end) ? statSync(path + end).size : 0), 0);
}

describe('a writer killed in mid-stream', () => {
  it('has lost the last seconds at most, and the next one goes on', async () => {
    const path = historyPath();
    const child = startWriter(path);
    const last = await reaches(child, 700);
    const gone = new Promise((done) => child.once('close', done));
    child.kill('SIGKILL');
    await gone;
    const end = last();

    const read = reader(path);
    expect(read.kept(NAME)?.to).toBeGreaterThanOrEqual(at(end - 6));
    const box = busyBox({ gpus: 2, processes: 40, cores: 8 });
    const next = writer(path);
    for (let second = end + 1; second < end + 100; second++) {
      next.add(box(second));
    }
    next.flush();
    const range = read.range({ host: NAME, from: at(0), to: at(end + 100), points: end + 100, series: ['gpu.utilization'] });
    expect(range.gaps).toEqual([]);
    expect(range.samples.filter((count) => count === 0).length).toBeLessThanOrEqual(6);
    expect(range.unreadable).toBe(0);
    for (const { since, until, facts } of read.events({ host: NAME, from: at(0), to: at(end + 100) }).filter(({ kind }) => kind === 'process')) {
      expect({ since, until, pid: facts.pid }).toEqual({ since: at(0), until: null, pid: facts.pid });
    }
  });

  it('has left coarse values of all but the last seconds', async () => {
    const path = historyPath();
    const child = startWriter(path);
    const last = await reaches(child, 700);
    const gone = new Promise((done) => child.once('close', done));
    child.kill('SIGKILL');
    await gone;
    const end = last();
    const next = writer(path);
    const box = busyBox({ gpus: 2, processes: 40, cores: 8 });
    for (let second = end + 1; second < end + 300; second++) {
      next.add(box(second));
    }
    next.flush();
    const minutes = Math.floor((end + 300) / 60);
    for (const points of [minutes, minutes * 6]) {
      const { samples } = reader(path).range({ host: NAME, from: at(0), to: at(minutes * 60), points, series: [] });
      expect(samples.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(minutes * 60 - 6);
    }
  });
});

describe('another process', () => {
  it('reads all the time while a writer writes, and neither is refused', async () => {
    const path = historyPath();
    const child = startWriter(path);
    try {
      const last = await reaches(child, 50);
      const read = createHistoryReader(path);
      let seen = 0;
      for (let round = 0; round < 60; round++) {
        const kept = read.kept(NAME);
        const { samples, unreadable } = read.range({ host: NAME, from: at(0), to: kept!.to + 1, points: 100, series: ['gpu.utilization'] });
        expect(unreadable).toBe(0);
        const sum = samples.reduce((total, count) => total + count, 0);
        expect(sum).toBeGreaterThanOrEqual(Math.min(seen, 3600));
        seen = sum;
        expect(read.at({ host: NAME, time: kept!.to })?.sample.gpus[0]?.gpus).toHaveLength(2);
        await new Promise<void>((turn) => setImmediate(turn));
      }
      read.dispose();
      const before = last();
      await new Promise<void>((more) => child.stdout?.once('data', () => more()));
      expect(last()).toBeGreaterThanOrEqual(before);
      expect(child.exitCode).toBeNull();
    } finally {
      const gone = new Promise((done) => child.once('close', done));
      child.kill('SIGKILL');
      await gone;
    }
  });
});

describe('the bound', () => {
  it('holds on disk, and what is oldest goes first', () => {
    const path = historyPath();
    const kept = writer(path, { bound: SMALLEST_BOUND });
    let largest = 0;
    let second = 0;
    for (; second < 24_000; second += 10) {
      kept.add(noise(second));
      if (second % 100 === 0) {
        largest = Math.max(largest, bytesOnDisk(path));
      }
    }
    kept.flush();
    expect(largest).toBeLessThanOrEqual(SMALLEST_BOUND);
    expect(largest).toBeGreaterThan(SMALLEST_BOUND / 2);
    const range = reader(path).kept(NAME);
    expect(range?.to).toBe(at(second - 10));
    expect(range?.from).toBeGreaterThan(at(0));
  });

  it('set lower, makes the file smaller step by step', () => {
    const path = historyPath();
    const large = writer(path);
    let second = 0;
    for (; bytesOnDisk(path) < SMALLEST_BOUND * 1.2; second += 10) {
      large.add(noise(second));
    }
    large.dispose();
    const small = writer(path, { bound: SMALLEST_BOUND });
    for (const end = second + 2000; second < end; second += 10) {
      small.add(noise(second));
    }
    expect(bytesOnDisk(path)).toBeLessThanOrEqual(SMALLEST_BOUND);
  });

  it('of time holds as well: an hour, a day, thirty days', () => {
    const path = historyPath();
    const kept = writer(path);
    const days = 32;
    for (let minute = 0; minute < days * 1440; minute += 20) {
      kept.add(withGpu(minute * 60, { utilization: 50 }));
    }
    kept.flush();
    const database = openDatabase(path, false);
    const rows = database.prepare('SELECT level, min(first) AS first FROM block GROUP BY level').all();
    database.close();
    const end = at(days * 86_400);
    const ages = rows.map(({ first }) => (end - Number(first)) / 3_600_000);
    // A block goes as a whole.
    expect(ages[0]).toBeLessThan(2);
    expect(ages[1]).toBeLessThan(26);
    expect(ages[2]).toBeLessThan(30 * 24 + 6);
  });
});

describe('a file that cannot be read', () => {
  it.each([
    ['is not a database', (path: string) => writeFileSync(path, 'this is no database, and it is long enough to be seen as none at all\n'.repeat(100)), 'damaged'],
    ['is of another version', (path: string) => exec(path, 'PRAGMA user_version = 99'), 'version'],
    ['has lost its middle', (path: string) => writeFileSync(path, readFileSync(path).fill(7, 4096)), 'damaged'],
  ] as const)('and %s is set aside with its reason, and a new one begun', (_, damage, reason) => {
    const path = historyPath();
    const first = writer(path);
    for (let second = 0; second < 100; second++) {
      first.add(withGpu(second, {}));
    }
    first.dispose();
    damage(path);
    const { size } = statSync(path);
    const told: SetAside[] = [];
    const problems: HistoryError[] = [];
    const next = writer(path, { onSetAside: (event) => told.push(event), onProblem: (problem) => problems.push(problem) });
    for (let second = 200; second < 230; second++) {
      next.add(withGpu(second, {}));
    }
    next.flush();
    expect(told.map((event) => event.reason.reason)).toEqual([reason]);
    expect(statSync(told[0]!.path).size).toBe(size);
    expect(reader(path).kept(NAME)?.to).toBe(at(229));
  });

  it('is not kept for ever: the last two stay', () => {
    const path = historyPath();
    for (let round = 0; round < 4; round++) {
      writeFileSync(path, `no database ${round} `.repeat(50));
      writer(path, { onSetAside: () => undefined }).dispose();
    }
    expect(readdirSync(dirname(path)).filter((name) => name.includes('.aside-')).length).toBeLessThanOrEqual(2);
  });

  it('in one block alone leaves a gap, counted, and the rest', () => {
    const path = historyPath();
    const kept = writer(path);
    for (let second = 0; second < 300; second++) {
      kept.add(withGpu(second, {}));
    }
    kept.dispose();
    exec(path, 'UPDATE block SET system = zeroblob(50) WHERE id = (SELECT id FROM block WHERE level = 0 AND first >= (SELECT min(first) FROM block) + 60000 LIMIT 1)');
    const range = reader(path).range({ host: NAME, from: at(0), to: at(300), points: 300 });
    expect(range.unreadable).toBe(1);
    expect(range.gaps).toHaveLength(1);
    expect(range.samples.filter((count) => count > 0).length).toBeGreaterThanOrEqual(240);
  });

  it('is told to a reader, as is one that is not there', () => {
    const path = historyPath();
    expect(() => reader(path).hosts()).toThrow(expect.objectContaining({ reason: 'missing' }));
    writeFileSync(path, 'no database '.repeat(1000));
    expect(() => reader(path).hosts()).toThrow(expect.objectContaining({ reason: 'damaged' }));
  });
});

function exec(path: string, sql: string): void {
  const database = openDatabase(path, false);
  database.exec(sql);
  database.close();
}
