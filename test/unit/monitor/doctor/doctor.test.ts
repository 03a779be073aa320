import { describe, expect, it } from 'vitest';
import { Doctor } from '../../../../src/monitor/doctor/doctor.ts';
import type { RunMoment } from '../../../../src/monitor/doctor/runMoment.ts';
import { sawTooth, watched } from './invented.ts';

const atWork = (seconds: number, from = 0) => watched(seconds, () => ({}), from);
const waiting = (seconds: number, from = 0) => watched(seconds, (second) => ({ ...sawTooth(second), workers: [99, 99] }), from);

function observe(doctor: Doctor, moments: readonly RunMoment[]): void {
  for (const moment of moments) {
    doctor.observe(new Map([['run', moment]]));
  }
}

describe('the doctor', () => {
  it('says that it has not seen enough, and then what it sees', () => {
    const doctor = new Doctor();
    observe(doctor, atWork(30));
    expect(doctor.verdict('run')?.verdict).toMatchObject({ kind: 'unknown' });
    observe(doctor, atWork(40, 31));
    expect(doctor.verdict('run')?.verdict).toMatchObject({ kind: 'computeBound' });
  });

  it('changes its mind after half a minute of agreement, and not at once', () => {
    const doctor = new Doctor();
    observe(doctor, atWork(120));
    const kinds = waiting(150, 121).map((moment) => {
      doctor.observe(new Map([['run', moment]]));
      return doctor.verdict('run')?.verdict.kind;
    });
    const changed = kinds.indexOf('inputBound');
    // The window has to hold enough of the new, and then the new has to last.
    expect(changed).toBeGreaterThanOrEqual(30);
    expect(changed).toBeLessThanOrEqual(80);
    expect(kinds.slice(changed).every((kind) => kind === 'inputBound')).toBe(true);
  });

  it('keeps what it said of each minute, the oldest first, for an hour', () => {
    const doctor = new Doctor();
    observe(doctor, atWork(65 * 60));
    const minutes = doctor.verdict('run')?.minutes ?? [];
    expect(minutes).toHaveLength(60);
    expect(new Set(minutes.slice(1).map(({ until }, index) => until - (minutes[index]?.until ?? 0)))).toEqual(new Set([60_000]));
  });

  it('forgets a run that has ended, so that the next of the same name begins anew', () => {
    const doctor = new Doctor();
    observe(doctor, atWork(120));
    doctor.observe(new Map());
    expect(doctor.verdict('run')).toBeUndefined();
    observe(doctor, atWork(5, 130));
    expect(doctor.verdict('run')?.verdict.kind).toBe('unknown');
  });

  it('does not join what was before a gap to what is after it', () => {
    const doctor = new Doctor();
    observe(doctor, atWork(50));
    observe(doctor, atWork(20, 150));
    expect(doctor.verdict('run')?.verdict.kind).toBe('unknown');
  });
});
