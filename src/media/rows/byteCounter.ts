/**
 * Counts how often a byte occurs, sixteen bytes at a time:
 *
 *     (module
 *       (import "env" "memory" (memory 1))
 *       (func (export "count") (param $at i32) (param $end i32) (param $byte i32) (result i32)
 *         (local $total i32) (local $wanted v128)
 *         (local.set $wanted (i8x16.splat (local.get $byte)))
 *         (block $done
 *           (loop $next
 *             (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
 *             (local.set $total (i32.add (local.get $total)
 *               (i32.popcnt (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (local.get $wanted))))))
 *             (local.set $at (i32.add (local.get $at) (i32.const 16)))
 *             (br $next)))
 *         (local.get $total)))
 */
const MODULE =
  'AGFzbQEAAAABCAFgA39/fwF/Ag8BA2VudgZtZW1vcnkCAAEDAgEABwkBBWNvdW50AAAKOAE2AgF/AXsgAv0PIQQCQANAIAAgAU8NASADIAD9AAQAIAT9I/1kaWohAyAAQRBqIQAMAAsLIAML';
const LANES = 16;
const WASM_PAGE = 65_536;

interface Wasm {
  readonly Memory: new (options: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly count: (at: number, end: number, byte: number) => number } };
}

/** A buffer in whose bytes a byte is counted at some gigabytes a second. */
export interface CountedBuffer {
  readonly buffer: Buffer;
  /** How often `byte` is in the buffer from `from` to before `to`. */
  count(from: number, to: number, byte: number): number;
}

export function createCountedBuffer(size: number): CountedBuffer {
  const wasm = (globalThis as unknown as { readonly WebAssembly?: Wasm }).WebAssembly;
  try {
    if (wasm) {
      const memory = new wasm.Memory({ initial: Math.ceil(size / WASM_PAGE) });
      const { count } = new wasm.Instance(new wasm.Module(Buffer.from(MODULE, 'base64')), { env: { memory } }).exports;
      const buffer = Buffer.from(memory.buffer, 0, size);
      return { buffer, count: (from, to, byte) => countEnds(buffer, from, to, byte, count) };
    }
  } catch {
    // A processor without SIMD, or an embedder that allows no WebAssembly.
  }
  const buffer = Buffer.allocUnsafe(size);
  return { buffer, count: (from, to, byte) => countOneByOne(buffer, from, to, byte) };
}

function countEnds(buffer: Buffer, from: number, to: number, byte: number, count: (at: number, end: number, byte: number) => number): number {
  const whole = to - ((to - from) % LANES);
  return (whole > from ? count(from, whole, byte) : 0) + countOneByOne(buffer, Math.max(from, whole), to, byte);
}

function countOneByOne(buffer: Buffer, from: number, to: number, byte: number): number {
  let total = 0;
  for (let at = from; at < to; at++) {
    if (buffer[at] === byte) {
      total++;
    }
  }
  return total;
}
