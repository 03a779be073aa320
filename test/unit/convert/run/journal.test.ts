import { afterEach, describe, expect, it } from 'vitest';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal, type JournalLine } from '../../../../src/convert/run/journal.ts';
import { readJournal } from '../../../../src/convert/run/journalState.ts';
import { cleanUp, newFolder } from './runBench.ts';

afterEach(cleanUp);

const run = (token: string): JournalLine => ({ kind: 'run', pid: 1, token, startTime: 'x', at: 0 });
const placing = (seq: number): JournalLine => ({ kind: 'placing', seq, identity: `id-${seq}`, inputStamp: 's', tool: 't' });
const done = (seq: number): JournalLine => ({ kind: 'done', seq, weight: 2 });

describe('a journal', () => {
  it('goes on after a line that a crash cut short', async () => {
    const file = join(newFolder(), 'journal.jsonl');
    const first = openJournal(file);
    first.append([run('a'), done(0)]);
    first.close();
    appendFileSync(file, '{"kind":"done","se');
    const second = openJournal(file);
    second.append([done(1)]);
    await second.sync();
    second.close();
    const state = await readJournal(file);
    expect([state.done, state.isSettled(0), state.isSettled(1), state.isSettled(2)]).toEqual([2, true, true, false]);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4);
  });

  it('is empty where all that it holds is half a line', async () => {
    const file = join(newFolder(), 'journal.jsonl');
    writeFileSync(file, '{"kind":"ru');
    openJournal(file).close();
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('tells what may be in place though no line says so, and by which run', async () => {
    const file = join(newFolder(), 'journal.jsonl');
    const journal = openJournal(file);
    journal.append([run('a'), placing(0), placing(1), done(0), run('b'), placing(2)]);
    journal.close();
    const { placing: open } = await readJournal(file);
    expect([...open].map(([seq, { line, mark }]) => [seq, line.identity, mark.token])).toEqual([
      [1, 'id-1', 'a'],
      [2, 'id-2', 'b'],
    ]);
  });

  it('sums up what is settled, over more items than it was made for', async () => {
    const file = join(newFolder(), 'journal.jsonl');
    const journal = openJournal(file);
    journal.append([
      run('a'),
      ...Array.from({ length: 5000 }, (_, seq) => done(seq)),
      { kind: 'done', seq: 5000, weight: 1, damage: ['cut'] },
      { kind: 'skipped', seq: 5001, action: 'replace', weight: 3, reason: 'silence' },
      { kind: 'failed', seq: 5002, input: '/a', reason: 'no', command: [], stderr: '' },
    ]);
    journal.close();
    const state = await readJournal(file);
    expect(state).toMatchObject({ done: 5001, salvaged: 1, skipped: { write: 0, replace: 1 }, settledWeight: 10_004 });
    expect([4999, 5000, 5001, 5002, 50_000].map((seq) => state.isSettled(seq))).toEqual([true, true, true, false, false]);
  });

  it('remembers where temporary files may lie', async () => {
    const file = join(newFolder(), 'journal.jsonl');
    const journal = openJournal(file);
    journal.append([run('a'), { kind: 'folder', path: '/o', made: true }, { kind: 'folder', path: '/o/x', made: false }]);
    journal.close();
    const state = await readJournal(file);
    expect([[...state.folders], [...state.madeFolders]]).toEqual([['/o', '/o/x'], ['/o']]);
  });
});
