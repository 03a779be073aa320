/** `0:24.060`, `1:02:03.500`; fewer digits on an axis. */
export function formatTime(seconds: number, digits = 3): string {
  const factor = 10 ** digits;
  const whole = Math.round(Math.max(0, seconds) * factor) / factor;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = (whole % 60).toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** For a screen reader: `0 minutes 24.06 seconds`. */
export function spokenTime(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${Number((seconds % 60).toFixed(2))} seconds`;
}
