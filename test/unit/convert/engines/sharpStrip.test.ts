import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { stripMetadata } from '../../../../src/convert/engines/sharpStrip.ts';
import { readOrientation } from '../../../../src/convert/engines/sharpStripExif.ts';
import type { Container } from '../../../../src/media/media.ts';
import { cleanUp, convert, haveFixtures, identify, IMAGES, newFolder } from '../imageBench.ts';

afterEach(cleanUp);

const FORMATS = ['jpeg', 'png', 'webp'] as const;

/** A picture with everything that ought to go, and an ICC profile. */
async function loaded(format: (typeof FORMATS)[number], orientation: number): Promise<Buffer> {
  const noise = sharp({ create: { width: 61, height: 40, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 120, sigma: 40 } } });
  return noise
    .withIccProfile('p3')
    .withExif({ IFD0: { Make: 'SecretCamera', ImageDescription: 'GPS of my home' } })
    .withMetadata({ orientation, icc: 'p3' })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret/></x:xmpmeta>')
    .toFormat(format)
    .toBuffer();
}

function strip(bytes: Uint8Array, container: Container, options: { keepProfile?: boolean; keepOrientation?: boolean } = {}) {
  const { bytes: out, problems } = stripMetadata(bytes, {
    kind: 'strip', input: '', output: '', container, keepProfile: true, keepOrientation: true, ...options,
  });
  return { out: Buffer.from(out), problems };
}

async function pixelHash(bytes: Buffer): Promise<string> {
  const raw = await sharp(bytes, { failOn: 'none' }).keepIccProfile().raw().toBuffer();
  return createHash('sha256').update(raw).digest('hex');
}

describe.each(FORMATS)('stripping %s', (format) => {
  it('leaves the decoded pixels and the profile, and no EXIF or XMP', async () => {
    const before = await loaded(format, 1);
    const { out, problems } = strip(before, format);
    const facts = await sharp(out, { failOn: 'warning' }).metadata();
    expect(problems).toEqual([]);
    expect([facts.exif, facts.xmp, facts.comments]).toEqual([undefined, undefined, undefined]);
    expect(facts.icc?.equals((await sharp(before).metadata()).icc ?? Buffer.alloc(0))).toBe(true);
    expect(out.includes('Secret')).toBe(false);
    expect(await pixelHash(out)).toBe(await pixelHash(before));
  });

  it('keeps nothing but the orientation of a picture that lies sideways', async () => {
    const { out } = strip(await loaded(format, 6), format);
    const facts = await sharp(out).metadata();
    expect(facts.orientation).toBe(6);
    expect(facts.exif?.length).toBeLessThan(40);
    expect(out.includes('SecretCamera')).toBe(false);
  });

  it('drops orientation and profile where told to', async () => {
    const { out } = strip(await loaded(format, 6), format, { keepProfile: false, keepOrientation: false });
    const facts = await sharp(out).metadata();
    expect([facts.orientation, facts.exif, facts.hasProfile]).toEqual([undefined, undefined, false]);
  });

  it('gives the same bytes for what is already stripped', async () => {
    const once = strip(await loaded(format, 6), format).out;
    expect(strip(once, format).out.equals(once)).toBe(true);
  });

  it('tells where a file is cut short, and passes on what is there', async () => {
    const before = await loaded(format, 1);
    const { out, problems } = strip(before.subarray(0, before.length - 200), format);
    expect(problems).toHaveLength(1);
    expect(out.length).toBeGreaterThan(200);
  });

  it('ends on any bytes at all', async () => {
    const whole = await loaded(format, 3);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 12 }), fc.nat(whole.length), (changes, length) => {
        const bytes = Uint8Array.from(whole.subarray(0, Math.max(30, length)));
        for (const [offset, value] of changes) {
          bytes[12 + (offset % (bytes.length - 12))] = value;
        }
        expect(strip(bytes, format).out.length).toBeLessThanOrEqual(bytes.length + 64);
      }),
    );
  });
});

describe('stripping JPEG', () => {
  it('keeps the Adobe marker, without which CMYK and RGB samples are misread', () => {
    const file = join(newFolder(), 'cmyk.jpg');
    convert('-size', '40x30', 'plasma:red-blue', '-colorspace', 'CMYK', '-set', 'comment', 'secret', `jpeg:${file}`);
    const before = readFileSync(file);
    expect(before.includes('Adobe') && before.includes('secret')).toBe(true);
    const { out } = strip(before, 'jpeg');
    writeFileSync(file, out);
    expect([out.includes('Adobe'), out.includes('secret'), identify('%[colorspace]', file)]).toEqual([true, false, 'CMYK']);
  });

  it('walks over several scans and restart markers', () => {
    const file = join(newFolder(), 'progressive.jpg');
    convert('-size', '200x150', 'plasma:red-blue', '-interlace', 'JPEG', '-set', 'comment', 'x', `jpeg:${file}`);
    const before = readFileSync(file);
    const { out, problems } = strip(before, 'jpeg');
    expect(problems).toEqual([]);
    expect(before.length - out.length).toBe(5);
  });

  it('drops what follows the end of the image', async () => {
    const before = await loaded('jpeg', 1);
    const { out } = strip(Buffer.concat([before, Buffer.from('MotionPhoto_Data')]), 'jpeg');
    expect(out.includes('MotionPhoto')).toBe(false);
  });

  it.skipIf(!haveFixtures).each([2, 4, 5, 6, 7, 8])('keeps orientation %i of a real photo', async (orientation) => {
    const before = readFileSync(join(IMAGES, `Landscape_${orientation}.jpg`));
    const { out } = strip(before, 'jpeg');
    expect((await sharp(out).metadata()).orientation).toBe(orientation);
    expect(await pixelHash(out)).toBe(await pixelHash(before));
  });
});

it('keeps every frame of an animated WebP', async () => {
  const pixels = Buffer.alloc(3 * 8 * 24, 7).fill(200, 3 * 8 * 8, 3 * 8 * 16).fill(90, 3 * 8 * 16);
  const before = await sharp(pixels, { raw: { width: 8, height: 24, channels: 3, pageHeight: 8 } })
    .withExif({ IFD0: { Make: 'SecretCamera' } })
    .webp({ lossless: true })
    .toBuffer();
  const { out } = strip(before, 'webp');
  const facts = await sharp(out, { animated: true }).metadata();
  expect([facts.pages, facts.exif]).toEqual([3, undefined]);
});

it('reads no orientation out of bytes that are not TIFF, and never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom([0x49, 0x49, 42, 0, 8, 0, 0, 0], [0x4d, 0x4d, 0, 42, 0, 0, 0, 8], []), (tail, head) => {
      const value = readOrientation(Uint8Array.from([...head, ...tail]));
      expect(value >= 1 && value <= 8).toBe(true);
    }),
  );
});
