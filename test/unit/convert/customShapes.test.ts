import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fillPlaceholders, placeholdersIn, refusedValue } from '../../../src/recipe/arguments/placeholders.ts';
import { ffmpegShape } from '../../../src/recipe/arguments/ffmpeg.ts';
import { imagemagickShape, OPERATORS } from '../../../src/recipe/arguments/imagemagick.ts';
import { soxShape } from '../../../src/recipe/arguments/sox.ts';

describe('a value', () => {
  it.each(['30000/1001', 'iw/2', '(ow-iw)/2', 'setpts=PTS/(2*TB)', '16000', '512x512>', '-50d', '0.3,1', "select='gt(scene\\,0.3)'", 'title=a b', 'é漢', '10x10!', '50%', 'C:1', 'yuv420p'])(
    'may be %s',
    (value) => {
      expect(refusedValue(value)).toBeUndefined();
    },
  );

  it.each([
    '/etc/passwd', 'movie=/etc/passwd', 'a:/b', "textfile='/etc/x'", 'x=\\/etc', "x=''/etc", '../up', 'a/../b', 'a/..', './x', '~/x', '@list', '|touch x', '<in', '>out', 'http://h/x', 'concat:/a',
    'a\nb', 'a\0b', 'x=[/etc]', 'x, /etc', 'a//b', '/', '{/a}', '"/x"', 'a=./b', 'foo=\\\\/etc',
  ])('may not be %j', (value) => {
    expect(refusedValue(value)).toBeTypeOf('string');
  });
});

describe('a placeholder', () => {
  it("is filled in once, and ffmpeg's own are let be", () => {
    expect(fillPlaceholders('a={x}:b={y}:%{pts}:{z}', { x: '{y}', y: '2' })).toBe('a={y}:b=2:%{pts}:{z}');
    expect(placeholdersIn('{a}x{b-1}%{pts}{ c }{}')).toEqual(['a', 'b-1']);
  });

  it('is no way to what every object has', () => {
    expect(fillPlaceholders('{constructor}', {})).toBe('{constructor}');
  });
});

describe("ffmpeg's arguments", () => {
  it.each([
    [['-i', '{input}', '-af', 'volume=0.5', '{output}']],
    [['-ss', '5', '-t', '3', '-noautorotate', '-i', '{input}', '-map', '0:a:0', '-vn', '-c:a', 'aac', '-b:a', '96k', '-metadata:s:a:0', 'language=eng', '{output}']],
    [['-i', '{input}', '-filter_complex', '[0:v]split[a][b];[a]scale=iw/2:-2[c];[b][c]overlay=(W-w)/2:10[v]', '-map', '[v]', '-x264-params', 'keyint=30:min-keyint=30', '-shortest', '{output}']],
    [['-i', '{input}', '{output}']],
  ])('may be %j', (args) => {
    const { before, between, after } = ffmpegShape(args);
    expect([...before, '-i', '{input}', ...between, '{output}', ...after]).toEqual(args);
  });

  it.each([
    ['{input}', '{output}'],
    ['-i', '{input}'],
    ['-i', '{output}', '{input}'],
    ['-i', '{input}', '-i', '{input}', '{output}'],
    ['-i', '{input}', '{output}', '{output}'],
    ['-i', '{input}', '{output}', '-an'],
    ['-i', '{input}', 'other.wav', '{output}'],
    ['-i', '{input}', '-af', '{output}'],
    ['-i', '{input}', '-an', 'other.wav', '{output}'],
    ['-i', '{input}', '-shortest', 'x', '{output}'],
    ['-i', 'x.wav', '-i', '{input}', '{output}'],
    ['-f', 'lavfi', '-i', '{input}', '{output}'],
    ['-f', 'concat', '-safe', '0', '-i', '{input}', '{output}'],
    ['-protocol_whitelist', 'file,http', '-i', '{input}', '{output}'],
    ['-enable_drefs', '1', '-i', '{input}', '{output}'],
    ['-pattern_type', 'glob', '-i', '{input}', '{output}'],
    ['-i', '{input}', '-f', 'tee', '{output}'],
    ['-i', '{input}', '-y', '{output}'],
    ['-i', '{input}', '-progress', 'x', '{output}'],
    ['-i', '{input}', '-report', '{output}'],
    ['-i', '{input}', '-attach', 'x', '{output}'],
    ['-i', '{input}', '-dump_attachment:t:0', 'x', '{output}'],
    ['-i', '{input}', '-filter_script:v', 'x', '{output}'],
    ['-i', '{input}', '-/filter:v', 'x', '{output}'],
    ['-i', '{input}', '-stats_enc_pre', 'x', '{output}'],
    ['-i', '{input}', '-vpre', 'x', '{output}'],
    ['-i', '{input}', '-passlogfile', 'x', '{output}'],
    ['-i', '{input}', '-init_hw_device', 'cuda', '{output}'],
    ['-i', '{input}', '-vf', 'movie=x', '{output}'],
    ['-i', '{input}', '-vf', 'scale=2:2,mo\\vie=x', '{output}'],
    ['-i', '{input}', '-vf', "'movie'=x", '{output}'],
    ['-i', '{input}', '-vf', 'null [a];[b] movie@m=x', '{output}'],
    ['-i', '{input}', '-filter_complex', 'amovie=x[a]', '{output}'],
    ['-i', '{input}', '-vf', 'subtitles=x.srt', '{output}'],
    ['-i', '{input}', '-af', 'ladspa=file=x', '{output}'],
    ['-i', '{input}', '-af', 'azmq', '{output}'],
    ['-i', '{input}', '-vf', 'drawtext=textfile=/etc/hostname', '{output}'],
    ['-i', '{input}', '-vf', 'drawtext=/text=/etc/hostname', '{output}'],
    ['-i', '{input}', '-vf', 'x=udp\\:127.0.0.1\\:9', '{output}'],
    ['-i', '{input}', '-c:v', '', 'stray', '{output}'],
    ['-i', '{input}', '', '{output}'],
    ['-i', '{input}', '--', '{output}'],
    ['-i', '{input}', '-', '{output}'],
  ])('may not be %j …', (...args) => {
    expect(() => ffmpegShape(args)).toThrow(/^“/);
  });
});

