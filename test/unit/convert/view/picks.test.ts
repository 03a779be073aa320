import { describe, expect, it } from 'vitest';
import type { OptionSpecs } from '../../../../src/recipe/option.ts';
import type { Preset } from '../../../../src/convert/preset.ts';
import type { PresetFit, Survey } from '../../../../src/convert/survey.ts';
import { isMediaName } from '../../../../src/convert/view/mediaExtensions.ts';
import { changedOptions, choiceEntries, inputFault, inputPrompt, optionEntries } from '../../../../src/convert/view/optionPick.ts';
import { presetEntries, surveyTitle } from '../../../../src/convert/view/presetPick.ts';
import { toolRows, toolsText } from '../../../../src/convert/view/toolRows.ts';
import type { FoundTool } from '../../../../src/process/foundTool.ts';

function fit(id: string, kinds: Preset['kinds'], changes: Partial<PresetFit> = {}): PresetFit {
  const preset = { id, title: id.toUpperCase(), summary: 'what it makes', kinds } as unknown as Preset;
  return { preset, files: 5, bytes: 61_234_567, ...changes };
}

function survey(fits: readonly PresetFit[], changes: Partial<Survey> = {}): Survey {
  return { files: 7, complete: true, kinds: { audio: 5, image: 2 }, fits, ...changes };
}

const NONE = { recent: [], faults: [], isOver: true };

const lines = (entries: ReturnType<typeof presetEntries>): readonly string[] =>
  entries.map((entry) => (entry.type === 'separator' ? `-- ${entry.label}` : `${entry.label} | ${entry.description}`));

describe('the pick of a preset', () => {
  it('lists what fits: recent first, then by kind, then one’s own, then what cannot run here', () => {
    const fits = [
      fit('audio.flac', ['audio']),
      fit('audio.opus', ['audio'], { files: 7 }),
      fit('audio.peak', ['audio'], { impossible: 'sox is missing: sudo apt-get install sox' }),
      fit('video.h264', ['video'], { files: 0 }),
      fit('image.fit', ['image'], { files: 2, bytes: 900 }),
      fit('custom.bench', ['audio']),
    ];
    expect(lines(presetEntries(survey(fits), { recent: ['image.fit', 'audio.peak', 'video.h264', 'gone'], faults: ['“x” has no tool'], isOver: true }))).toEqual([
      '-- recent',
      'IMAGE.FIT | 2 of 7 files · 900 B · what it makes',
      '-- audio · 5 files',
      'AUDIO.FLAC | 5 of 7 files · 61.2 MB · what it makes',
      'AUDIO.OPUS | 7 files · 61.2 MB · what it makes',
      '-- yours',
      'CUSTOM.BENCH | 5 of 7 files · 61.2 MB · what it makes',
      '-- not possible here',
      'AUDIO.PEAK | sox is missing: sudo apt-get install sox',
      'Your preset | “x” has no tool',
    ]);
  });

  it('says what was found where nothing fits, and only once all was looked at', () => {
    const none = { kinds: { text: 12, other: 1 }, files: 13 };
    expect(presetEntries(survey([], { ...none, complete: false }), { ...NONE, isOver: false })).toEqual([]);
    expect(lines(presetEntries(survey([], none), NONE))).toEqual(['No preset fits these files | found 12 text files, 1 other file']);
    expect(lines(presetEntries(survey([], { files: 0, kinds: {} }), NONE))).toEqual(['No files here | names with a leading dot are left out']);
  });

  it('counts on in the title until the survey is complete', () => {
    expect(surveyTitle(undefined, false)).toBe('Convert');
    expect(surveyTitle(survey([], { files: 1_203, complete: false }), false)).toBe('Convert · 1,203 files so far');
    expect(surveyTitle(survey([], { files: 1 }), true)).toBe('Convert · 1 file');
  });

  it('says where counts are of the first files only', () => {
    const many = survey([fit('audio.flac', ['audio'], { files: 1_200 }), fit('audio.opus', ['audio'], { files: 2_000 })], { files: 2_000, complete: false });
    expect(surveyTitle(many, true)).toBe('Convert · the first 2,000 files');
    expect(lines(presetEntries(many, NONE)).slice(1)).toEqual([
      'AUDIO.FLAC | 1,200 of the first 2,000 files · 61.2 MB · what it makes',
      'AUDIO.OPUS | the first 2,000 files · 61.2 MB · what it makes',
    ]);
    expect(lines(presetEntries({ ...many, fits: [] }, NONE))[0]).toContain('No preset fits the first 2,000 files');
  });
});

