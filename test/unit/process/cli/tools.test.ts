import { describe, expect, it } from 'vitest';
import { tools } from '../../../../src/process/cli/tools.ts';
import type { ToolState } from '../../../../src/process/toolSearch.ts';
import { toolAt } from '../support.ts';

const STATES: readonly ToolState[] = [
  {
    id: 'ffmpeg',
    title: 'ffmpeg',
    found: {
      ...toolAt('ffmpeg', '/opt/ffmpeg-7/bin/ffmpeg'),
      version: '7.0',
      features: new Set(['libx264', 'libopus', 'gpl']),
      buildId: 'abc',
    },
    rejected: [{ path: '/tmp/a\nb/ffmpeg', reason: 'anybody may write to /tmp/a\nb' }],
    install: 'sudo apt install ffmpeg',
  },
  { id: 'sox', title: 'SoX', rejected: [], install: 'sudo apt install sox', notes: ['without root: conda install -c conda-forge sox'] },
  {
    id: 'sharp',
    title: 'sharp',
    found: { ...toolAt('sharp', '/usr/bin/node', ['/ext/dist/sharpWorker.js']), version: '0.35.5' },
    rejected: [],
  },
];

async function ask(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text), env: { PATH: '/x' } };
  const code = await tools(args, io, { find: async (env) => (expect(env).toBe(io.env), STATES) });
  return { code, out, err };
}

describe('trainyard tools', () => {
  it('says of each tool the version, the place, what its build has and lacks, what is missing and what was not taken', async () => {
    const { code, out, err } = await ask();
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toBe(
      [
        'ffmpeg  7.0        /opt/ffmpeg-7/bin/ffmpeg  libopus libx264 (no libsoxr) (no libvpx) (no libwebp) (no libzimg)',
        '  /tmp/a\\u000ab/ffmpeg is not taken: anybody may write to /tmp/a\\u000ab',
        'SoX     not found                            sudo apt install sox',
        '  without root: conda install -c conda-forge sox',
        'sharp   0.35.5     /ext/dist/sharpWorker.js  (no jpeg) (no png) (no webp) (no tiff) (no heif)',
        '',
      ].join('\n'),
    );
  });

  it('gives one JSON document and nothing else', async () => {
    const { code, out } = await ask('--json');
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(1);
    const document = JSON.parse(out) as { readonly tools: readonly Record<string, unknown>[] };
    expect(document.tools[0]).toEqual({
      id: 'ffmpeg',
      title: 'ffmpeg',
      found: {
        path: '/opt/ffmpeg-7/bin/ffmpeg',
        arguments: [],
        version: '7.0',
        features: ['gpl', 'libopus', 'libx264'],
        lacking: ['libsoxr', 'libvpx', 'libwebp', 'libzimg'],
        buildId: 'abc',
      },
      rejected: STATES[0]?.rejected,
      install: 'sudo apt install ffmpeg',
    });
    expect(document.tools[1]).toMatchObject({ id: 'sox', found: null, install: 'sudo apt install sox' });
  });

  it('explains itself, and refuses what it does not know', async () => {
    expect(await ask('--help')).toMatchObject({ code: 0, out: expect.stringContaining('trainyard tools [--json]'), err: '' });
    expect(await ask('--yaml')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('trainyard tools [--json]') });
    expect(await ask('ffmpeg')).toMatchObject({ code: 1, out: '' });
  });
});
