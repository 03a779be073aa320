import { age } from './quantity.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Widths of columns that divide a minute, an hour or a day. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].map((seconds) => seconds * SECOND);
/** A chart has some 300 to 800 pixels. */
const MOST_COLUMNS = 720;

export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export function stepFor(range: number): number {
  return STEPS.find((step) => range / step <= MOST_COLUMNS) ?? STEPS.at(-1) ?? MINUTE;
}

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const shortFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const zoneFormat = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short', hour: 'numeric' });

/** `03:12:00`. */
export function clock(time: number): string {
  return clockFormat.format(time);
}

/** `03:12`. */
export function shortClock(time: number): string {
  return shortFormat.format(time);
}

/** `Mon 23 Nov`. */
export function day(time: number): string {
  return dayFormat.format(time).replace(',', '');
}

export function zone(time: number): string {
  return zoneFormat.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** With the day where that is another: `03:12:00`, `Sat 21 Nov 03:45:00`. */
export function moment(time: number, now: number): string {
  return day(time) === day(now) ? clock(time) : `${day(time)} ${clock(time)}`;
}

/** `15 min`, `6 h`. */
export function rangeWords({ from, to }: TimeRange): string {
  const minutes = Math.round((to - from) / MINUTE);
  return minutes < 1 ? `${Math.round((to - from) / SECOND)} s` : minutes < 120 ? (minutes === 60 ? '1 h' : `${minutes} min`) : `${Math.round(minutes / 6) / 10} h`;
}

/** Under a live chart, at its thirds: `−15 min`, `−10`, `−5`, `now`. */
export function liveAxis(span: number): readonly string[] {
  const inHours = span >= 120 * MINUTE;
  const unit = inHours ? 60 * MINUTE : MINUTE;
  const at = (part: number) => `−${Math.round((span * part * 10) / unit) / 10}`;
  return [`${at(1)} ${inHours ? 'h' : 'min'}`, at(2 / 3), at(1 / 3), 'now'];
}

/** Under a chart of the past, at its thirds. */
export function pastAxis({ from, to }: TimeRange): readonly string[] {
  const words = to - from < 10 * MINUTE ? clock : shortClock;
  return [0, 1, 2, 3].map((third) => words(from + ((to - from) * third) / 3));
}

/** `33 min before now`. */
export function agoWords(time: number, now: number): string {
  return now - time < SECOND ? 'now' : `${age(now - time)} before now`;
}
