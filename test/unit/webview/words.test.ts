import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Announcer } from '../../../src/webview/announcer.ts';
import { formatMoment } from '../../../src/webview/clock.ts';
import { lastNames, relativePath, splitPath } from '../../../src/webview/pathParts.ts';

describe('paths in a narrow place', () => {
  it.each([
    ['/data/audio/a/b.wav', '/data/audio', 'a/b.wav'],
    ['/data/audio/a/b.wav', '/data/audio/', 'a/b.wav'],
    ['/data/audio2/b.wav', '/data/audio', '/data/audio2/b.wav'],
    ['/b.wav', '/', 'b.wav'],
    ['/data/audio', '/data/audio', '/data/audio'],
  ])('shows %s under %s as %s', (path, folder, shown) => {
    expect(relativePath(path, folder)).toBe(shown);
  });

  it('names a folder by its last names, or wholly where there are no more', () => {
    expect(lastNames('/data/home-mm/audio', 2)).toBe('home-mm/audio');
    expect(lastNames('/data', 2)).toBe('/data');
    expect(lastNames('/', 2)).toBe('/');
  });

  it('keeps the end of a long name, and loses nothing', () => {
    expect(splitPath('short.wav')).toEqual({ head: 'short.wav', tail: '' });
    const long = `${'take '.repeat(20)}0001.wav`;
    const { head, tail } = splitPath(long);
    expect(tail).toBe(long.slice(-14));
    expect(head + tail).toBe(long);
  });

  it('does not part a letter from its accent', () => {
    const { tail } = splitPath(`${'x'.repeat(30)}e\u0301${'y'.repeat(13)}`);
    expect(tail.startsWith('e\u0301')).toBe(true);
  });

  it('leaves a name that is read from right to left in one piece', () => {
    expect(splitPath('תקליט עברי ארוך מאוד מאוד 0001.wav').tail).toBe('');
  });

  it('shows no character that breaks or turns the line, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
        const { head, tail } = splitPath(name);
        expect(head + tail).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029\u2066-\u2069]/);
      }),
    );
  });
});

describe('a moment', () => {
  it('is a time of day on the same day, and has its date on another', () => {
    const at = new Date(2026, 10, 2, 14, 7).getTime();
    expect(formatMoment(at, new Date(2026, 10, 2, 23, 59).getTime())).toBe('14:07');
    expect(formatMoment(at, new Date(2026, 10, 3, 0, 1).getTime())).toBe('2 Nov 2026, 14:07');
  });
});

describe('what a screen reader is told', () => {
  afterEach(() => vi.useRealTimers());

  it('comes at once, then at most once a second, and of many things only the last', () => {
    vi.useFakeTimers();
    const said: (string | null)[] = [];
    const announcer = new Announcer({
      set textContent(words: string | null) {
        said.push(words);
      },
    });
    ['1 %', '2 %', '3 %'].forEach((words) => announcer.say(words));
    expect(said).toEqual(['1 %']);
    vi.advanceTimersByTime(1000);
    expect(said).toEqual(['1 %', '3 %']);
    vi.advanceTimersByTime(5000);
    announcer.say('4 %');
    expect(said).toEqual(['1 %', '3 %', '4 %']);
  });
});
