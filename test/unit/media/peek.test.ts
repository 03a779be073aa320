import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FfprobeMaker } from '../../../src/media/cli/peek.ts';
import { peek } from '../../../src/media/cli/peek.ts';
import { SAMPLES } from './samples.ts';
import { temporaryFolder } from './support.ts';
import { wavBytes } from './wavBytes.ts';

const folder = temporaryFolder();
const wav = join(folder, 'a\u001b[31m\n.wav');
const gif = join(folder, '--x.gif');
const flv = join(folder, 'a.flv');
writeFileSync(wav, wavBytes({ tag: 1, channels: 2, sampleRate: 16000, bits: 16, frames: 16000 }));
writeFileSync(gif, SAMPLES.gif ?? '');
writeFileSync(flv, SAMPLES.flv ?? '');

async function run(args: readonly string[], ffprobe?: FfprobeMaker) {
  let [out, err] = ['', ''];
  const code = await peek(args, { out: (text) => (out += text), err: (text) => (err += text), env: {} }, ffprobe);
  return { code, out, err };
}

describe('trainyard peek', () => {
  it('prints one JSON document a file, with the parts that apply', async () => {
    const { code, out, err } = await run([wav, gif, '--json']);
    expect(out.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
      { path: wav, kind: 'audio', container: 'wav', size: 64044, duration: 1, audio: { codec: 'pcm_s16le', sampleRate: 16000, channels: 2, bitDepth: 16 }, problems: [] },
      {
        path: gif, kind: 'image', container: 'gif', size: SAMPLES.gif?.length, problems: [],
        image: { width: 4, height: 2, orientation: 1, frames: 1, bitDepth: 8, colour: 'palette', alpha: false, profile: false },
      },
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('ends with 17 and still tells of the others when a file cannot be read', async () => {
    const { code, out, err } = await run(['--json', join(folder, 'gone'), gif]);
    const [gone, there] = out.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(gone).toMatchObject({ path: join(folder, 'gone'), kind: { absent: expect.any(String) as string }, reason: 'notFound' });
    expect(there).toMatchObject({ container: 'gif' });
    expect(code).toBe(17);
    expect(err).toContain('is not there');
  });

  it('prints one line a file, and no control character of its name', async () => {
    const { code, out } = await run([wav]);
    expect(code).toBe(0);
    expect(out).toMatch(/^audio +wav +1\.000 s +pcm_s16le 16000 Hz 2 ch, 16 bit .*\\u001b\[31m\\u000a\.wav\n$/);
  });

  it.each([[[]], [['--json']], [['--what', 'x']]])('ends with 1 for the request %j', async (args) => {
    const { code, out, err } = await run(args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('trainyard peek');
  });

  it('takes what follows -- for files', async () => {
    process.chdir(folder);
    expect((await run(['--json', '--', '--x.gif'])).code).toBe(0);
  });

  it('looks for ffprobe only when a file needs it', async () => {
    let made = 0;
    const maker: FfprobeMaker = () => {
      made++;
      return Promise.resolve(() => Promise.resolve({ streams: [{ codec_type: 'audio', codec_name: 'mp3', sample_rate: '44100', channels: 1 }], format: { duration: '3' } }));
    };
    await run([gif, '--json'], maker);
    expect(made).toBe(0);
    const { out } = await run([flv, flv, '--json'], maker);
    expect(made).toBe(1);
    expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({ kind: 'audio', duration: 3, audio: { codec: 'mp3', sampleRate: 44100 } });
  });
});
