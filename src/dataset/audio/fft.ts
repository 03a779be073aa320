/** Power spectra of real signals: one size, its tables made once. */
export interface RealFft {
  readonly size: number;
  /** Squared magnitudes of the bins 0 to size / 2 of `size` samples from `offset`, into `power`. */
  power(samples: Float32Array, offset: number, power: Float32Array): void;
}

/** `size` is a power of two, 8 at least. A real transform of N as a complex one of N / 2, radix 2. */
export function createRealFft(size: number, window?: Float32Array): RealFft {
  const half = size / 2;
  const cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  const bits = Math.log2(half);
  const reversed = Uint32Array.from({ length: half }, (_, index) => {
    let value = 0;
    for (let bit = 0; bit < bits; bit++) {
      value |= ((index >> bit) & 1) << (bits - 1 - bit);
    }
    return value;
  });
  const re = new Float64Array(half);
  const im = new Float64Array(half);

  function transform(): void {
    for (let width = 2; width <= half; width *= 2) {
      const step = size / width;
      const middle = width / 2;
      for (let start = 0; start < half; start += width) {
        for (let k = 0; k < middle; k++) {
          const c = cos[k * step] as number;
          const s = sin[k * step] as number;
          const a = start + k;
          const b = a + middle;
          const bRe = re[b] as number;
          const bIm = im[b] as number;
          const x = bRe * c + bIm * s;
          const y = bIm * c - bRe * s;
          const aRe = re[a] as number;
          const aIm = im[a] as number;
          re[b] = aRe - x;
          im[b] = aIm - y;
          re[a] = aRe + x;
          im[a] = aIm + y;
        }
      }
    }
  }

  return {
    size,
    power(samples, offset, power) {
      for (let index = 0; index < half; index++) {
        const from = 2 * (reversed[index] as number);
        re[index] = (samples[offset + from] as number) * (window ? (window[from] as number) : 1);
        im[index] = (samples[offset + from + 1] as number) * (window ? (window[from + 1] as number) : 1);
      }
      transform();
      const first = (re[0] as number) + (im[0] as number);
      const last = (re[0] as number) - (im[0] as number);
      power[0] = first * first;
      power[half] = last * last;
      for (let k = 1; k < half; k++) {
        const aRe = re[k] as number;
        const aIm = im[k] as number;
        const bRe = re[half - k] as number;
        const bIm = im[half - k] as number;
        // The even samples' spectrum, and the odd samples' turned into its place.
        const evenRe = (aRe + bRe) / 2;
        const evenIm = (aIm - bIm) / 2;
        const oddRe = (aIm + bIm) / 2;
        const oddIm = (bRe - aRe) / 2;
        const c = cos[k] as number;
        const s = sin[k] as number;
        const x = evenRe + oddRe * c + oddIm * s;
        const y = evenIm + oddIm * c - oddRe * s;
        power[k] = x * x + y * y;
      }
    },
  };
}

/** Periodic, so that frames overlapping by a power of two sum up evenly. */
export function hannWindow(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / size));
}
