import { lazy } from './lazy.ts';

/** U+202F, which keeps a number and its sign together. */
const NARROW_SPACE = '\u202f';

const BYTE_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// The words around the numbers are English, and so are the numbers. The first `Intl` of a process costs 15 ms.
const dayFormat = lazy(() => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }));
const timeFormat = lazy(() => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }));

/** `48,212`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 file`, `5,981 files`. */
export function formatCountOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** Powers of 1000 and three digits: `0 B`, `999 B`, `1.00 kB`, `61.2 MB`, `412 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) {
    return `${Math.round(bytes)} B`;
  }
  let value = bytes / 1000;
  let unit = 0;
  // 999.5 and above would round to four digits.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${threeDigits(value)} ${BYTE_UNITS[unit]}`;
}

/** For hovers: `18,412,032 bytes`. */
export function formatExactBytes(bytes: number): string {
  return formatCountOf(bytes, 'byte');
}

/** Of a fraction from 0 to 1: `62 %`. Rounded down, so that 100 % is said of nothing that is not whole. */
export function formatPercent(fraction: number): string {
  // A fraction such as 0.29 is a hair less than 29 hundredths.
  const whole = Math.floor(Math.min(1, Math.max(0, fraction)) * 100 + 1e-9);
  return `${whole}${NARROW_SPACE}%`;
}

/** Seconds that something took: `0.4 s`, `12 s`, `6 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) {
    return `${trimZero(Math.max(0, seconds).toFixed(1))} s`;
  }
  const whole = Math.round(seconds);
  if (whole < MINUTE) {
    return `${whole} s`;
  }
  if (whole < HOUR) {
    return twoUnits(whole, MINUTE, 'min', 1, 's');
  }
  const minutes = Math.round(whole / MINUTE) * MINUTE;
  return minutes < DAY ? twoUnits(minutes, HOUR, 'h', MINUTE, 'min') : twoUnits(Math.round(whole / HOUR) * HOUR, DAY, 'd', HOUR, 'h');
}

/** Seconds that something will still take, by estimate: `~20 s`, `~4 min`, `~1 h 30 min`. */
export function formatEstimate(seconds: number): string {
  if (seconds < 55) {
    // Steps of 5 keep the words from flickering.
    return `~${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
  }
  const minutes = Math.round(seconds / MINUTE) * MINUTE;
  if (minutes < 2 * HOUR) {
    return minutes < HOUR ? `~${Math.max(1, minutes / MINUTE)} min` : `~${twoUnits(roundTo(minutes, 10 * MINUTE), HOUR, 'h', MINUTE, 'min')}`;
  }
  return seconds < 2 * DAY ? `~${Math.round(seconds / HOUR)} h` : `~${Math.round(seconds / DAY)} d`;
}

/** Milliseconds since the epoch, in local time: `14 min ago` under an hour, `2 Nov 2026, 14:07` beyond it. */
export function formatWhen(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes >= 0 && minutes < 60) {
    return minutes === 0 ? 'just now' : `${minutes} min ago`;
  }
  return `${dayFormat().format(at)}, ${timeFormat().format(at)}`;
}

function threeDigits(value: number): string {
  return value >= 99.95 ? formatCount(value) : value.toFixed(value >= 9.995 ? 1 : 2);
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, '');
}

function roundTo(value: number, step: number): number {
  return Math.round(value / step) * step;
}

function twoUnits(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small);
  const head = `${formatCount(Math.floor(seconds / large))} ${largeUnit}`;
  return rest === 0 ? head : `${head} ${rest} ${smallUnit}`;
}
