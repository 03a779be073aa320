import { describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Entry } from '../../../../src/sync/entry.ts';
import { failureOf } from '../../../../src/sync/transfer/failure.ts';
import { pauseBefore, TRIES } from '../../../../src/sync/transfer/backoff.ts';
import { Meter } from '../../../../src/sync/transfer/meter.ts';
import type { SyncProgress } from '../../../../src/sync/run.ts';
import { rshOption, rsyncArgs } from '../../../../src/sync/transfer/rsyncArgs.ts';
import { unescapeName } from '../../../../src/sync/transfer/rsyncNames.ts';
import { RsyncOutput } from '../../../../src/sync/transfer/rsyncOutput.ts';
import { tarHeaders } from '../../../../src/sync/transfer/tarHeader.ts';
import { TarReader } from '../../../../src/sync/transfer/tarReader.ts';
import { rangesOf } from '../../../../src/sync/transfer/ranges.ts';
import { decodeSnapshot, encodeSnapshot } from '../../../../src/sync/snapshots/snapshotFile.ts';
import { createHistory } from '../../../../src/sync/history/history.ts';
import { purgeable } from '../../../../src/sync/trash/purgeTrash.ts';
import { RSYNC } from './kit.ts';

describe('what rsync prints', () => {
  it('has names of any bytes', () => {
    expect(unescapeName('\\#346\\#227\\#245')).toBe('\xe6\x97\xa5');
    expect(unescapeName('\\#134#012')).toBe('\\#012');
    expect(unescapeName('back\\slash')).toBe('back\\slash');
  });

  it('is told apart from counts and notes, in whatever pieces it comes', () => {
    const text = 'created directory x\n\r         32,768   1%    0.00kB/s    0:00:00  \rP|<f+++++++++|12|30|a\tb|c\n\r  99  100%  1.00MB/s 0:00:01 (xfr#1, to-chk=0/3)\nP|cd+++++++++|0|0|d/\n';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
        const told: string[] = [];
        const output = new RsyncOutput('P|', { onItem: ({ path, length }) => told.push(`${path} ${length}`), onCount: ({ bytes }) => told.push(`count ${bytes}`), onNote: (line) => told.push(line) });
        let at = 0;
        for (const cut of [...cuts].sort((a, b) => a - b)) {
          output.add(Buffer.from(text.slice(at, cut)));
          at = cut;
        }
        output.add(Buffer.from(text.slice(at)));
        output.end();
        expect(told).toEqual(['created directory x', 'count 32768', 'a\tb|c 12', 'count 99', 'd 0']);
      }),
    );
  });
});

describe('the words that rsync is given', () => {
  const run = { direction: 'push', host: 'forge', from: '/a', to: '/b c', transport: ['ssh', '-o', "ControlPath=/x/it's here"], local: RSYNC, remote: RSYNC, delta: false, compress: false, format: 'F', timeout: 60, backupFolder: 'T', temporaryFolder: 'S', bandwidth: 1024 } as const;

  it('never delete, filter or recurse, and keep what is overwritten', () => {
    const words = rsyncArgs(run);
    expect(words.filter((word) => /^--(?:del|filter|exclude|include|recursive|inplace|append)|^-[a-z]*[ra]/.test(word))).toEqual([]);
    expect(words).toEqual(expect.arrayContaining(['--backup', '--backup-dir=T', '--from0', '--files-from=-', '--no-implied-dirs', '--bwlimit=1000']));
    expect(words.slice(-3)).toEqual(['--', '/a/', 'forge:/b c/']);
  });

  it('hold what an old rsync hands to a shell in quotes, and none that it does not know', () => {
    const old = { ...RSYNC, version: '3.0.9' };
    const { backupFolder: _b, temporaryFolder: _t, ...rest } = run;
    const words = rsyncArgs({ ...rest, local: old, remote: old });
    expect(words.at(-1)).toBe("forge:'/b c'/");
    expect(words.filter((word) => /^--(?:info|no-inc|backup|temp)/.test(word))).toEqual([]);
  });

  it('take ssh apart again as rsync does', () => {
    expect(rshOption(run.transport)).toBe("ssh -o 'ControlPath=/x/it''s here'");
  });
});

it.each([
  [255, 'client_loop: send disconnect: Broken pipe', true, 'unreachable'],
  [12, 'rsync: connection unexpectedly closed (0 bytes received so far) [sender]', true, 'unreachable'],
  [10, '', true, 'unreachable'],
  [255, 'root@forge: Permission denied (publickey).', false, 'signIn'],
  [255, 'Host key verification failed.', false, 'signIn'],
  [12, 'sh: 1: /no/rsync: not found', false, 'noRsync'],
  [127, 'bash: rsync: command not found', false, 'noRsync'],
  [2, 'protocol version mismatch -- is your shell clean?', false, 'noisyShell'],
  [11, 'rsync: [receiver] write failed on "/x": No space left on device (28)', false, 'space'],
  [30, 'rsync error: timeout in data send/receive', true, 'unreachable'],
  [1, 'rsync: --info=progress2: unknown option', false, 'failed'],
] as const)('takes exit code %i with %j for what it is', (code, said, again, reason) => {
  expect(failureOf(code, said)).toMatchObject({ again, reason });
});

