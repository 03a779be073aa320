import { describe, expect, it } from 'vitest';
import { decoderOf } from '../../../../src/media/sensors/decoding/decoder.ts';
import { pictureOf } from '../../../../src/media/sensors/picture.ts';
import { damaged } from '../arrays/arrayBytes.ts';

const topic = { id: 1, name: '/t', count: 1 };
const text = (field: number, value: string | Uint8Array) => {
  const bytes = Buffer.from(value);
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length % 128) + 128, Math.floor(bytes.length / 128)];
  return Buffer.concat([Buffer.from([field * 8 + 2, ...length]), bytes]);
};
const number = (field: number, value: number) => Buffer.from([field * 8, value]);
const field = (name: string, nth: number, type: number, { repeated = false, typeName = '' } = {}) =>
  text(2, Buffer.concat([text(1, name), number(3, nth), number(4, repeated ? 3 : 1), number(5, type), ...(typeName ? [text(6, typeName)] : [])]));

/** A FileDescriptorSet of a package `p` with a message, one within it, and an enumeration. */
const schema = text(
  1,
  Buffer.concat([
    text(2, 'p'),
    text(4, Buffer.concat([text(1, 'Pose'), field('x', 1, 1), field('n', 2, 17), field('name', 3, 9), field('axes', 4, 2, { repeated: true }), field('kind', 5, 14, { typeName: '.p.Kind' }), field('inner', 6, 11, { typeName: '.p.Pose' })])),
    text(5, Buffer.concat([text(1, 'Kind'), text(2, Buffer.concat([text(1, 'NONE'), number(2, 0)])), text(2, Buffer.concat([text(1, 'ARM'), number(2, 1)]))])),
  ]),
);
const double = (value: number) => Buffer.from(new Uint8Array(new Float64Array([value]).buffer));

describe('messages in protobuf', () => {
  const message = Buffer.concat([Buffer.from([9]), double(1.5), number(2, 5), text(3, 'arm'), text(4, new Uint8Array(new Float32Array([1, -2]).buffer)), number(5, 1), text(6, Buffer.concat([Buffer.from([9]), double(7)]))]);

  it('are read by the schema that they bring', async () => {
    const decode = await decoderOf({ ...topic, type: 'p.Pose', encoding: 'protobuf', schemaEncoding: 'protobuf', schema });
    expect(decode(message)).toEqual({ x: 1.5, n: -3, name: 'arm', axes: [1, -2], kind: 'ARM', inner: { x: 7, n: 0, name: '', axes: [], kind: 'NONE', inner: null } });
  });

  it('of a type that the schema does not define are told', async () => {
    await expect(decoderOf({ ...topic, type: 'p.Other', encoding: 'protobuf', schemaEncoding: 'protobuf', schema })).rejects.toMatchObject({ reason: 'malformed' });
  });

  it('end with an error where they are damaged, and never without an end', async () => {
    for (let nth = 0; nth < 200; nth++) {
      try {
        const decode = await decoderOf({ ...topic, type: 'p.Pose', encoding: 'protobuf', schemaEncoding: 'protobuf', schema: damaged(schema, nth, schema.length) });
        decode(damaged(message, nth, message.length));
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
  });
});

describe('schemas of ROS', () => {
  it.each([
    ['cdr', 'ros2msg'],
    ['ros1', 'ros1msg'],
  ])('that are broken are told of, for %s', async (encoding, schemaEncoding) => {
    await expect(decoderOf({ ...topic, type: 'a/B', encoding, schemaEncoding, schema: Buffer.from('float64[[ x\n???') })).rejects.toMatchObject({ reason: 'malformed' });
  });

  it('cannot make a message of nothing be read for ever', async () => {
    const decode = await decoderOf({ ...topic, type: 'a/B', encoding: 'ros1', schemaEncoding: 'ros1msg', schema: Buffer.from('a/C[] list\n================================================================================\nMSG: a/C\n') });
    expect(() => decode(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toThrow('ends within');
  });

  it('are said to be missing where there are none', async () => {
    await expect(decoderOf({ ...topic, type: 'a/B', encoding: 'cdr', schemaEncoding: '', schema: new Uint8Array() })).rejects.toThrow('no definition of a/B');
  });
});

describe('pictures in messages', () => {
  const raw = (encoding: string, data: number[], more: object = {}) => pictureOf('sensor_msgs/msg/Image', { width: 2, height: 1, step: 0, encoding, is_bigendian: 0, data: Uint8Array.from(data), ...more });

  it.each([
    ['rgb8', [1, 2, 3, 4, 5, 6], [1, 2, 3, 255, 4, 5, 6, 255]],
    ['bgr8', [1, 2, 3, 4, 5, 6], [3, 2, 1, 255, 6, 5, 4, 255]],
    ['bgra8', [1, 2, 3, 9, 4, 5, 6, 8], [3, 2, 1, 9, 6, 5, 4, 8]],
    ['mono8', [7, 8], [7, 7, 7, 255, 8, 8, 8, 255]],
    ['16UC1', [0, 0, 0, 1], [0, 0, 0, 255, 255, 255, 255, 255]],
  ])('of %s become red, green, blue and opacity', (encoding, data, pixels) => {
    expect(raw(encoding, data)).toMatchObject({ kind: 'pixels', width: 2, height: 1, bytes: Uint8Array.from(pixels) });
  });

  it('of depths say what black and white stand for', () => {
    expect(raw('16UC1', [0, 1, 0, 4])).toMatchObject({ range: [256, 1024] });
  });

  it.each([
    ['an encoding that is not known', () => raw('yuv_q', [1, 2])],
    ['fewer bytes than pixels', () => raw('rgb8', [1, 2, 3])],
    ['no valid size', () => raw('rgb8', [1], { width: -1 })],
    ['no bytes', () => pictureOf('sensor_msgs/msg/Image', {})],
  ])('with %s say why they are not shown', (_, make) => {
    expect(make()).toMatchObject({ kind: 'none', reason: expect.stringMatching(/\w/) });
  });
});
