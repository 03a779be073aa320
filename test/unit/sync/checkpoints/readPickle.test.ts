import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PickleDict, PickleGlobal, PickleObject, entryOf, itemsOf } from '../../../../src/sync/checkpoints/pickle/pickleValue.ts';
import { PickleError, readPickle } from '../../../../src/sync/checkpoints/pickle/readPickle.ts';
import { tensorsOf } from '../../../../src/sync/checkpoints/pickle/torchTensors.ts';
import { Code, global, pickleBytes, reduce, tensor, tuple } from './pickleBytes.ts';

const value = (bytes: Buffer) => readPickle(bytes).value;

describe('readPickle', () => {
  it('describes a call of os.system, and calls nothing', () => {
    const made = value(pickleBytes(reduce(global('os', 'system'), tuple('touch /tmp/owned'))));
    expect(made).toBeInstanceOf(PickleObject);
    expect((made as PickleObject).callable).toEqual(new PickleGlobal('os', 'system'));
  });

  it('keeps an entry None, False and 0 apart', () => {
    const made = value(pickleBytes({ a: null, b: false, c: 0 }));
    expect(['a', 'b', 'c'].map((key) => entryOf(made, key))).toEqual([null, false, 0]);
  });

  it('refuses every cut of a pickle as short', () => {
    const bytes = pickleBytes({ w: tensor('0', 'FloatStorage', [2, 3]), epoch: 3 });
    for (let cut = 0; cut < bytes.length; cut++) {
      expect(() => readPickle(bytes.subarray(0, cut))).toThrow(expect.objectContaining({ reason: 'short' }) as Error);
    }
  });

  it('ends with an error of its own on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          readPickle(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(PickleError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('tensorsOf', () => {
  it('finds each tensor once in lists that double at every level', () => {
    // ] q0, then thirty times: a list with the one before in it twice.
    const levels = Array.from({ length: 30 }, (_, level) => [Buffer.from([0x5d, 0x71, level + 1]), Buffer.from([0x28, 0x68, level, 0x68, level, 0x65])]);
    const inner = Buffer.concat([tensor('0', 'FloatStorage', [2]).bytes, Buffer.from([0x71, 0])]);
    const made = value(pickleBytes(new Code(Buffer.concat([inner, ...levels.flat()]))));
    expect(tensorsOf(made)).toHaveLength(1);
  });

  const levels = 100_000;
  const call = Buffer.from('R');
  it.each([
    ['calls what a call of a call made', Buffer.concat([global('a', 'b').bytes, ...Array.from({ length: levels }, () => Buffer.from(')R'))])],
    ['is called with what a call of a call made', Buffer.concat([...Array.from({ length: levels }, () => Buffer.from('ca\nb\n')), Buffer.from(')'), ...Array.from({ length: levels }, () => call)])],
    // A list, remembered; a parameter of it; and that parameter as the list's first item.
    ['is a parameter of itself', Buffer.concat([global('torch._utils', '_rebuild_parameter').bytes, Buffer.from([0x5d, 0x71, 0]), call, Buffer.from([0x71, 1, 0x68, 0, 0x68, 1, 0x61, 0x30])])],
  ])('ends in an object that %s', (_, bytes) => {
    expect(tensorsOf(value(pickleBytes(new Code(bytes))))).toEqual([]);
  });

  it('ends in a dictionary that holds itself', () => {
    const made = value(pickleBytes(new Code(Buffer.concat([Buffer.from([0x7d, 0x71, 0]), Buffer.from('X\x01\x00\x00\x00a', 'latin1'), Buffer.from([0x68, 0, 0x73])]))));
    expect(made).toBeInstanceOf(PickleDict);
    expect(itemsOf(made)).toEqual([]);
    expect(tensorsOf(made)).toEqual([]);
  });
});
