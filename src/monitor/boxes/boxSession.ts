import { singleQuoted } from '../../base/shellWords.ts';
import type { OnChunk, ProcessEnd, StreamProcess } from '../../process/streamProcess.ts';
import type { Timers } from '../../process/timers.ts';
import { FrameReader } from './frameReader.ts';

/** What is asked of the sampler, and answered. */
export type Question = 't' | 'f' | 'c' | 'l' | 'k' | 'w' | 'p';

/** The link ended before there was an answer. */
export class LinkEnded extends Error {
  override readonly name = 'LinkEnded';
}

/** Between asking a program on a box to end and ending it, in milliseconds. */
const GRACE = 3000;
/** How long the streams of a program that has ended may stay open, in milliseconds: something that it left holds them. */
const STREAM_GRACE = 1000;

interface Run {
  readonly onChunk: OnChunk;
  readonly resolve: (end: ProcessEnd) => void;
  pid?: string;
  ending: boolean;
  exitCode?: number;
  /** Streams that are still open. */
  open: number;
}

/** One link to one box, from the sampler's start to the end of the link. */
export class BoxSession {
  private readonly reader: FrameReader;
  private readonly answers = new Map<string, { readonly resolve: (content: Buffer) => void; readonly reject: (error: Error) => void }>();
  private readonly runs = new Map<string, Run>();
  private last = 0;
  private ended = false;

  /**
   * @param mark begins what is ours in the sampler's output
   * @param write gives the sampler something to read
   */
  constructor(
    private readonly mark: string,
    private readonly write: (text: string) => void,
    private readonly timers: Timers,
    onHello: (system: string) => void,
  ) {
    this.reader = new FrameReader(mark, {
      onHello,
      onAnswer: (id, content) => {
        this.answers.get(id)?.resolve(content);
        this.answers.delete(id);
      },
      onToolLine: (id, stream, text) => this.heard(id, stream, text),
      onToolEnd: (id) => {
        const run = this.runs.get(id);
        if (run !== undefined) {
          run.open -= 1;
          if (run.open === 0) {
            this.over(id, run);
          }
        }
      },
    });
  }

  add(chunk: Buffer): void {
    this.reader.add(chunk);
  }

  /** Rejects with `LinkEnded`. `words`: without blanks. */
  async ask(question: Question, words: readonly string[] = []): Promise<Buffer> {
    const id = this.newId();
    return new Promise<Buffer>((resolve, reject) => {
      if (this.ended) {
        reject(new LinkEnded());
        return;
      }
      this.answers.set(id, { resolve, reject });
      this.tell(question, id, words);
    });
  }

  /** Which files and patterns `t` reads from now on. */
  setFiles(kind: 's' | 'g', words: readonly string[]): void {
    this.tell(kind, '-', words);
  }

  /** Starts a program on the box. Throws a RangeError where a word holds a line break. */
  run(words: readonly string[], onChunk: OnChunk): StreamProcess {
    if (words.some((word) => /[\n\0]/.test(word))) {
      throw new RangeError('a word for a box holds a line break');
    }
    const id = this.newId();
    const gone = new Promise<ProcessEnd>((resolve) => {
      if (this.ended) {
        resolve({ error: new LinkEnded() });
        return;
      }
      this.runs.set(id, { onChunk, resolve, ending: false, open: 2 });
      this.tell('r', id, words.map(singleQuoted));
    });
    return {
      gone,
      write: () => {},
      closeInput: () => {},
      end: () => {
        const run = this.runs.get(id);
        if (run !== undefined && !run.ending) {
          run.ending = true;
          this.signal(id, 'TERM');
          this.timers.after(GRACE, () => this.signal(id, 'KILL'));
        }
      },
    };
  }

  /** The link is gone, and with it what ran on the box. */
  end(): void {
    this.ended = true;
    for (const { reject } of this.answers.values()) {
      reject(new LinkEnded());
    }
    for (const { resolve } of this.runs.values()) {
      resolve({ error: new LinkEnded() });
    }
    this.answers.clear();
    this.runs.clear();
  }

  private heard(id: string, stream: 'stdout' | 'stderr', text: string): void {
    const run = this.runs.get(id);
    if (run === undefined) {
      return;
    }
    if (stream === 'stdout' && run.pid === undefined) {
      run.pid = text;
      if (run.ending) {
        this.signal(id, 'TERM');
      }
    } else if (stream === 'stdout' && text.startsWith(this.mark)) {
      run.exitCode = Number(text.slice(this.mark.length));
      this.timers.after(STREAM_GRACE, () => this.over(id, run));
    } else {
      run.onChunk(Buffer.from(`${text}\n`), stream);
    }
  }

  private over(id: string, { resolve, exitCode }: Run): void {
    if (this.runs.delete(id)) {
      resolve(exitCode === undefined ? { error: new Error('its exit code was not told') } : { exitCode });
    }
  }

  private signal(id: string, signal: 'TERM' | 'KILL'): void {
    const pid = this.runs.get(id)?.pid;
    if (pid !== undefined && /^[1-9]\d*$/.test(pid)) {
      this.tell('q', signal, [pid]);
    }
  }

  private tell(verb: string, id: string, words: readonly string[]): void {
    if (!this.ended) {
      this.write(`${[verb, id, ...words].join(' ')}\n`);
    }
  }

  private newId(): string {
    this.last += 1;
    return String(this.last);
  }
}