const SPECS: OptionSpecs = {
  edge: { type: 'integer', title: 'Long edge', description: 'Pixels of the longer side.', default: 512, min: 1, max: 16_383, unit: 'px' },
  rate: { type: 'integerOrKeep', title: 'Sample rate', description: 'Of the output.', default: 'keep', min: 8_000, max: 192_000, unit: 'Hz' },
  target: { type: 'number', title: 'Loudness', description: 'Integrated.', default: -23, min: -70, max: -5, unit: 'LUFS' },
  enlarge: { type: 'switch', title: 'Enlarge', description: 'Also smaller ones.', default: false },
  format: {
    type: 'choice',
    title: 'Format',
    description: 'Of the output.',
    default: 'keep',
    choices: [
      { value: 'keep', title: 'As the input' },
      { value: 'png', title: 'PNG' },
    ],
  },
};

describe('the pick of options', () => {
  it('shows each value, and the default where it was changed', () => {
    const entries = optionEntries(SPECS, { edge: 1_024, rate: 'keep', target: -16.5, enlarge: true, format: 'png' });
    expect(entries.map(({ label, description }) => `${label}: ${description}`)).toEqual([
      'Long edge: 1,024 px · default 512 px · changed · Pixels of the longer side.',
      'Sample rate: as the input · Of the output.',
      'Loudness: \u221216.5 LUFS · default \u221223 LUFS · changed · Integrated.',
      'Enlarge: on · default off · changed · Also smaller ones.',
      'Format: PNG · default As the input · changed · Of the output.',
    ]);
  });

  it('offers choices for choices and switches, and a line to type for numbers', () => {
    const { format, enlarge, edge } = SPECS;
    expect(format && choiceEntries(format, 'png')).toEqual([
      { value: 'keep', label: 'As the input', description: 'default' },
      { value: 'png', label: 'PNG', description: 'current' },
    ]);
    expect(enlarge && choiceEntries(enlarge, false)?.map(({ label, description }) => `${label} ${description}`)).toEqual(['on ', 'off current · default']);
    expect(edge && choiceEntries(edge, 512)).toBeUndefined();
  });

  it('says the range before typing and the fault while typing', () => {
    const { rate, edge } = SPECS;
    expect(rate && inputPrompt(rate)).toBe('Of the output. 8,000 to 192,000 Hz, or keep; default as the input');
    expect(edge && inputFault('edge', edge, '20000')).toContain('edge');
    expect(edge && inputFault('edge', edge, ' 640 ')).toBeUndefined();
    expect(rate && inputFault('rate', rate, 'keep')).toBeUndefined();
    const filter = { type: 'text', title: 'filter', description: 'The placeholder {filter}.', default: '', maxLength: 5 } as const;
    expect(inputPrompt(filter)).toBe('The placeholder {filter}. Default: empty');
    expect(inputFault('filter', filter, 'too long')).toContain('5 characters');
  });

  it('remembers what differs from the defaults, and forgets options that are gone', () => {
    expect(changedOptions(SPECS, { edge: 512, enlarge: true, gone: 1 })).toEqual({ enlarge: true });
  });
});

describe('the list of tools', () => {
  const sox: FoundTool = {
    id: 'sox',
    path: '/usr/bin/sox',
    prefix: [],
    version: '14.4.2',
    banner: 'sox: SoX v14.4.2\n',
    features: new Set(['wav', 'flac']),
    buildId: 'x',
  };
  const states = [
    { id: 'sox', title: 'SoX', found: sox, rejected: [] },
    {
      id: 'imagemagick',
      title: 'ImageMagick',
      rejected: [{ path: '/usr/local/bin/convert', reason: 'its banner names another program' }],
      notes: ['no limits here'],
      install: 'sudo apt-get install imagemagick',
    },
    { id: 'sharp', title: 'sharp', rejected: [] },
  ] as const;

  it('says where each was found, or how to install it and what was not taken for it', () => {
    expect(toolRows(states)).toEqual([
      { id: 'sox', label: 'SoX 14.4.2', description: '/usr/bin/sox', icon: 'pass', setting: 'trainyard.tools.sox' },
      {
        id: 'imagemagick',
        label: 'ImageMagick',
        description: 'not found · sudo apt-get install imagemagick',
        detail: 'no limits here · /usr/local/bin/convert is not taken: its banner names another program',
        icon: 'warning',
        install: 'sudo apt-get install imagemagick',
        setting: 'trainyard.tools.imagemagick',
      },
      { id: 'sharp', label: 'sharp', description: 'not found', icon: 'warning' },
    ]);
  });

  it('writes it all down for a report', () => {
    expect(toolsText(states)).toBe(
      [
        'SoX 14.4.2',
        '  path: /usr/bin/sox',
        '  built with: flac wav',
        '  | sox: SoX v14.4.2',
        '',
        'ImageMagick: not found',
        '  install: sudo apt-get install imagemagick',
        '  note: no limits here',
        '  not taken: /usr/local/bin/convert, its banner names another program',
        '',
        'sharp: not found',
        '',
      ].join('\n'),
    );
  });
});

describe('names that a conversion is offered for', () => {
  it.each([
    ['take.WAV', true],
    ['set.jsonl', true],
    ['module.ts', false],
    ['wav', false],
    ['notes.md', false],
  ])('%s: %s', (name, expected) => {
    expect(isMediaName(name)).toBe(expected);
  });
});
