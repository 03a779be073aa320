import type { CliIo } from '../../base/cliIo.ts';
import { printable } from '../../base/printable.ts';
import type { SyncProgress } from '../run.ts';
import { paceWords, progressWords } from '../view/runWords.ts';

/** The last line of the terminal, while something goes on; nothing where stderr is none. */
export interface ProgressLine {
  show(box: string, words: string): void;
  progress(box: string, progress: SyncProgress): void;
  clear(box: string): void;
}

/** ECMA-48. */
const ERASE_LINE = '\u001b[K';
/** Milliseconds between two drawings. */
const PAUSE = 100;

/** `several`: boxes go on at once, and each is named. */
export function createProgressLine(io: CliIo, several: boolean): ProgressLine {
  const boxes = new Map<string, string>();
  let drawnAt = 0;

  function draw(): void {
    const columns = io.errColumns ?? 0;
    if (columns > 1) {
      const text = [...boxes].map(([box, words]) => (several ? `${box}: ${words}` : words)).join(' | ');
      io.err(`\r${ERASE_LINE}${printable(text).slice(0, columns - 1)}`);
      drawnAt = performance.now();
    }
  }
  return {
    show(box, words) {
      boxes.set(box, words);
      draw();
    },
    progress(box, progress) {
      boxes.set(box, [progressWords(progress), paceWords(progress, Date.now())].filter((words) => words !== '').join(' · '));
      if (performance.now() - drawnAt > PAUSE) {
        draw();
      }
    },
    clear(box) {
      boxes.delete(box);
      draw();
    },
  };
}
