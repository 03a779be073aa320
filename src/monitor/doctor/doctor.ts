import { evidenceOf } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import type { RunMoment } from './runMoment.ts';
import { ENOUGH_SECONDS, verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

const WINDOW_MS = 60_000;
const EVERY_MS = 10_000;
/** A verdict changes after this long of agreement, so that it does not flip. */
const AGREEMENT_MS = 30_000;
const KEPT_MINUTES = 60;

export interface MinuteVerdict {
  /** The minute's end, in milliseconds since the epoch. */
  readonly until: number;
  readonly verdict: Verdict;
}

export interface RunVerdict {
  readonly verdict: Verdict;
  readonly evidence: Evidence;
  /** The oldest first, at most an hour of them. */
  readonly minutes: readonly MinuteVerdict[];
}

/** Watches runs and says of each what it waits for. A run that is not observed any more is forgotten. */
export class Doctor {
  private readonly runs = new Map<string, Patient>();

  /** @param moments of each run, by its key, at one time */
  observe(moments: ReadonlyMap<string, RunMoment>): void {
    for (const key of this.runs.keys()) {
      if (!moments.has(key)) {
        this.runs.delete(key);
      }
    }
    for (const [key, moment] of moments) {
      const patient = this.runs.get(key) ?? new Patient();
      this.runs.set(key, patient);
      patient.observe(moment);
    }
  }

  verdict(key: string): RunVerdict | undefined {
    return this.runs.get(key)?.current;
  }
}

class Patient {
  private moments: RunMoment[] = [];
  private lookedAt = -Infinity;
  private minuteStart = -Infinity;
  private candidate: { readonly kind: Verdict['kind']; readonly since: number } | undefined;
  private shown: { readonly verdict: Verdict; readonly evidence: Evidence } | undefined;
  private minutes: MinuteVerdict[] = [];

  observe(moment: RunMoment): void {
    const last = this.moments.at(-1)?.time;
    if (last !== undefined && (moment.time <= last || moment.time - last > WINDOW_MS)) {
      // The clock was set, or nobody looked for a while: what was before says nothing of now.
      this.moments = [];
      this.candidate = undefined;
    }
    this.moments.push(moment);
    while (this.moments[0] !== undefined && this.moments[0].time < moment.time - WINDOW_MS) {
      this.moments.shift();
    }
    if (moment.time - this.lookedAt >= EVERY_MS || moment.time < this.lookedAt) {
      this.lookedAt = moment.time;
      this.look(moment.time);
    }
  }

  get current(): RunVerdict | undefined {
    return this.shown && { ...this.shown, minutes: this.minutes };
  }

  private look(now: number): void {
    const evidence = evidenceOf(this.moments);
    const verdict = verdictOf(evidence);
    if (this.candidate?.kind !== verdict.kind) {
      this.candidate = { kind: verdict.kind, since: now };
    }
    const isFirst = this.shown === undefined || (this.shown.verdict.kind === 'unknown' && this.shown.evidence.seconds < ENOUGH_SECONDS);
    if (isFirst || this.shown?.verdict.kind === verdict.kind || now - this.candidate.since >= AGREEMENT_MS) {
      this.shown = { verdict, evidence };
    }
    if (now - this.minuteStart >= WINDOW_MS || now < this.minuteStart) {
      this.minuteStart = now;
      if (evidence.seconds >= ENOUGH_SECONDS) {
        this.minutes = [...this.minutes, { until: now, verdict }].slice(-KEPT_MINUTES);
      }
    }
  }
}
