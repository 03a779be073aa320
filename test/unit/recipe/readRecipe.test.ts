import { describe, expect, it } from 'vitest';
import { PICTURES, read, SPEECH, told } from './recipes.ts';

describe('a recipe without a fault', () => {
  it('is understood', () => {
    const { recipe, problems } = read(SPEECH);
    expect(problems).toEqual([]);
    expect(recipe).toEqual({
      inputs: [{ files: 'clips/**/*.wav' }, { manifest: 'train.jsonl', key: 'audio_filepath', filter: 'duration < 30 and split == train' }],
      steps: [
        { preset: 'audio.resample', options: { rate: 16000, channels: 'mono' } },
        { tool: 'sox', kinds: ['audio'], extension: 'wav', args: ['{input}', '-b', '16', '{output}', 'norm', 'gain', '-n', '-3', 'highpass', '80'] },
      ],
      outputs: { folder: 'out', name: '{row.speaker}/{name}', manifest: { path: 'out/train.jsonl', key: 'audio_filepath', columns: ['text', 'speaker'] } },
      verify: { sampleRate: 16000, duration: { min: 0.2, max: 30 } },
      concurrency: 2,
    });
  });

  it('has its structured steps laid out as arguments, filters escaped on both levels', () => {
    const { recipe, problems } = read(PICTURES);
    expect(problems).toEqual([]);
    expect(recipe?.steps).toEqual([
      {
        tool: 'ffmpeg', kinds: ['image', 'video'], extension: 'jpg',
        args: [
          '-i', '{input}', '-vf', String.raw`scale=w=512:h=-2:flags=lanczos,hflip,drawtext=text=it\\\'s a\\:b\,c\[d\]\;e:x=10`,
          '-c:v', 'mjpeg', '-q:v', '3', '-an', '{output}',
        ],
      },
      { tool: 'imagemagick', kinds: ['image'], extension: 'webp', args: ['{input}', '-auto-orient', '-resize', '256x256>', '-strip', '-quality', '90', '+repage', '{output}'] },
    ]);
  });
});

const BASE = 'version: 1\ninputs: [a.wav]\nsteps: [{ preset: audio.flac }]\noutputs: { folder: out }\n';

describe('what is wrong with a recipe is told on the very characters', () => {
  it.each([
    ['nothing', '', ['missing-key: ']],
    ['no YAML', 'version: [1', ['missing-key: version', 'missing-key: version', 'missing-key: version', 'type: [1', 'yaml: ']],
    ['a misspelt key', BASE.replace('inputs', 'imputs'), ['missing-key: version', 'unknown-key: imputs']],
    ['another version', BASE.replace('1', '2'), ['value: 2']],
    ['a key twice', `${BASE}version: 1\n`, ['duplicate-key: version']],
    ['a map for a list', BASE.replace('[a.wav]', '{ a: b }'), ['type: { a: b }']],
    ['a list that is empty', BASE.replace('[a.wav]', '[]'), ['value: []']],
    ['a preset that is none', BASE.replace('audio.flac', 'audio.flak'), ['unknown-preset: audio.flak']],
    ['an option that is none', BASE.replace('audio.flac', 'audio.flac, options: { levle: 5 }'), ['unknown-key: levle']],
    ['an option out of range', BASE.replace('audio.flac', 'audio.flac, options: { level: 50 }'), ['value: 50']],
    ['an option of another type', BASE.replace('audio.flac', 'audio.resample, options: { rate: fast }'), ['type: fast']],
    ['two verbs in one step', BASE.replace('audio.flac', 'audio.flac, sox: { effects: [norm], extension: wav }'), ['value: sox']],
    ['an alias', BASE.replace('[a.wav]', '[&x a.wav, *x]'), ['alias: a.wav', 'alias: *x', 'type: *x']],
    ['a tag', BASE.replace('a.wav', '!!js/function x'), ['yaml: ']],
    ['a filter that is not understood', BASE.replace('[a.wav]', '[{ files: a.wav, filter: "duration <" }]'), ['filter: ']],
    ['a template that cannot be filled in', BASE.replace('out }', "out, name: 'x/{nmae}' }"), ['name: {nmae}']],
    ['a template that leads out', BASE.replace('out }', "out, name: '../{name}' }"), ['name: ../{name}']],
    ['one name for all', BASE.replace('out }', 'out, name: clip }'), ['collision: clip']],
    ['an effect that opens files', BASE.replace('{ preset: audio.flac }', '{ sox: { effects: [{ ladspa: x }], extension: wav } }'), ['argument: ladspa']],
    ['a path in a filter', BASE.replace('{ preset: audio.flac }', '{ ffmpeg: { video: { filters: [{ movie: x.mp4 }] }, extension: mp4 } }'), ['argument: [{ movie: x.mp4 }]']],
    ['a placeholder that is none', BASE.replace('{ preset: audio.flac }', "{ sox: { args: ['{input}', '{output}', 'rate', '{rate}'], extension: wav } }"), ["argument: '{rate}'"]],
    ['a graph that is not closed', BASE.replace('{ preset: audio.flac }', "{ ffmpeg: { video: { filters: 'scale=1:2,[x' }, extension: mp4 } }"), ['graph: [x']],
    ['args and structure at once', BASE.replace('{ preset: audio.flac }', "{ sox: { args: ['{input}', '{output}'], effects: [norm], extension: wav } }"), ['argument: [norm]']],
    ['bounds the wrong way round', `${BASE}verify: { duration: { min: 3, max: 1 } }\n`, ['value: 3']],
  ])('%s', (_, text, expected) => {
    expect(told(text).map((line) => line.replace(/^(yaml|filter): .*$/s, (whole, code) => (expected.includes(whole) ? whole : `${code}: `)))).toEqual(expected);
  });

  it('and what was likely meant is offered', () => {
    const { problems } = read(BASE.replace('audio.flac', 'audio.flak'));
    expect(problems[0]?.fixes?.[0]).toMatchObject({ title: 'Change to “audio.flac”', edits: [{ text: 'audio.flac' }] });
  });
});

describe('a text that is meant to harm', () => {
  it('does not unfold aliases', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${new Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`)].join('\n');
    const before = process.cpuUsage().user;
    expect(read(bomb).recipe).toBeUndefined();
    expect(process.cpuUsage().user - before).toBeLessThan(2e6);
  });

  it.each([
    ['brackets', '['.repeat(100_000)],
    ['maps', '{a: '.repeat(50_000)],
    ['dashes', '- '.repeat(100_000)],
    ['questions', '? '.repeat(100_000)],
    ['indentation', Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['length', 'a'.repeat(300_000)],
    ['a graph of 100,000 characters', BASE.replace('{ preset: audio.flac }', `{ ffmpeg: { video: { filters: '${'[a]x=1:2,'.repeat(10_000)}' }, extension: mp4 } }`)],
  ])('ends no process by %s', (_, text) => {
    const { recipe, problems } = read(text);
    expect(recipe).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
  });
});