describe("sox's arguments", () => {
  it.each([
    [['{input}', '{output}']],
    [['-G', '-v', '0.5', '{input}', '-b', '16', '-r', '16k', '{output}', 'remix', '-', 'rate', '-v', '16k', 'trim', '=1', '-0.5', 'norm', '-3']],
    [['--norm=-3', '{input}', '-C', '5', '{output}', 'compand', '0.3,1', '6:-70,-60,-20', '-5', '-90', '0.2']],
  ])('may be %j', (args) => {
    const { before, between, after } = soxShape(args);
    expect([...before, '{input}', ...between, '{output}', ...after]).toEqual(args);
  });

  it.each([
    ['{output}', '{input}'],
    ['{input}', '{input}', '{output}'],
    ['-m', '{input}', '{output}'],
    ['{input}', 'other.wav', '{output}'],
    ['other.wav', '{input}', '{output}'],
    ['|touch x', '{input}', '{output}'],
    ['-t', 'wav', '{input}', '{output}'],
    ['{input}', '-t', 'wav', '{output}'],
    ['{input}', '{output}', 'spectrogram', '-o', 'x.png'],
    ['{input}', '{output}', 'trim', '0', '1', ':', 'newfile', ':', 'restart'],
    ['{input}', '{output}', 'gain', '-3', 'noiseprof', 'x'],
    ['{input}', '{output}', 'gain', '-3', 'ladspa', 'x'],
    ['{input}', '{output}', 'fir', 'x'],
    ['--effects-file', 'x', '{input}', '{output}'],
    ['--plot', 'octave', '{input}', '{output}'],
    ['{input}', '-d', '{output}'],
    ['{input}', '--comment-file', 'x', '{output}'],
    ['{input}', '-r', '{output}'],
    ['{input}', '{output}', 'vol', '/x'],
  ])('may not be %j …', (...args) => {
    expect(() => soxShape(args)).toThrow(/^“/);
  });
});

