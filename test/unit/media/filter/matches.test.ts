import { describe, expect, it } from 'vitest';
import type { ColumnName } from '../../../../src/media/filter/filterTypes.ts';
import { columnsOfFilter, prepareFilter, type FilterValue } from '../../../../src/media/filter/matches.ts';
import { parseFilter } from '../../../../src/media/filter/parseFilter.ts';

const ROW: Readonly<Partial<Record<ColumnName, FilterValue>>> = { path: 'clips/Dog_1.wav', duration: 12.5, rate: 44_100, split: 'train', caption: 'a Dog barks', width: null, kind: 'audio' };
const passes = (filter: string): boolean => prepareFilter(parseFilter(filter))((column) => ROW[column]);

describe('a filter held to one thing', () => {
  it.each([
    'duration < 30', 'duration: 10..13', 'duration >= 12.5', 'rate == 44.1k', 'split == train', 'split:train,val', 'caption ~ "dog"', 'dog', 'path:*.wav',
    'not split == val', 'duration > 20 or split == train', 'width is none', 'channels is unknown', 'split in (val, train)', 'path: clips/Dog_?.wav',
    'caption ~ /dog|cat/i', 'path ~ /_\\d+\\.wav$/', 'caption !~ /cat/',
  ])('passes %s', (filter) => expect(passes(filter)).toBe(true));

  it.each(['duration > 12.5', 'split == Train', 'caption ~ cat', 'width > 3', 'width is unknown', 'channels == 2', 'duration < 30 and split == val', 'path:*.flac', 'split != train', 'caption ~ /dog/', 'duration > 20 or caption ~ /cat/i'])('does not pass %s', (filter) => expect(passes(filter)).toBe(false));

  it('asks for no more columns than it names', () => {
    expect(columnsOfFilter(parseFilter('duration < 3 and (split == a or not rate > 8k)'))).toEqual(['duration', 'split', 'rate']);
  });

  it('takes no longer for a pattern that is made to', () => {
    const before = process.cpuUsage().user;
    expect(prepareFilter(parseFilter(`path:${'*a'.repeat(40)}b`))(() => 'a'.repeat(20_000))).toBe(false);
    expect(process.cpuUsage().user - before).toBeLessThan(2e6);
  });
});
