const TIME_OF_DAY = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** Milliseconds since the epoch as local time of a day, which unlike "5 min ago" does not age: `14:31`, on other days `2 Nov 2026, 14:31`. */
export function formatMoment(at: number, now: number): string {
  const day = DAY.format(at);
  const time = TIME_OF_DAY.format(at);
  return day === DAY.format(now) ? time : `${day}, ${time}`;
}
