/** A value that was not measured, and why. Never shown, stored or averaged as 0. */
export interface Absent {
  readonly absent: string;
}

/** A value from outside: measured, or absent with its reason. */
export type Measured<T> = T | Absent;

export function absent(reason: string): Absent {
  return { absent: reason };
}

export function isAbsent(value: unknown): value is Absent {
  return typeof value === 'object' && value !== null && typeof (value as Absent).absent === 'string';
}

/** The measured value, or undefined where there is none. */
export function known<T>(value: Measured<T> | undefined): T | undefined {
  return isAbsent(value) ? undefined : value;
}
