import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../../../src/dataset/cli/check.ts';
import type { ToolSearch } from '../../../../src/process/toolSearch.ts';
import { MADE } from '../formats/made.ts';
import { lines, madeFolder, wav } from '../formats/support.ts';

const search = async (): Promise<ToolSearch> => ({ paths: {}, env: process.env, never: [], sharpWorker: '' });

async function run(cwd: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await check(args, { cwd, out: (text) => void (out += text), err: (text) => void (err += text), onInterrupt: () => ({ dispose: () => undefined }) }, search);
  return { code, out, err };
}

const broken = {
  'audio/a.wav': wav(2.05),
  'manifest.json': lines({ audio_filepath: 'audio/a.wav', duration: 3.2, text: 'x' }, { audio_filepath: 'audio/gone.wav', duration: 1, text: 'y' }),
};

describe('trainyard check', () => {
  it('ends with 0 and few words where nothing is wrong', async () => {
    const root = madeFolder(MADE.ljspeech?.files ?? {});
    expect(await run(root, '.')).toEqual({ code: 0, err: '', out: 'ljspeech: 2 samples, 3 files: 0 errors, 0 warnings, 0 worth a look\n' });
  });

  it('ends with 17 and names file, row and values where there are errors', async () => {
    const { code, out } = await run(madeFolder(broken), '.');
    expect(code).toBe(17);
    expect(out).toContain('manifest.json:1  duration says 3.20 s, the header 2.05 s.');
    expect(out).toContain('manifest.json:2  audio_filepath "audio/gone.wav" is not there.');
    expect(out.trimEnd().split('\n').at(-1)).toBe('nemo: 2 samples, 2 files: 2 errors, 0 warnings, 0 worth a look');
  });

  it('writes one JSON document', async () => {
    const root = madeFolder(broken);
    const { code, out } = await run(root, 'manifest.json', '--json');
    expect(code).toBe(17);
    expect(JSON.parse(out)).toMatchObject({
      format: 'nemo',
      rows: 2,
      problems: [
        { code: 'nemo/duration-mismatch', severity: 'error', file: join(root, 'manifest.json'), row: 1, message: 'duration says 3.20 s, the header 2.05 s.' },
        { code: 'row/path-missing', severity: 'error', file: join(root, 'manifest.json'), row: 2 },
      ],
    });
  });

  it('writes SARIF with a rule for each code', async () => {
    const { out } = await run(madeFolder(broken), '.', '--sarif');
    const { runs } = JSON.parse(out) as { runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleIndex: number; level: string }[] }[] };
    const [{ tool, results } = { tool: { driver: { rules: [] } }, results: [] }] = runs;
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(['nemo/duration-mismatch', 'row/path-missing']);
    expect(results.map(({ ruleIndex, level }) => [ruleIndex, level])).toEqual([[0, 'error'], [1, 'error']]);
  });

  it('decodes sound with ffmpeg where that is asked for', async () => {
    const root = madeFolder({ 'a.wav': wav(1), 'b.wav': wav(1, { seed: 2 }) });
    expect((await run(root, '.', '--full')).out).toBe('folders: 2 samples, 2 files: 0 errors, 0 warnings, 0 worth a look\n');
  });

  it('uses the rules of the format that is named', async () => {
    const { out } = await run(madeFolder(broken), '.', '--format', 'folders');
    expect(out).toBe('folders: 1 samples, 2 files: 0 errors, 0 warnings, 0 worth a look\n');
  });

  it.each([[[]], [['a', 'b']], [['none']], [['.', '--json', '--sarif']], [['.', '--format', 'nonsense']], [['.', '--unknown']], [['.', '--distance', '99']], [['.', '--format', 'coco']]])('ends with 1 for %j', async (args) => {
    const { code, out, err } = await run(madeFolder(broken), ...args);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).not.toBe('');
  });
});
