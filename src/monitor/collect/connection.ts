import { connect, type Socket } from 'node:net';
import type { Disposable } from '../../base/disposable.ts';
import type { BoxReport } from '../boxes/boxState.ts';
import type { SampleWish } from '../collectorClient.ts';
import type { SystemSample } from '../systemSample.ts';
import { LineReader } from './lineReader.ts';
import { PROTOCOL, parseFromCollector, type FromFace, type MachineName, type Question, type SampleFrame } from './protocol.ts';
import { SampleDecoder } from './sampleDecoder.ts';

export interface ConnectionListener {
  readonly onSample: (machine: MachineName, sample: SystemSample) => void;
  readonly onReport: (box: string, report: BoxReport) => void;
  /** It has said that it is a collector of our version, and is listening. */
  readonly onReady: () => void;
  /** Once, and nothing after it. */
  readonly onEnd: (why: ConnectionEnd) => void;
}

/** `silent`: it is there and says nothing, though it was asked. `newer`, `older`: it is of another version, which it said. */
export type ConnectionEnd = 'gone' | 'silent' | 'newer' | 'older';

export interface Connection extends Disposable {
  wish(machine: MachineName, wish: SampleWish | undefined): void;
  retry(box: string): void;
  ask(question: Question): Promise<unknown>;
}

/** Bytes of one message; a machine of ten thousand processes needs 5 MB, a day's history more. */
const LONGEST_MESSAGE = 256 * 1024 * 1024;
/** Milliseconds in which a collector has to say that it is one. */
const HELLO_WITHIN = 5000;
const ANSWER_WITHIN = 30_000;
/** Milliseconds beyond two intervals after which a collector counts as silent that has been asked for samples. */
const SILENCE = 5000;

/** undefined where it is not what we know, whatever else it is. */
function decoded(decoder: SampleDecoder, frame: SampleFrame): SystemSample | undefined {
  try {
    return decoder.next(frame);
  } catch {
    return undefined;
  }
}

/** Connects to the collector that answers on a socket. */
export function connectToCollector(path: string, { onSample, onReport, onReady, onEnd }: ConnectionListener, protocol = PROTOCOL): Connection {
  const socket: Socket = connect(path);
  const decoders = new Map<MachineName, SampleDecoder>();
  const questions = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  let asked = 0;
  let ready = false;
  let over = false;
  let silent: NodeJS.Timeout | undefined;

  const send = (message: FromFace): void => void socket.write(`${JSON.stringify(message)}\n`);
  function end(why: ConnectionEnd): void {
    if (over) {
      return;
    }
    over = true;
    clearTimeout(late);
    clearTimeout(silent);
    socket.destroy();
    questions.forEach(({ reject }) => reject(new Error('the collector has gone')));
    questions.clear();
    onEnd(why);
  }
  const late = setTimeout(() => end('silent'), HELLO_WITHIN);

  function decoderOf(machine: MachineName): SampleDecoder {
    const decoder = decoders.get(machine) ?? new SampleDecoder();
    decoders.set(machine, decoder);
    return decoder;
  }

  function expectWord(interval: number | undefined): void {
    clearTimeout(silent);
    silent = interval === undefined || over ? undefined : setTimeout(() => end('silent'), SILENCE + 2 * interval);
  }

  function take(line: string): void {
    silent?.refresh();
    const message = over ? undefined : parseFromCollector(line);
    switch (message?.kind) {
      case 'hello':
        takeHello(message.protocol);
        break;
      case 'sample': {
        const sample = ready ? decoded(decoderOf(message.box), message) : undefined;
        if (sample === undefined) {
          end('gone');
        } else {
          onSample(message.box, sample);
        }
        break;
      }
      case 'box':
        if (ready) {
          onReport(message.box, message.report);
        }
        break;
      case 'answer': {
        const question = questions.get(message.id);
        questions.delete(message.id);
        if ('error' in message) {
          question?.reject(new Error(String(message.error)));
        } else {
          question?.resolve(message.value);
        }
        break;
      }
      case undefined:
        break;
    }
  }

  function takeHello(theirs: number): void {
    if (theirs > protocol) {
      end('newer');
    } else if (theirs < protocol) {
      socket.end(`${JSON.stringify({ kind: 'retire' } satisfies FromFace)}\n`, () => end('older'));
    } else if (!ready) {
      ready = true;
      clearTimeout(late);
      onReady();
    }
  }

  const lines = new LineReader(LONGEST_MESSAGE, take, () => end('gone'));
  socket.on('data', (chunk) => lines.add(chunk));
  socket.on('error', () => end('gone'));
  socket.on('close', () => end('gone'));
  send({ kind: 'hello', protocol });

  return {
    wish(machine, wish) {
      send({ kind: 'wish', box: machine, wish: wish ?? null });
      if (machine === null) {
        expectWord(wish?.interval);
      }
    },
    retry: (box) => send({ kind: 'retry', box }),
    ask(question) {
      if (over || questions.size > 1000) {
        return Promise.reject(new Error('the collector has gone'));
      }
      const id = ++asked;
      return new Promise((resolve, reject) => {
        const tooLate = setTimeout(() => {
          questions.delete(id);
          reject(new Error('the collector did not answer'));
        }, ANSWER_WITHIN);
        questions.set(id, {
          resolve(value) {
            clearTimeout(tooLate);
            resolve(value);
          },
          reject(error) {
            clearTimeout(tooLate);
            reject(error);
          },
        });
        send({ kind: 'question', id, question });
      });
    },
    dispose() {
      if (!over) {
        over = true;
        clearTimeout(late);
        clearTimeout(silent);
        questions.forEach(({ reject }) => reject(new Error('the window closes')));
        questions.clear();
        socket.destroy();
      }
    },
  };
}
