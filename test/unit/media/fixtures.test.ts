import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probe } from '../../../src/media/probe.ts';
import { fixtures, hasFixtures } from './support.ts';

const absent = { absent: expect.any(String) as string };
const wav = (codec: string | object, sampleRate: number, channels: number, bitDepth: number | object, duration: number | object, problems: readonly string[] = []) => ({
  kind: 'audio', container: 'wav', audio: { codec, sampleRate, channels, bitDepth }, duration: typeof duration === 'number' ? expect.closeTo(duration, 5) : duration, problems,
});
const image = (container: string, width: number, height: number, more: object = {}, problems: readonly string[] = []) => ({
  kind: 'image', container, image: { width, height, orientation: 1, ...more }, problems,
});
const video = (container: string, codec: string, width: number, height: number, frames: number | object, duration: number) => ({
  kind: 'video', container, video: { codec, width, height, frames }, duration: expect.closeTo(duration, 1), problems: [],
});
const audio = (container: string, codec: string, sampleRate: number, channels: number, duration: number) => ({
  kind: 'audio', container, audio: { codec, sampleRate, channels }, duration: expect.closeTo(duration, 3), problems: [],
});

/** What is true of real files; where the readers of the field differ, the comment says who is right. */
const TRUTH: Readonly<Record<string, object>> = {
  // ffprobe refuses big-endian float; the header is plain.
  'wav/test-44100Hz-2ch-32bit-float-be.wav': wav('pcm_f32be', 44100, 2, 32, 0.01),
  'wav/test-44100Hz-2ch-32bit-float-le.wav': wav('pcm_f32le', 44100, 2, 32, 0.01),
  'wav/test-44100Hz-le-1ch-4bytes-early-eof-no-data.wav': wav('pcm_s32le', 44100, 1, 32, absent, ['cut short: there is no data chunk']),
  // ffprobe and music-metadata believe the header's 0.1 s, of which 236 samples are in the file.
  'wav/test-44100Hz-le-1ch-4bytes-early-eof.wav': wav('pcm_s32le', 44100, 1, 32, 236 / 44100, ['cut short: 0.005351 of 0.1 s are there']),
  'wav/test-44100Hz-le-1ch-4bytes-rf64.wav': wav('pcm_s32le', 44100, 1, 32, 0.1),
  // RIFX: ffprobe names the little-endian codec.
  'wav/test-8000Hz-be-3ch-5S-24bit.wav': wav('pcm_s24be', 8000, 3, 24, 0.000625),
  'wav/test-8000Hz-le-1ch-1byte-ulaw.wav': wav('pcm_mulaw', 8000, 1, 8, 0.001125),
  'wav/test-8000Hz-le-2ch-1byteu.wav': wav('pcm_u8', 8000, 2, 8, 0.1),
  // The block size of 4 contradicts 3 channels of 24 bits; only ffprobe goes by the channels, of which 5 samples were written.
  'wav/test-8000Hz-le-3ch-5S-24bit-inconsistent.wav': wav('pcm_s24le', 8000, 3, 24, 0.000625),
  'wav/test-8000Hz-le-3ch-5S-24bit-rf64.wav': wav('pcm_s24le', 8000, 3, 24, 0.000625),
  'wav/test-8000Hz-le-3ch-5S-45bit.wav': wav(absent, 8000, 3, 45, 0.000625),
  'wav/test-8000Hz-le-4ch-9S-12bit.wav': wav('pcm_s16le', 8000, 4, 12, 0.001125),
  'wav/riff_adobe_audition.wav': wav('pcm_s24le', 48000, 2, 24, 0.274396),
  // A streamed file with lengths near 2^32.
  'wav/issue-819.wav': wav('pcm_s16le', 16000, 1, 16, 0.154875),
  'wav/mpeglayer3.wav': wav('mp3', 44100, 2, absent, 0.125057),
  'wav/riff-iprt-tag.wav': wav('pcm_s16le', 44100, 2, 16, 2.122993),
  'video_mb/oversized-id3.wav': wav('pcm_s16le', 44100, 2, 16, 0.1),
  'lhotse/LJ002-0020.wav': wav('pcm_s16le', 22050, 1, 16, 1.539637),
  'lhotse/stereo.sph': audio('sph', 'pcm_s16le', 8000, 2, 1),
  'lhotse/common_voice_en_651325.mp3': audio('mp3', 'mp3', 48000, 1, 2.376),
  // ffprobe counts the pre-skip in; decoded there are 48,260 samples.
  'lhotse/stereo.opus': audio('ogg', 'opus', 48000, 2, 48260 / 48000),
  'video_mb/vorbis-eos.ogg': audio('ogg', 'vorbis', 44100, 2, 5.396168),
  // Two tags, then frames with a gap: each reader counts a little differently.
  'video_mb/malformed-join.mp3': audio('mp3', 'mp3', 44100, 2, 8.542041),
  'video_mb/eac3.mp4': audio('mp4', 'eac3', 48000, 6, 2.016),
  'video_mb/multiple-aac-tracks.mp4': audio('mp4', 'aac', 48000, 6, 5.013333),
  // The clock of a transport stream begins anywhere: mediabunny's own 3.416 s is the end and not the length.
  'video_mb/ac3.ts': audio('mpegts', 'ac3', 48000, 6, 2.016),
  'video_mb/hevc.ts': video('mpegts', 'hevc', 1920, 1080, 120, 5.013),
  'video_mb/annex-b.mp4': video('mp4', 'h264', 1920, 1080, 745, 35.229),
  'video_mb/frames.webm': video('webm', 'vp9', 1080, 1080, 100, 3.333),
  // mediabunny tells 1280 wide for display; 640 are stored.
  'video_mb/sar_2x1.mp4': video('mp4', 'h264', 640, 360, 150, 5),
  'video_mb/video-h265.mp4': video('mp4', 'hevc', 1920, 1080, 300, 10.02),
  // ffprobe finds no duration; the blocks have times.
  'video_mb/annex-b-avc.mkv': video('matroska', 'h264', 1920, 1080, 745, 35.196),
  'lhotse/big_buck_bunny_small.mp4': video('mp4', 'h264', 320, 240, 132, 5.312),
  'image/Landscape_2.jpg': image('jpeg', 600, 450, { orientation: 2, profile: true }),
  'image/Landscape_6.jpg': image('jpeg', 450, 600, { orientation: 6 }),
  'image/Landscape_8.jpg': image('jpeg', 450, 600, { orientation: 8 }),
  'image/Portrait_6.jpg': image('jpeg', 600, 450, { orientation: 6 }),
  'image/Flag_of_the_Netherlands-16bit.png': image('png', 900, 600, { bitDepth: 16, colour: 'rgb', alpha: false }),
  'image/16-bit-grey-alpha.png': image('png', 109, 96, { bitDepth: 16, colour: 'gray', alpha: true }),
  'image/tbgn2c16.png': image('png', 32, 32, { bitDepth: 16, alpha: true }),
  'image/prophoto.png': image('png', 1, 1, { profile: true }),
  'image/big-height.webp': image('webp', 13, 169, { frames: 97 }),
  'image/pitm.avif': image('avif', 4096, 800),
  'image/8bit_depth.tiff': image('tiff', 21, 21, { colour: 'gray', bitDepth: 8 }),
  'image/uncompressed_tiff.tiff': image('tiff', 246, 345, { colour: 'rgb' }),
  'image/truncated.jpg': image('jpeg', 2725, 2225, {}, ['cut short: the picture has no end']),
  'image/truncated.png': image('png', 294, 240, {}, ['cut short: the picture has no end']),
  'image/corrupt-header.jpg': { kind: 'image', container: 'jpeg', image: { width: absent }, problems: ['no frame header: the picture has no size'] },
  // These two end before the pictures that their boxes point at, which no header says.
  'exif/IMG_5195.HEIC': image('heic', 2566, 3313),
  'exif/samplefilehub.heif': image('heic', 640, 426),
  'exif/image00971.jpg': image('jpeg', 636, 227),
  'exif/30-type_error.jpg': image('jpeg', 3872, 2403),
  'exif/67-0_length_string.jpg': image('jpeg', 4032, 2012),
  'exif/Tless0.tiff': image('tiff', 643, 448, { alpha: true }),
  'lhotse/cuts.json': { kind: 'text', container: 'json' },
  'lhotse/supervision.ctm': { kind: 'text', container: 'plaintext' },
  'lhotse/cuts.000000.jsonl.gz': { kind: 'other', container: 'gzip' },
  'webdataset/mpdata.tar': { kind: 'other', container: 'tar' },
  'mcap/multiple_files_0.mcap': { kind: 'sensor', container: 'mcap' },
  'parquet/duckdb2557.parquet': { kind: 'other', container: 'parquet' },
};

describe.skipIf(!hasFixtures)('real files from the field', () => {
  it.each(Object.entries(TRUTH))('%s', async (name, truth) => {
    expect(await probe(join(fixtures, name))).toMatchObject(truth);
  });
});
