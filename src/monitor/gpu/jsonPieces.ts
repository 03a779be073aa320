/** No object that a tool writes is longer. */
const LONGEST = 4 * 2 ** 20;

/**
 * Finds the outermost objects in what a tool writes: one after the other, in an array that may never end, with commas between
 * them or without, below a banner. An object that begins at the start of a line begins anew, whatever was open before it.
 */
export class JsonPieces {
  private piece = '';
  private depth = 0;
  private inString = false;
  private isEscaped = false;

  /** The objects that end in these lines; what cannot be read is left out. */
  push(text: string): readonly unknown[] {
    const objects: unknown[] = [];
    for (const line of text.split('\n')) {
      this.take(line, objects);
    }
    return objects;
  }

  private take(line: string, objects: unknown[]): void {
    if (this.depth > 0 && (line.startsWith('{') || this.piece.length > LONGEST)) {
      this.clear();
    }
    let start = 0;
    for (let at = 0; at < line.length; at++) {
      const code = line.charCodeAt(at);
      if (this.inString) {
        this.inString = this.isEscaped || code !== 34;
        this.isEscaped = !this.isEscaped && code === 92;
      } else if (code === 34) {
        this.inString = this.depth > 0;
      } else if (code === 123) {
        start = this.depth === 0 ? at : start;
        this.depth += 1;
      } else if (code === 125 && this.depth > 0) {
        this.depth -= 1;
        if (this.depth === 0) {
          this.end(this.piece + line.slice(start, at + 1), objects);
        }
      }
    }
    if (this.depth > 0) {
      // No string of JSON goes over a line's end.
      this.inString = false;
      this.isEscaped = false;
      this.piece += `${line.slice(start)}\n`;
    }
  }

  private end(piece: string, objects: unknown[]): void {
    this.clear();
    try {
      objects.push(JSON.parse(piece));
    } catch {
      // Half of one, and half of another.
    }
  }

  private clear(): void {
    this.piece = '';
    this.depth = 0;
    this.inString = false;
    this.isEscaped = false;
  }
}

/** The members of an object; none where it is something else. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}