describe("ImageMagick's arguments", () => {
  it.each([
    [['{input}', '{output}']],
    [['-density', '300', '{input}', '-auto-orient', '-resize', '512x512>', '(', '+clone', '-blur', '0x8', ')', '-compose', 'screen', '-composite', '-define', 'webp:method=4', '-strip', '{output}']],
    [['{input}', '+repage', '+distort', 'SRT', '30', '-fx', '(u+v)/2', '-evaluate', 'multiply', '0.5', '{output}']],
  ])('may be %j', (args) => {
    const { before, between } = imagemagickShape(args);
    expect([...before, '{input}', ...between, '{output}']).toEqual(args);
  });

  it.each([
    ['{input}', '-strip'],
    ['{input}', 'logo:', '{output}'],
    ['{input}', '-strip', 'other.png', '{output}'],
    ['{input}', '-write', 'x.png', '{output}'],
    ['{input}', '-clamp', '1', '{output}'],
    ['{input}', '+resize', '2x2', '{output}'],
    ['{input}', '-draw', 'image over 0,0 0,0 x', '{output}'],
    ['{input}', '-profile', 'x.icc', '{output}'],
    ['{input}', '-define', 'registry:temporary-path=x', '{output}'],
    ['{input}', '-define', 'delegate:x=y', '{output}'],
    ['{input}', '-limit', 'memory', '9', '{output}'],
    ['{input}', '-set', 'filename:x', 'y', '{output}'],
    ['{input}', '-tile', 'x.png', '{output}'],
    ['{input}', '-annotate', '0', '@x', '{output}'],
    ['{input}', '-fill', '@x', '{output}'],
    ['{input}', '-script', 'x', '{output}'],
    ['{input}', '-resize', '{output}'],
    ['{input}', '{output}', '-strip'],
    ['@list', '{input}', '{output}'],
    ['{input}', '-RESIZE', '1', '{output}'],
  ])('may not be %j …', (...args) => {
    expect(() => imagemagickShape(args)).toThrow(/^“/);
  });

  /** Values that fit an operator, where `2` does not. */
  const VALUES: Readonly<Record<string, readonly string[]>> = {
    alpha: ['on'], background: ['red'], border: ['2x2'], bordercolor: ['red'], channel: ['R'], clone: ['0'], colorspace: ['Gray'], compose: ['over'], compress: ['none'],
    convolve: ['1,1,1,1,1,1,1,1,1'], crop: ['4x4+0+0'], define: ['webp:method=4'], delete: ['0'], deskew: ['40%'], dither: ['None'], distort: ['SRT', '10'], evaluate: ['add', '1'],
    'evaluate-sequence': ['mean'], extent: ['8x8'], fill: ['red'], filter: ['Lanczos'], function: ['Polynomial', '1,0'], fx: ['u'], gravity: ['center'], insert: ['0'],
    intensity: ['Rec709Luma'], interlace: ['Plane'], interpolate: ['bilinear'], layers: ['merge'], 'level-colors': ['red,blue'], morphology: ['Dilate', 'Disk:1'], noise: ['1'], opaque: ['red'],
    'ordered-dither': ['o2x2'], orient: ['TopLeft'], 'sparse-color': ['Barycentric', '0,0 red'], statistic: ['Median', '2x2'], swap: ['0,0'], tint: ['50'], transparent: ['red'], type: ['TrueColor'],
    units: ['PixelsPerInch'], 'virtual-pixel': ['edge'], 'liquid-rescale': ['6x6'], lat: ['3x3'], 'sampling-factor': ['2x2'], page: ['8x8'], 'random-threshold': ['10x90'], resample: ['72'],
  };
  const cases = Object.entries(OPERATORS).flatMap(([kind, names]) => names.split(' ').map((name): readonly [string, string, number] => [kind.charAt(0), name, Number(kind.charAt(1))]));

  // A value too many would be a file that is not there, one too few would swallow the `-flip` that follows.
  it.each(cases)('takes after %s%s as many values as are known here: %i', (sign, name, count) => {
    const values = (sign === '+' && name === 'noise' ? ['Gaussian'] : (VALUES[name] ?? new Array<string>(count).fill('2'))).slice(0, count);
    expect(values).toHaveLength(count);
    const several = name === 'insert' || name.startsWith('swap') || name === 'delete' || name === 'composite' ? ['xc:blue'] : [];
    const text = execFileSync(
      '/usr/bin/convert',
      ['-size', '8x8', 'xc:red', 'xc:green', ...several, `${sign}${name}`, ...values, '-flip', '-format', '%m\n', 'info:'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    expect(text).toMatch(/^(?:XC\n)+$/);
  });
});
