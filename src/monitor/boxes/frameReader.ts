const NEWLINE = 0x0a;
/** A record is a line of a tool at most; what is longer is none of ours. */
const LONGEST_RECORD = 128 * 1024;
/** An answer that is longer is not what was asked for. */
const LONGEST_ANSWER = 32 * 1024 * 1024;

const STREAMS: ReadonlyMap<string, 'stdout' | 'stderr'> = new Map([
  ['1', 'stdout'],
  ['2', 'stderr'],
]);

export interface FrameSink {
  /** The sampler is there. `system`: what `uname -s` says. */
  onHello(system: string): void;
  onAnswer(id: string, content: Buffer): void;
  /** Nobody writes to it any more. */
  onToolEnd(run: string, stream: 'stdout' | 'stderr'): void;
  onToolLine(run: string, stream: 'stdout' | 'stderr', text: string): void;
}

/**
 * Finds what is ours in what a box sends. What lies outside answers (a greeting of the login, a shell's complaint) is left out, and
 * an answer that is cut short by the next is dropped.
 */
export class FrameReader {
  private readonly mark: Buffer;
  private rest: Buffer = Buffer.alloc(0);
  private open: { readonly id: string; readonly pieces: Buffer[]; bytes: number } | undefined;

  constructor(
    mark: string,
    private readonly sink: FrameSink,
  ) {
    this.mark = Buffer.from(mark);
  }

  add(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let position = 0;
    for (;;) {
      const start = bytes.indexOf(this.mark, position);
      if (start === -1) {
        // The mark itself may be cut.
        const end = Math.max(position, bytes.length - this.mark.length + 1);
        this.content(bytes.subarray(position, end));
        this.rest = Buffer.from(bytes.subarray(end));
        return;
      }
      this.content(bytes.subarray(position, start));
      const end = bytes.indexOf(NEWLINE, start + this.mark.length);
      if (end === -1) {
        this.rest = bytes.length - start > LONGEST_RECORD ? Buffer.alloc(0) : Buffer.from(bytes.subarray(start));
        return;
      }
      this.record(bytes.toString('utf8', start + this.mark.length, end));
      position = end + 1;
    }
  }

  private content(piece: Buffer): void {
    if (this.open === undefined || piece.length === 0) {
      return;
    }
    this.open.bytes += piece.length;
    if (this.open.bytes > LONGEST_ANSWER) {
      this.open = undefined;
      return;
    }
    this.open.pieces.push(piece);
  }

  private record(record: string): void {
    const [, verb, id = '', rest = ''] = /^ ([behox]) (\S*)(?: ([^]*))?$/.exec(record) ?? [];
    if (verb === 'h') {
      this.sink.onHello(id);
    } else if (verb === 'b') {
      this.open = { id, pieces: [], bytes: 0 };
    } else if (verb === 'e') {
      this.close(id);
    } else if (verb === 'o' || verb === 'x') {
      this.toolRecord(verb, id, rest);
    }
  }

  private toolRecord(verb: 'o' | 'x', run: string, rest: string): void {
    const stream = STREAMS.get(rest.slice(0, 1));
    if (stream === undefined) {
      return;
    }
    if (verb === 'x') {
      this.sink.onToolEnd(run, stream);
    } else {
      this.sink.onToolLine(run, stream, rest.slice(2));
    }
  }

  private close(id: string): void {
    const answer = this.open;
    this.open = undefined;
    if (answer?.id === id) {
      const content = Buffer.concat(answer.pieces);
      // The line end before the mark is ours.
      this.sink.onAnswer(id, content.subarray(0, Math.max(0, content.length - 1)));
    }
  }
}
