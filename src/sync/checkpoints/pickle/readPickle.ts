import { PersistentId, PickleDict, PickleGlobal, PickleList, PickleObject } from './pickleValue.ts';
import type { PickleValue } from './pickleValue.ts';

/** `short`: it goes on beyond the bytes that are there. `malformed`: it is no pickle. `large`: it goes beyond what is read of any. */
export class PickleError extends Error {
  override readonly name = 'PickleError';

  constructor(
    readonly reason: 'short' | 'malformed' | 'large',
    message: string,
  ) {
    super(message);
  }
}

/** Steps of one pickle; a state dict of a million tensors takes some thirty million. */
const MAX_STEPS = 50_000_000;
const MAX_STACK = 1_000_000;
const MAX_MEMO = 10_000_000;
/** Digits of a number that is written as text. */
const MAX_DIGITS = 64;

const MARK = Symbol('mark');

/** Reads one pickle (Lib/pickletools.py, protocols 0 to 5) from `start`. It executes nothing. Throws a `PickleError`. */
export function readPickle(bytes: Buffer, start = 0): { readonly value: PickleValue; readonly end: number } {
  return new PickleReader(bytes, start).read();
}

class PickleReader {
  private readonly stack: (PickleValue | typeof MARK)[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(
    private readonly bytes: Buffer,
    private at: number,
  ) {}

  read(): { readonly value: PickleValue; readonly end: number } {
    for (let step = 0; step < MAX_STEPS; step++) {
      const code = this.byte();
      if (code === 0x2e) {
        return { value: this.pop(), end: this.at };
      }
      this.take(code);
      if (this.stack.length > MAX_STACK || this.memo.size > MAX_MEMO) {
        throw new PickleError('large', 'Its pickle nests or remembers more than is read of any.');
      }
    }
    throw new PickleError('large', 'Its pickle has more steps than are read of any.');
  }

  private take(code: number): void {
    const constant = this.constant(code);
    const simple = constant === undefined ? this.text(code) : constant;
    if (simple !== undefined) {
      this.stack.push(simple);
    } else if (!this.build(code) && !this.remember(code)) {
      throw new PickleError('malformed', `There is no pickle code 0x${code.toString(16)}.`);
    }
  }

  /** What stands for itself: numbers, texts and empty things. */
  private constant(code: number): PickleValue | undefined {
    switch (code) {
      case 0x4e: // NONE
        return null;
      case 0x88: // NEWTRUE
        return true;
      case 0x89: // NEWFALSE
        return false;
      case 0x4b: // BININT1
        return this.byte();
      case 0x4d: // BININT2
        return this.next(2).readUInt16LE(0);
      case 0x4a: // BININT
        return this.next(4).readInt32LE(0);
      case 0x8a: // LONG1
        return this.long(this.byte());
      case 0x8b: // LONG4
        return this.long(this.size(4));
      case 0x47: // BINFLOAT
        return this.next(8).readDoubleBE(0);
      case 0x5d: // EMPTY_LIST
        return new PickleList('list');
      case 0x29: // EMPTY_TUPLE
        return new PickleList('tuple');
      case 0x8f: // EMPTY_SET
        return new PickleList('set');
      case 0x7d: // EMPTY_DICT
        return new PickleDict();
      default:
        return undefined;
    }
  }

  private text(code: number): PickleValue | undefined {
    switch (code) {
      case 0x58: // BINUNICODE
        return this.next(this.size(4)).toString('utf8');
      case 0x8c: // SHORT_BINUNICODE
        return this.next(this.byte()).toString('utf8');
      case 0x8d: // BINUNICODE8
        return this.next(this.size(8)).toString('utf8');
      case 0x54: // BINSTRING
        return this.next(this.size(4)).toString('latin1');
      case 0x55: // SHORT_BINSTRING
        return this.next(this.byte()).toString('latin1');
      case 0x42: // BINBYTES
        return this.next(this.size(4));
      case 0x43: // SHORT_BINBYTES
        return this.next(this.byte());
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.next(this.size(8));
      case 0x56: // UNICODE
        return this.line();
      case 0x53: // STRING
        return this.line().slice(1, -1);
      case 0x46: // FLOAT
        return Number(this.line());
      case 0x49: // INT
        return this.decimal(this.line());
      case 0x4c: // LONG
        return this.decimal(this.line().replace(/L$/, ''));
      default:
        return undefined;
    }
  }

  private build(code: number): boolean {
    switch (code) {
      case 0x28: // MARK
        this.stack.push(MARK);
        return true;
      case 0x74: // TUPLE
        this.stack.push(new PickleList('tuple', this.toMark()));
        return true;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        this.stack.push(new PickleList('tuple', this.last(code - 0x84)));
        return true;
      case 0x6c: // LIST
        this.stack.push(new PickleList('list', this.toMark()));
        return true;
      case 0x91: // FROZENSET
        this.stack.push(new PickleList('set', this.toMark()));
        return true;
      case 0x64: // DICT
        this.dictOf(this.toMark());
        return true;
      case 0x61: // APPEND
        this.append(this.last(1));
        return true;
      case 0x65: // APPENDS
      case 0x90: // ADDITEMS
        this.append(this.toMark());
        return true;
      case 0x73: // SETITEM
        this.set(this.last(2));
        return true;
      case 0x75: // SETITEMS
        this.set(this.toMark());
        return true;
      default:
        return this.makeObject(code);
    }
  }

  private makeObject(code: number): boolean {
    switch (code) {
      case 0x63: // GLOBAL
        this.stack.push(new PickleGlobal(this.line(), this.line()));
        return true;
      case 0x93: {
        // STACK_GLOBAL
        const [module = null, name = null] = this.last(2);
        if (typeof module !== 'string' || typeof name !== 'string') {
          throw new PickleError('malformed', 'Its pickle names what is no name.');
        }
        this.stack.push(new PickleGlobal(module, name));
        return true;
      }
      case 0x52: // REDUCE
      case 0x81: // NEWOBJ
        return this.call(this.last(2));
      case 0x92: {
        // NEWOBJ_EX
        const [callable = null, args = null] = this.last(3);
        return this.call([callable, args]);
      }
      case 0x6f: {
        // OBJ
        const [callable = null, ...args] = this.toMark();
        return this.call([callable, new PickleList('tuple', args)]);
      }
      case 0x69: // INST
        return this.call([new PickleGlobal(this.line(), this.line()), new PickleList('tuple', this.toMark())]);
      case 0x62: {
        // BUILD
        const [state = null] = this.last(1);
        const target = this.top();
        if (target instanceof PickleObject) {
          target.state = state;
        }
        return true;
      }
      case 0x50: // PERSID
        this.stack.push(new PersistentId(this.line()));
        return true;
      case 0x51: // BINPERSID
        this.stack.push(new PersistentId(this.pop()));
        return true;
      default:
        return false;
    }
  }

  private remember(code: number): boolean {
    switch (code) {
      case 0x70: // PUT
        this.memo.set(this.index(this.line()), this.top());
        return true;
      case 0x71: // BINPUT
        this.memo.set(this.byte(), this.top());
        return true;
      case 0x72: // LONG_BINPUT
        this.memo.set(this.size(4), this.top());
        return true;
      case 0x94: // MEMOIZE
        this.memo.set(this.memo.size, this.top());
        return true;
      case 0x67: // GET
        return this.recall(this.index(this.line()));
      case 0x68: // BINGET
        return this.recall(this.byte());
      case 0x6a: // LONG_BINGET
        return this.recall(this.size(4));
      case 0x80: // PROTO
        if (this.byte() > 5) {
          throw new PickleError('malformed', 'Its pickle is of a protocol that is not known.');
        }
        return true;
      case 0x95: // FRAME
        this.next(8);
        return true;
      case 0x30: // POP
        this.stack.pop();
        return true;
      case 0x31: // POP_MARK
        this.toMark();
        return true;
      case 0x32: // DUP
        this.stack.push(this.top());
        return true;
      default:
        return false;
    }
  }

  private recall(index: number): true {
    const value = this.memo.get(index);
    if (value === undefined) {
      throw new PickleError('malformed', 'Its pickle asks for what it has not remembered.');
    }
    this.stack.push(value);
    return true;
  }

  private call([callable = null, args = null]: readonly PickleValue[]): true {
    this.stack.push(new PickleObject(callable, args));
    return true;
  }

  private dictOf(values: readonly PickleValue[]): void {
    this.stack.push(new PickleDict());
    this.set(values);
  }

  private set(values: readonly PickleValue[]): void {
    const target = this.top();
    if (!(target instanceof PickleDict || target instanceof PickleObject) || values.length % 2 === 1) {
      throw new PickleError('malformed', 'Its pickle sets items of what has none.');
    }
    for (let at = 0; at < values.length; at += 2) {
      target.entries.push([values[at] ?? null, values[at + 1] ?? null]);
    }
  }

  private append(values: readonly PickleValue[]): void {
    const target = this.top();
    if (!(target instanceof PickleList || target instanceof PickleObject)) {
      throw new PickleError('malformed', 'Its pickle appends to what is no list.');
    }
    for (const value of values) {
      target.items.push(value);
    }
  }

  private top(): PickleValue {
    const value = this.stack.at(-1);
    if (value === undefined || value === MARK) {
      throw new PickleError('malformed', 'Its pickle takes from an empty stack.');
    }
    return value;
  }

  private pop(): PickleValue {
    const value = this.top();
    this.stack.pop();
    return value;
  }

  private last(count: number): PickleValue[] {
    const values = this.stack.splice(Math.max(0, this.stack.length - count));
    if (values.length < count || values.includes(MARK)) {
      throw new PickleError('malformed', 'Its pickle takes from an empty stack.');
    }
    return values as PickleValue[];
  }

  private toMark(): PickleValue[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw new PickleError('malformed', 'Its pickle closes what was not opened.');
    }
    const values = this.stack.splice(mark + 1) as PickleValue[];
    this.stack.pop();
    return values;
  }

