/**
 * Says in words, to a screen reader, what changes on a page: politely, at most once a second, and of several things at
 * once only the last.
 */
export class Announcer {
  private waiting: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `element` has the role `status`. */
  constructor(private readonly element: { textContent: string | null }) {}

  say(words: string): void {
    this.waiting = words;
    if (this.timer === undefined) {
      this.flush();
    }
  }

  private flush(): void {
    this.timer = undefined;
    if (this.waiting !== undefined) {
      this.element.textContent = this.waiting;
      this.waiting = undefined;
      this.timer = setTimeout(() => this.flush(), 1000);
    }
  }
}
