/** Processors' worth of work that is worth a look for who does it. */
const NOTICEABLE = 0.25;
/** Times that are passed over, at most, after looks that found nobody. */
const LONGEST_PAUSE = 15;
/** What is left of what is usual, time after time: half of it after a minute. */
const FADES = 0.99;

/**
 * Work on the processors that none of the processes did which were looked at: one that rested has woken, or the one who did it has
 * ended already, as those do of a build. So much of the latter is usual for a while, and it takes more to look again.
 */
export class UnseenWork {
  private usual = 0;
  private pause = 0;
  private passes = 0;

  /** `work`: seconds of processor time for each second. Where this is true all are to be looked at, and `looked` to be told. */
  isWorthALook(work: number): boolean {
    this.usual *= FADES;
    if (work < this.usual + NOTICEABLE) {
      this.passes--;
      return false;
    }
    return this.passes-- <= 0;
  }

  /** `left`: what nobody did even so. */
  looked(left: number): void {
    this.pause = left < this.usual + NOTICEABLE ? 0 : Math.min(LONGEST_PAUSE, this.pause * 2 + 1);
    this.passes = this.pause;
    this.usual = Math.max(this.usual, left);
  }
}
