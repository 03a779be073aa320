import { describe, expect, it } from 'vitest';
import { factsOfFfprobe, ffprobePlan, parseFfprobe } from '../../../src/media/ffprobe.ts';
import { ToolError } from '../../../src/process/toolError.ts';

describe('the plan for ffprobe', () => {
  it('forces the demuxer and opens nothing but the file', () => {
    const args = ffprobePlan({ file: '/data/-v concat:a|b.avi' }, 'avi')?.args ?? [];
    expect(args.slice(args.indexOf('-protocol_whitelist'))).toEqual(expect.arrayContaining(['-protocol_whitelist', 'file', '-f', 'avi']));
    expect(args.slice(-2)).toEqual(['-i', 'file:/data/-v concat:a|b.avi']);
  });

  it.each(['m3u', 'pls', 'ffconcat', 'svg', 'mvg', 'msl', 'plaintext', 'json', 'postscript', 'unknown', 'jpeg'] as const)('does not exist for %s', (container) => {
    expect(ffprobePlan({ file: '/x' }, container)).toBeUndefined();
  });
});

describe("ffprobe's answer", () => {
  it('takes no cover picture for a video', () => {
    const facts = factsOfFfprobe({ streams: [{ codec_type: 'video', codec_name: 'mjpeg', disposition: { attached_pic: 1 } }, { codec_type: 'audio', codec_name: 'aac' }] });
    expect(facts.video).toBeUndefined();
    expect(facts.audio?.codec).toBe('aac');
  });

  it.each([
    [-90, 90],
    [90, 270],
    [180, 180],
    [0, 0],
  ])('turns %i anticlockwise into %i clockwise', (rotation, expected) => {
    expect(factsOfFfprobe({ streams: [{ codec_type: 'video', side_data_list: [{ rotation }] }] }).video?.rotation).toBe(expected);
  });

  it('leaves absent what is N/A, 0/0 or missing', () => {
    const { video, duration } = factsOfFfprobe({ streams: [{ codec_type: 'video', codec_name: 'unknown', nb_frames: 'N/A', avg_frame_rate: '0/0' }], format: { duration: 'N/A' } });
    const absent = { absent: expect.any(String) as string };
    expect({ duration, ...video }).toMatchObject({ duration: absent, codec: absent, frames: absent, frameRate: absent, width: absent, transfer: absent });
  });

  it('has a problem when it names no stream', () => {
    expect(factsOfFfprobe({}).problems).toHaveLength(1);
  });

  it('is a parse error when it is not JSON', () => {
    expect(() => parseFfprobe('{"streams": [')).toThrow(ToolError);
  });
});
