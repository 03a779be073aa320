import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RECOGNISERS } from '../../../../../src/language/families/recognisers.ts';
import { caret, completed, deskFolder, diagnosed, HEAD, hostOf, labels, lookupFor, open, quiet } from './desk.ts';

const video = (body: string): string => `${HEAD}  - ffmpeg:\n      video: ${body}\n      extension: mp4\n`;
const audio = (body: string): string => `${HEAD}  - ffmpeg:\n      audio: ${body}\n      extension: wav\n`;

describe('a recipe in the editor', () => {
  it('is told by its name, and no other YAML is', () => {
    const owner = (uri: string): string | undefined => RECOGNISERS.find((one) => one.recognises({ uri, path: undefined, language: 'yaml', head: 'version: 1\ninputs: []\n', isWhole: true }))?.id;
    expect(owner('file:///a/speech.recipe.yaml')).toBe('recipe');
    expect(owner('file:///a/docker-compose.yaml')).not.toBe('recipe');
    expect(owner('file:///a/recipe.yaml')).not.toBe('recipe');
  });

  it('is looked at anew where files change, and not for each of them where they change all the time', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const refresh = vi.fn();
    let tell: (paths: readonly string[]) => void = () => {};
    const onDidChangeFiles = (listener: typeof tell): { dispose(): void } => {
      tell = listener;
      return { dispose() {} };
    };
    const { session, document } = open(`${HEAD}  - preset: audio.flac\n`, { host: { refresh, onDidChangeFiles } });
    for (let second = 0; second < 9; second++) {
      tell(['/data/log.txt']);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(refresh.mock.calls).toEqual([[document.uri], [document.uri]]);
    session.dispose?.();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('without a fault has no diagnostics, its steps having been tried with the tools', async () => {
    expect(await diagnosed(`${HEAD}  - preset: audio.resample\n    options: { rate: 16000 }
  - ffmpeg: { audio: { filters: [{ highpass: { f: 80 } }, { aresample: { sample_rate: 16000, resampler: soxr } }], codec: pcm_s16le }, extension: wav }
  - ffmpeg: { audio: { filters: 'highpass=f=80,[in]anull', codec: flac }, extension: flac }
  - sox: { effects: [{ gain: [-n, -3] }, { rate: [-v, 16k] }, { remix: '-' }], output: { bits: 16 }, extension: wav }
  - imagemagick: { operators: [auto-orient, { resize: '512x512>' }, strip], extension: webp }
`.replace(',[in]anull', ',anull'))).toEqual([]);
  });
});

describe('diagnostics from the installed tools are on the very word', () => {
  it.each([
    ['a filter that is none', video('{ filters: [{ scal: { w: 1 } }] }'), ['unknown-filter: scal']],
    ['a filter that is none, in a raw graph', video("{ filters: 'hflip,scal=1:2' }"), ['unknown-filter: scal']],
    ['an option that is none', video('{ filters: [{ scale: { widht: 1 } }] }'), ['unknown-option: widht']],
    ['an option that is none, in a raw graph', video('{ filters: "hflip,scale=w=5:widht=3" }'), ['unknown-option: widht']],
    ['a value beyond the range', audio('{ filters: [{ aresample: { precision: 99 } }] }'), ['option-value: 99']],
    ['a value that is none of the named', audio('{ filters: [{ aresample: { resampler: soxrr } }] }'), ['option-value: soxrr']],
    ['an encoder that is none', video('{ codec: libx264x }'), ['unknown-encoder: libx264x']],
    ['an encoder that this build lacks', video('{ codec: libnosuchthing }'), ['tool-lacks: libnosuchthing']],
    ['an encoder of the other stream', video('{ codec: flac }'), ['unknown-encoder: flac']],
    ['an encoder’s option beyond its range', video('{ codec: libx264, options: { rc-lookahead: -5 } }'), ['option-value: -5']],
    ['an effect that is none', `${HEAD}  - sox: { effects: [{ gian: -3 }], extension: wav }\n`, ['argument: gian', 'unknown-effect: gian']],
  ])('%s', async (_, text, expected) => {
    expect(await diagnosed(text)).toEqual(expected);
  });

  it.each([
    ['a value that ffmpeg cannot evaluate', video('{ filters: [hflip, { scale: { w: abc, h: 2 } }] }'), 'abc'],
    ['the same in a raw graph with both levels of escaping', video(String.raw`{ filters: "drawtext=text=it\\\\\\'s a\\\\:b,fps=fps=abc" }`), 'abc'],
    ['a preset of an encoder', video('{ codec: libx264, options: { preset: fasst } }'), 'fasst'],
    ['an option that no encoder has', video('{ codec: libx264, options: { nosuch: 3 } }'), 'nosuch'],
    ['a wrong argument of an effect', `${HEAD}  - sox: { effects: [norm, { gain: abc }], extension: wav }\n`, 'gain'],
    ['a wrong value of an operator', `${HEAD}  - imagemagick: { operators: [strip, { resize: abc }], extension: png }\n`, 'abc'],
    ['an operator’s value that is none of the named', `${HEAD}  - imagemagick: { operators: [{ gravity: nowhere }], extension: png }\n`, 'nowhere'],
  ])('a real trial with one made-up frame: %s', async (_, text, word) => {
    expect(await diagnosed(text)).toEqual([`dry-parse: ${word}`]);
  });

  it('offers what was likely meant, as an edit that mends it', async () => {
    const { session, document } = open(video('{ filters: [{ scal: { w: 64, h: 32 } }] }'));
    const [problem] = await session.diagnostics(quiet, () => {});
    const actions = (await session.codeActions?.(problem!.range, { diagnostics: [] }, quiet)) ?? [];
    const edits = 'edit' in actions[0]! ? (actions[0].edit?.changes?.[document.uri] ?? []) : [];
    expect(await diagnosed(TextDocument.applyEdits(document.text, edits))).toEqual([]);
  });

  it('tell inputs that lead nowhere and outputs among them', async () => {
    const text = HEAD.replace("'*.wav'", "'*.wav', '*.flac', nowhere/b.wav, { manifest: m.jsonl }").replace('folder: out', 'folder: .');
    expect(await diagnosed(`${text}  - preset: audio.flac\n`)).toEqual(["input-missing: '*.flac'", 'input-missing: nowhere/b.wav', 'input-missing: m.jsonl', 'output-is-input: .']);
  });

  it('runs nothing of what could open files, and nothing in a workspace that is not trusted', async () => {
    const evil = video('{ filters: "movie=/etc/passwd" }');
    expect((await diagnosed(evil)).map((line) => line.split(':')[0])).toEqual(['argument']);
    const fake = fakeTools('exit 0');
    const text = video('{ filters: [{ scal: { w: 1 } }], codec: nosuch }').replace('version: 1', 'version: 2');
    expect(await diagnosed(text, { isTrusted: false, env: { PATH: fake.folder } })).toEqual(['value: 2']);
    expect(fake.runs()).toBe(0);
    await diagnosed(text, { env: { PATH: fake.folder } });
    expect(fake.runs()).toBeGreaterThan(0);
  });

  it('are renewed when a file comes, without a tool being asked again', async () => {
    const fake = fakeTools('echo "ffmpeg version 5.1 Copyright (c) the FFmpeg developers"; echo " V->V"');
    const { session, folder } = open(video('{ filters: [hflip] }').replace('*.wav', '*.flac'), { settings: { 'tools.ffmpeg': join(fake.folder, 'ffmpeg') } });
    expect((await session.diagnostics(quiet, () => {})).map(({ code }) => code)).toContain('recipe/input-missing');
    const runs = fake.runs();
    writeFileSync(join(folder, 'b.flac'), '');
    expect((await session.diagnostics(quiet, () => {})).map(({ code }) => code)).not.toContain('recipe/input-missing');
    expect(fake.runs()).toBe(runs);
    expect(runs).toBeGreaterThan(1);
  });

  it('tell what a preset needs and the installed build lacks, before a run', async () => {
    const fake = fakeTools('echo "ffmpeg version 5.1 Copyright (c) the FFmpeg developers"; echo "configuration: --enable-gpl"');
    const { session } = open(`${HEAD}  - preset: audio.opus\n`, { settings: { 'tools.ffmpeg': join(fake.folder, 'ffmpeg') } });
    const found = await session.diagnostics(quiet, () => {});
    expect(found.map(({ code, message }) => [code, message])).toEqual([['recipe/tool-lacks', 'Convert to Opus cannot be done here: ffmpeg is built without libopus.']]);
  });

  it('notice a tool that was upgraded meanwhile', async () => {
    const banner = (version: string): string => `echo "ffmpeg version ${version} Copyright (c) the FFmpeg developers"; echo "configuration: "; echo " V->V"`;
    const fake = fakeTools(banner('5.1'));
    let now = 0;
    const lookup = lookupFor(hostOf(), { PATH: fake.folder }, () => now);
    expect((await lookup.get())?.facts.found('ffmpeg')?.version).toBe('5.1');
    writeFileSync(join(fake.folder, 'ffmpeg'), `#!/bin/sh\n${banner('6.0.1')}\n`);
    expect((await lookup.get())?.facts.found('ffmpeg')?.version).toBe('5.1');
    now = 60_000;
    expect((await lookup.get())?.facts.found('ffmpeg')?.version).toBe('6.0.1');
  });
});

describe('completion', () => {
  it.each([
    ['keys of a recipe', 'version: 1\n|', ['inputs', 'steps', 'outputs', 'verify', 'concurrency']],
    ['keys of a step', `${HEAD}  - |`, ['preset', 'options', 'ffmpeg', 'sox', 'imagemagick']],
    ['keys of a step in braces', `${HEAD}  - { pre| }`, ['preset', 'options', 'ffmpeg', 'sox', 'imagemagick']],
    ['options of a preset', `${HEAD}  - preset: audio.flac\n    options:\n      le|`, ['level', 'tags']],
    ['those that are not there yet', `${HEAD}  - preset: audio.flac\n    options: { level: 3, | }`, ['tags']],
    ['values of an option', `${HEAD}  - preset: audio.flac\n    options: { tags: | }`, ['strip', 'keep']],
    ['what is kept', `${HEAD}  - preset: audio.resample\n    options: { rate: k| }`, ['48000', 'keep']],
    ['keys of outputs', 'version: 1\noutputs:\n  folder: out\n  |\n', ['name', 'manifest']],
  ])('%s', async (_, text, expected) => {
    expect(await labels(text, { isTrusted: false })).toEqual(expected);
  });

  it.each([
    ['presets', `${HEAD}  - preset: audio.|`, 'audio.resample'],
    ['filters in a list', video('{ filters: [sc|] }'), 'scale'],
    ['filters of a map in a list', video('{ filters: [{ sc|: { w: 1 } }] }'), 'scale'],
    ['options of a filter', video('{ filters: [{ scale: { | } }] }'), 'force_original_aspect_ratio'],
    ['named values of an option', video('{ filters: [{ scale: { force_original_aspect_ratio: | } }] }'), 'decrease'],
    ['encoders', video('{ codec: lib| }'), 'libx264'],
    ['options of an encoder', audio('{ codec: libopus, options: { | } }'), 'application'],
    ['effects', `${HEAD}  - sox: { effects: [no|], extension: wav }\n`, 'norm'],
    ['operators', `${HEAD}  - imagemagick: { operators: [re|], extension: png }\n`, 'resize'],
    ['filters in a raw graph', video('{ filters: "hflip,sc|" }'), 'scale'],
    ['filters in a list of lines', `${HEAD}  - ffmpeg:\n      video:\n        filters:\n          - sc|\n      extension: mp4\n`, 'scale'],
    ['options of a filter in lines', `${HEAD}  - ffmpeg:\n      video:\n        filters:\n          - scale:\n              w: 3\n              |\n      extension: mp4\n`, 'flags'],
    ['effects in a list of lines', `${HEAD}  - sox:\n      effects:\n        - norm\n        - |\n      extension: wav\n`, 'gain'],
    ['options in a raw graph', video('{ filters: "scale=w=3:fl|" }'), 'flags'],
    ['named values in a raw graph', video('{ filters: "scale=w=3:force_original_aspect_ratio=de|" }'), 'decrease'],
  ])('%s', async (_, text, expected) => {
    expect(await labels(text)).toContain(expected);
  });

  it('puts in what makes the recipe whole', async () => {
    const text = `${HEAD}  - preset: audio.fla|`;
    const items = await completed(text, { isTrusted: false });
    const item = items.find(({ label }) => label === 'audio.flac')!;
    const { document } = open(text.replace('|', ''));
    expect(await diagnosed(TextDocument.applyEdits(document.text, [item.textEdit as never]))).toEqual([]);
  });

  it('does not offer filters of the other stream', async () => {
    const offered = await labels(audio('{ filters: [|] }'));
    expect(offered).toContain('aresample');
    expect(offered).not.toContain('scale');
  });
});

describe('hover and signatures', () => {
  const hovered = async (text: string): Promise<string> => {
    const { session, position } = caret(text);
    const hover = await session.hover?.(position, quiet);
    return hover === undefined ? '' : (hover.contents as { value: string }).value;
  };

  it.each([
    ['a key', HEAD.replace('version', 'vers|ion') + '  - preset: audio.flac\n', 'version of the format'],
    ['a preset', `${HEAD}  - preset: audio.f|lac\n`, 'Convert to FLAC'],
    ['an option of a preset', `${HEAD}  - preset: audio.flac\n    options: { lev|el: 5 }\n`, 'a whole number from 0 to 8'],
    ['a filter', video('{ filters: [{ sca|le: { w: 1 } }] }'), 'force_original_aspect_ratio'],
    ['an option of a filter', audio('{ filters: [{ aresample: { preci|sion: 20 } }] }'), '15 to 33'],
    ['an option in a raw graph', video('{ filters: "hflip,scale=w=1:force_original_aspect_rat|io=1" }'), 'decrease'],
    ['an encoder', audio('{ codec: lib|opus }'), 'Sample rates: 48000'],
    ['an effect', `${HEAD}  - sox: { effects: [{ ga|in: -3 }], extension: wav }\n`, '-n'],
  ])('tell of %s', async (_, text, expected) => {
    expect(await hovered(text)).toContain(expected);
  });

  it('mark the option that is being written, in a raw graph and in a list', async () => {
    for (const text of [video('{ filters: "hflip,scale=64:h=3|2" }'), video('{ filters: [hflip, { scale: { w: 64, h: 3|2 } }] }')]) {
      const { session, position } = caret(text);
      const help = await session.signatureHelp?.(position, quiet);
      const signature = help?.signatures[0];
      const [from, to] = signature?.parameters?.[help?.activeParameter ?? -1]?.label as [number, number];
      expect(signature?.label.slice(from, to)).toBe('h');
    }
  });
});

describe('views', () => {
  it('are the three lenses, links to what is named, and symbols of the steps', async () => {
    const { session, document } = open(`# A recipe\n${HEAD.replace("'*.wav'", 'a.wav')}  - preset: audio.flac\n  - sox: { effects: [norm], extension: wav }\n`);
    const lenses = (await session.lenses?.(quiet)) ?? [];
    expect(lenses.map(({ command, range }) => [command?.title, command?.command, range.start.line])).toEqual([
      ['$(play) Run', 'trainyard.recipe.run', 1], ['$(checklist) Dry run', 'trainyard.recipe.dryRun', 1], ['$(beaker) Run on one sample', 'trainyard.recipe.sample', 1],
    ]);
    expect(lenses[0]?.command?.arguments).toEqual([document.uri]);
    expect(((await session.links?.(quiet)) ?? []).map(({ range }) => document.text.getText(range))).toEqual(['a.wav']);
    const steps = ((await session.symbols?.(quiet)) ?? []).find(({ name }) => name === 'steps');
    expect(steps?.children?.map(({ name }) => name)).toEqual(['1 audio.flac', '2 sox']);
  });
});

/** A folder with an ffmpeg that counts how often it was run. */
function fakeTools(script: string): { readonly folder: string; readonly runs: () => number } {
  const folder = deskFolder();
  const log = join(folder, 'log');
  mkdirSync(join(folder, 'x'));
  writeFileSync(join(folder, 'ffmpeg'), `#!/bin/sh\necho run >> '${log}'\n${script}\n`);
  chmodSync(join(folder, 'ffmpeg'), 0o755);
  return { folder, runs: () => Number(execFileSync('/bin/sh', ['-c', `cat '${log}' 2>/dev/null | wc -l`], { encoding: 'utf8' })) };
}