it('takes a vanished source for no failure of the whole', () => {
  expect(failureOf(24, 'file has vanished')).toBeUndefined();
});

it('waits longer before each try', () => {
  const pauses = Array.from({ length: TRIES }, (_, index) => pauseBefore(index + 1, () => 0.5));
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 60_000]);
});

it('gives back the bytes of a try that was in vain, and never goes past the whole', () => {
  let now = 0;
  const told: SyncProgress[] = [];
  const meter = new Meter(100, 2, { now: () => now, after: () => ({ dispose: () => {} }) }, (progress) => told.push(progress));
  meter.enter('sending');
  for (const [at, act] of [[1000, () => meter.underWay(60)], [2000, () => meter.underWay(0)], [3000, () => meter.placed(50)], [4000, () => meter.underWay(90)]] as const) {
    now = at;
    act();
  }
  expect(told.map(({ bytes }) => bytes)).toEqual([0, 60, 0, 50, 100]);
  expect(told[1]).toMatchObject({ rate: 60, left: 40 / 60 });
});

it('covers each file once by its ranges', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 36 }), (size) => {
      const ranges = rangesOf(size, 0);
      expect(ranges.reduce((end, { offset, length }) => (offset === end && length > 0 && offset % 1_048_576 === 0 ? end + length : NaN), 0)).toBe(size);
    }),
  );
});

it('writes tars that tar reads, and reads what tar writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-tar-'));
  try {
    const long = `${'d'.repeat(120)}/${'n'.repeat(200)}\xff`;
    const headers = tarHeaders({ path: long, kind: 'file', size: 3, mode: 0o640, mtimeNs: 1_700_000_000_123_456_789n });
    writeFileSync(join(folder, 'x.tar'), Buffer.concat([...headers, Buffer.from('abc'), Buffer.alloc(509 + 1024)]));
    execFileSync('tar', ['-xpf', 'x.tar'], { cwd: folder });
    rmSync(join(folder, 'x.tar'));
    chmodSync(join(folder, 'd'.repeat(120)), 0o755);
    const bytes = execFileSync('tar', ['--format=pax', '-cf', '-', '.'], { cwd: folder });
    const read: string[] = [];
    const reader = new TarReader({ onEntry: ({ path, type, size }) => read.push(`${type} ${size} ${path}`), onData: (piece) => read.push(piece.toString()), onEntryEnd: () => {} });
    for (let at = 0; at < bytes.length; at += 77) {
      reader.add(bytes.subarray(at, at + 77));
    }
    expect(reader.isOver).toBe(true);
    expect(read.slice(-2)).toEqual([`0 3 ${long}`, 'abc']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('keeps a snapshot small and gives it back as it was, and takes no damaged one', () => {
  const entry = (path: string, mtime: number): Entry => ({ path, kind: 'file', size: 4096, mtime, mode: 0o644 });
  const pairs = new Map(Array.from({ length: 5000 }, (_, index) => {
    const path = `data/d${index % 50}/sample-${index}\xff`;
    const here = entry(path, 1_700_000_000_000_000 + index);
    return [path, { here, there: index % 3 === 0 ? { ...here, mtime: -5 } : here }] as const;
  }));
  pairs.set('l', { here: { path: 'l', kind: 'link', size: 0, mtime: 1, mode: 0o777, link: '../x' }, there: { path: 'l', kind: 'folder', size: 0, mtime: 2, mode: 0o755 } });
  const bytes = encodeSnapshot(pairs);
  expect(bytes.length / pairs.size).toBeLessThan(30);
  expect(Object.fromEntries(decodeSnapshot(bytes))).toEqual(Object.fromEntries(pairs));
  expect(() => decodeSnapshot(bytes.subarray(0, -10))).toThrow();
});

it('keeps a bounded history that a damaged line does not end', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-history-'));
  try {
    const history = createHistory(folder);
    const record = { key: 'k', target: 't', box: 'forge', direction: 'push', at: 1, outcome: { state: 'done', created: 1, updated: 0, deleted: 0, bytes: 5, seconds: 1 }, leftCount: 0, left: [], created: ['x'.repeat(200_000)], updated: [], deleted: [] } as const;
    for (let at = 1; at <= 30; at++) {
      history.add({ ...record, at, rate: at });
    }
    writeFileSync(join(folder, 'history.jsonl'), '{"key":"cut', { flag: 'a' });
    expect(history.list(1)[0]?.at).toBe(30);
    expect(history.list().length).toBeLessThan(20);
    expect(history.rateOf('forge')).toBe(30);
    expect(history.lastSuccess('k')).toBe(30);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('purges what is old of a trash, never the newest, and nothing that is not ours', () => {
  const now = Date.UTC(2026, 10, 25);
  const names = ['2026-01-01T00-00-00-000-0123456789ab', '2026-11-20T00-00-00-000-0123456789ab', 'mine', '2026-01-01'];
  expect(purgeable(names, now)).toEqual(['2026-01-01T00-00-00-000-0123456789ab']);
  expect(purgeable(names.slice(0, 1), now)).toEqual([]);
});
