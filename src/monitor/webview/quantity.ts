/** A number as it is shown: its digits, and the unit that stands behind it smaller. */
export interface Quantity {
  readonly digits: string;
  readonly unit: string;
}

const KIB = 1024;
const GIB = KIB ** 3;
const TIB = KIB ** 4;
const RATE_UNITS = ['kB/s', 'MB/s', 'GB/s', 'TB/s'] as const;

/** Memory, in binary units: `71.4 GiB`, `637 GiB`, `1.18 TiB`. */
export function memoryQuantity(bytes: number): Quantity {
  return memoryAs(bytes, bytes >= 999.5 * GIB ? 'TiB' : 'GiB');
}

/** In the unit of a whole that it is a part of, so that one cell has one unit. */
export function memoryAs(bytes: number, unit: string): Quantity {
  return unit === 'TiB' ? { digits: grouped(bytes / TIB, 2), unit } : { digits: gibibytes(bytes), unit: 'GiB' };
}

/** One decimal, from three digits on none: `0.0`, `71.4`, `637`. */
export function gibibytes(bytes: number): string {
  const value = bytes / GIB;
  return grouped(value, value < 99.95 ? 1 : 0);
}

/** Throughput, in decimal units: `0.0 MB/s`, `12.1 MB/s`, `1.88 GB/s`. */
export function rateQuantity(bytesPerSecond: number): Quantity {
  let value = bytesPerSecond / 1e6;
  let unit = 1;
  while (value >= 999.5 && unit < RATE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return { digits: grouped(value, unit > 1 ? (value < 9.995 ? 2 : 1) : value < 99.95 ? 1 : 0), unit: RATE_UNITS[unit] ?? '' };
}

/** Whole, with a comma for thousands: `97`, `1,594`. */
export function whole(value: number): string {
  return grouped(value, 0);
}

export function oneDecimal(value: number): string {
  return grouped(value, 1);
}

function grouped(value: number, decimals: number): string {
  const [digits = '0', rest] = Math.max(0, value).toFixed(decimals).split('.');
  const head = digits.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return rest === undefined ? head : `${head}.${rest}`;
}

/** A link's speed: `400 Gb/s`, `100 Mb/s`. */
export function linkSpeed(bitsPerSecond: number): string {
  return bitsPerSecond >= 1e9 ? `${whole(bitsPerSecond / 1e9)} Gb/s` : `${whole(bitsPerSecond / 1e6)} Mb/s`;
}

/** Seconds that something has run: `0:03:52`, `6:12:40`, from a day on `3 d 04 h`. */
export function runtime(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(total / 3600);
  if (hours >= 24) {
    return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`;
  }
  return `${hours}:${pad(Math.floor((total % 3600) / 60))}:${pad(total % 60)}`;
}

/** Milliseconds as the age of something: `1 s`, `6 min`, `2 h`, `3 d`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** Numbers, the neighbours joined: `0–3, 6`. */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) {
      end++;
    }
    parts.push(end - start >= 2 ? `${sorted[start]}–${sorted[end]}` : sorted.slice(start, end + 1).join(', '));
    start = end + 1;
  }
  return parts.join(', ');
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