  private byte(): number {
    return this.next(1)[0] ?? 0;
  }

  private size(bytes: 4 | 8): number {
    const field = this.next(bytes);
    return bytes === 4 ? field.readUInt32LE(0) : Number(field.readBigUInt64LE(0));
  }

  private next(length: number): Buffer {
    const end = this.at + length;
    if (!(end <= this.bytes.length)) {
      throw new PickleError('short', 'Its pickle does not end within its bytes.');
    }
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) {
      throw new PickleError('short', 'Its pickle does not end within its bytes.');
    }
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  private index(text: string): number {
    const index = Number(text);
    if (!Number.isSafeInteger(index)) {
      throw new PickleError('malformed', 'Its pickle remembers by no number.');
    }
    return index;
  }

  private decimal(text: string): PickleValue {
    if (text === '00' || text === '01') {
      return text === '01';
    }
    if (text.length > MAX_DIGITS || !/^[+-]?\d+$/.test(text)) {
      throw new PickleError('malformed', 'Its pickle has a number that is none.');
    }
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : BigInt(text);
  }

  private long(length: number): PickleValue {
    const bytes = this.next(length);
    if (length > MAX_DIGITS) {
      return null;
    }
    const value = length === 0 ? 0n : BigInt.asIntN(length * 8, BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`));
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
}
