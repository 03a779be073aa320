/** Nanoseconds from the start: `0:05.250`, `1:04:02.5`. */
export function clockText(time: number, digits = 3): string {
  const sign = time < 0 ? '\u2212' : '';
  const total = Math.abs(time) / 1e9;
  const scale = 10 ** digits;
  const rounded = Math.round(total * scale) / scale;
  const hours = Math.floor(rounded / 3600);
  const minutes = Math.floor(rounded / 60) % 60;
  const seconds = (rounded % 60).toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, '0');
  return `${sign}${hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}` : minutes}:${seconds}`;
}

/** Of an axis that spans so much. */
export function axisText(time: number, span: number): string {
  return clockText(time, span > 20e9 ? 0 : span > 2e9 ? 1 : span > 0.02e9 ? 3 : 6);
}

/** `17 ms`, `1.80 s`, `4 min`. */
export function lengthText(length: number): string {
  if (length < 1e3) {
    return `${Math.round(length)} ns`;
  }
  if (length < 1e6) {
    return `${threeDigits(length / 1e3)} µs`;
  }
  if (length < 1e9) {
    return `${threeDigits(length / 1e6)} ms`;
  }
  return length < 120e9 ? `${threeDigits(length / 1e9)} s` : `${Math.round(length / 60e9)} min`;
}

/** Messages in a second: `199.6`, `0.4`. */
export function rateText(rate: number): string {
  return rate >= 100 ? rate.toFixed(1) : rate >= 1 ? String(Number(rate.toFixed(2))) : String(Number(rate.toPrecision(2)));
}

function threeDigits(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Date and time of a moment, by digits of nanoseconds since the epoch; undefined where the clock does not count from it. */
export function dateText(start: string, time: number): string | undefined {
  const at = Number((BigInt(start) + BigInt(Math.round(time))) / 1_000_000n);
  return at > 1e11 && at < 1e13 ? new Date(at).toISOString().replace('T', ' ').replace('Z', ' UTC') : undefined;
}
