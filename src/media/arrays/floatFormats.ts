/** Floats other than those that JavaScript reads by itself. Names as in ml_dtypes; `longdouble` as C's on x86. */
export type FloatFormatName =
  | 'float16'
  | 'bfloat16'
  | 'float8_e3m4'
  | 'float8_e4m3'
  | 'float8_e4m3fn'
  | 'float8_e4m3fnuz'
  | 'float8_e4m3b11fnuz'
  | 'float8_e5m2'
  | 'float8_e5m2fnuz'
  | 'float8_e8m0fnu'
  | 'float6_e2m3fn'
  | 'float6_e3m2fn'
  | 'float4_e2m1fn'
  | 'longdouble';

interface SmallFloat {
  readonly bits: number;
  readonly exponent: number;
  readonly mantissa: number;
  readonly bias: number;
  /** `ieee`: the largest exponent is infinity and NaN. `fn`: only all ones are NaN. `fnuz`: only the sign alone is NaN. `all`: every pattern is a number. */
  readonly special: 'ieee' | 'fn' | 'fnuz' | 'all';
}

const SMALL: Readonly<Partial<Record<FloatFormatName, SmallFloat>>> = {
  float16: { bits: 16, exponent: 5, mantissa: 10, bias: 15, special: 'ieee' },
  float8_e3m4: { bits: 8, exponent: 3, mantissa: 4, bias: 3, special: 'ieee' },
  float8_e4m3: { bits: 8, exponent: 4, mantissa: 3, bias: 7, special: 'ieee' },
  float8_e4m3fn: { bits: 8, exponent: 4, mantissa: 3, bias: 7, special: 'fn' },
  float8_e4m3fnuz: { bits: 8, exponent: 4, mantissa: 3, bias: 8, special: 'fnuz' },
  float8_e4m3b11fnuz: { bits: 8, exponent: 4, mantissa: 3, bias: 11, special: 'fnuz' },
  float8_e5m2: { bits: 8, exponent: 5, mantissa: 2, bias: 15, special: 'ieee' },
  float8_e5m2fnuz: { bits: 8, exponent: 5, mantissa: 2, bias: 16, special: 'fnuz' },
  float6_e2m3fn: { bits: 6, exponent: 2, mantissa: 3, bias: 1, special: 'all' },
  float6_e3m2fn: { bits: 6, exponent: 3, mantissa: 2, bias: 3, special: 'all' },
  float4_e2m1fn: { bits: 4, exponent: 2, mantissa: 1, bias: 1, special: 'all' },
};

const WORD = new DataView(new ArrayBuffer(4));

/** The values of all bit patterns of a format of at most 16 bits, by pattern. 65,536 entries take 512 kB. */
export function valuesOf(name: FloatFormatName): Float64Array | undefined {
  if (name === 'bfloat16') {
    return Float64Array.from({ length: 65_536 }, (_, pattern) => {
      WORD.setUint32(0, pattern * 65_536);
      return WORD.getFloat32(0);
    });
  }
  if (name === 'float8_e8m0fnu') {
    return Float64Array.from({ length: 256 }, (_, pattern) => (pattern === 255 ? NaN : 2 ** (pattern - 127)));
  }
  const small = SMALL[name];
  // Bits beyond a format's own are not looked at.
  return small && Float64Array.from({ length: small.bits === 16 ? 65_536 : 256 }, (_, pattern) => smallValue(small, pattern & (2 ** small.bits - 1)));
}

function smallValue({ bits, exponent, mantissa, bias, special }: SmallFloat, pattern: number): number {
  const sign = pattern >> (bits - 1) === 1 ? -1 : 1;
  const power = (pattern >> mantissa) & (2 ** exponent - 1);
  const fraction = pattern & (2 ** mantissa - 1);
  if (special === 'fnuz' && pattern === 2 ** (bits - 1)) {
    return NaN;
  }
  if (power === 2 ** exponent - 1) {
    if (special === 'ieee') {
      return fraction === 0 ? sign * Infinity : NaN;
    }
    if (special === 'fn' && fraction === 2 ** mantissa - 1) {
      return NaN;
    }
  }
  return sign * (power === 0 ? (fraction / 2 ** mantissa) * 2 ** (1 - bias) : (1 + fraction / 2 ** mantissa) * 2 ** (power - bias));
}

/**
 * C's long double as x86 keeps it: 80 bits, padded to 12 or 16 bytes with whatever was there. The file does not say that
 * it is not ARM's of 128 bits: whoever shows it says what it was read as. Rounded to 53 bits.
 */
export function longDouble(view: DataView, at: number, bytes: number, bigEndian: boolean): number {
  const byte = (index: number) => view.getUint8(bigEndian ? at + bytes - 1 - index : at + index);
  let mantissa = 0;
  for (let index = 7; index >= 0; index--) {
    mantissa = mantissa * 256 + byte(index);
  }
  const head = byte(8) + byte(9) * 256;
  const sign = head >= 32_768 ? -1 : 1;
  const power = head & 32_767;
  if (power === 32_767) {
    return mantissa === 2 ** 63 ? sign * Infinity : NaN;
  }
  return sign * (mantissa / 2 ** 63) * 2 ** (Math.max(1, power) - 16_383);
}
