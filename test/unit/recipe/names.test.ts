import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globOf } from '../../../src/recipe/globs.ts';
import { alwaysCollides, columnsOf, fillTemplate, templateFaults, type NameFacts } from '../../../src/recipe/nameTemplate.ts';

const FACTS: NameFacts = { dir: 'a/b', name: 'clip', parent: 'b', ext: 'flac', row: { speaker: 'ann', 'the text': 'hi/../x', empty: ' ' } };
const filled = (template: string, facts: Partial<NameFacts> = {}): string => {
  const result = fillTemplate(template, { ...FACTS, ...facts });
  return 'path' in result ? result.path : `! ${result.fault}`;
};

describe('a name template', () => {
  it.each([
    ['{name}', 'clip.flac'],
    ['{dir}/{name}', 'a/b/clip.flac'],
    ['{row.speaker}/{parent}-{name}.{ext}', 'ann/b-clip.flac'],
    ['{ext}/{name}', 'flac/clip.flac'],
    ['{row.the text}', 'hi_.._x.flac'],
    ['{row.empty}', '! its row has no “empty”, which its output’s name needs'],
    ['{row.none}', '! its row has no “none”, which its output’s name needs'],
  ])('%s becomes %s', (template, expected) => expect(filled(template)).toBe(expected));

  it('of a folder has no extension, and of inputs at the top no empty part', () => {
    expect(filled('{dir}/{name}', { ext: undefined, dir: '' })).toBe('clip');
  });

  it('never leads out of the output folder, whatever is in the row', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', '/', '\\', '\0', 'a', ' ', '\n') }), (value) => {
        const path = filled('{row.x}/{name}', { row: { x: value } });
        expect(path.startsWith('/') || path.split('/').includes('..')).toBe(false);
      }),
    );
  });

  it('is told what is wrong with it', () => {
    expect(templateFaults('{nmae}/{name').map(({ message }) => message)).toEqual(['{nmae} stands for nothing; there is {dir}, {name}, {parent}, {ext} and {row.COLUMN}', 'This { has no partner']);
    expect(templateFaults('a/../{name}')).toHaveLength(1);
    expect(templateFaults('{row.a}/')).toHaveLength(1);
    expect([alwaysCollides('{dir}/{ext}'), alwaysCollides('{row.id}')]).toEqual([true, false]);
    expect(columnsOf('{row.a}/{row.b c}-{name}')).toEqual(['a', 'b c']);
  });
});

describe('a pattern of inputs', () => {
  it.each([
    ['clips/*.wav', ['clips/a.wav'], ['clips/s/a.wav', 'clips/a.flac']],
    ['clips/**/*.wav', ['clips/a.wav', 'clips/s/t/a.wav'], ['other/a.wav']],
    ['**', ['a', 'b/c'], []],
    ['c?/[a].{wav,flac}', ['cx/[a].wav', 'cx/[a].flac'], ['cx/a.wav', 'cxx/[a].wav']],
    ['clips/a.wav', ['clips/a.wav'], ['clips/b.wav']],
    ['./clips/*', ['clips/a'], ['clips/s/a']],
  ])('%s', (pattern, yes, no) => {
    const { root, matches } = globOf(pattern, '/data');
    const under = (path: string): boolean => `/data/${path}` === root || `/data/${path}`.startsWith(root === '/' ? '/' : `${root}/`);
    expect(yes.filter((path) => !(under(path) && matches(`/data/${path}`)))).toEqual([]);
    expect(no.filter((path) => under(path) && matches(`/data/${path}`))).toEqual([]);
  });

  it('may lead upwards, where the person wrote so, and to absolute places', () => {
    expect(globOf('../x/*.wav', '/data/r').root).toBe('/data/x');
    expect(globOf('/abs/**/*.wav', '/data').root).toBe('/abs');
  });

  it('takes no longer when it is made to', () => {
    const before = process.cpuUsage().user;
    expect(globOf(`${'**/'.repeat(30)}${'*a'.repeat(30)}b`, '/').matches(`/${'x/'.repeat(200)}${'a'.repeat(200)}`)).toBe(false);
    expect(globOf('{a,b}'.repeat(20), '/').matches('/x')).toBe(false);
    expect(process.cpuUsage().user - before).toBeLessThan(2e6);
  });
});
