import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../../../src/media/byteSource.ts';
import { probeSource } from '../../../../src/media/probe.ts';
import { wavBytes } from '../wavBytes.ts';

describe('probing bytes that are no file of their own', () => {
  it('tells what their header says', () => {
    const wav = bytesInMemory(wavBytes({ tag: 1, channels: 2, sampleRate: 16_000, bits: 16, frames: 8000 }));
    expect(probeSource(wav, 'a.tar!/x.wav')).toMatchObject({ path: 'a.tar!/x.wav', kind: 'audio', container: 'wav', duration: 0.5, audio: { channels: 2, sampleRate: 16_000 }, problems: [] });
    const pointer = bytesInMemory(Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n'));
    expect(probeSource(pointer, 'a.tar!/x.jpg')).toMatchObject({ container: 'gitLfsPointer', problems: [expect.stringContaining('LFS')] });
  });

  it('says of what no header reader knows that it is not known', () => {
    const mp3 = bytesInMemory(Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(413), Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(413)]));
    expect(probeSource(mp3, 'x').duration).toHaveProperty('absent');
  });
});
