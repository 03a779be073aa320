import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * The values of a JSON Lines file, one after the other. A last line that was cut short by a crash is left out.
 * A missing file has no lines. Throws where a line other than the last is not JSON.
 */
export async function* readJsonLines<T>(file: string): AsyncGenerator<T> {
  const stream = createReadStream(file, { encoding: 'utf8' });
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  let held: string | undefined;
  let number = 0;
  try {
    for await (const line of lines) {
      if (held !== undefined) {
        yield parseLine<T>(file, number, held);
      }
      held = line;
      number++;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  } finally {
    lines.close();
    stream.destroy();
  }
  if (held === undefined || held === '') {
    return;
  }
  let last: T;
  try {
    last = JSON.parse(held) as T;
  } catch {
    return;
  }
  yield last;
}

function parseLine<T>(file: string, number: number, line: string): T {
  try {
    return JSON.parse(line) as T;
  } catch {
    throw new SyntaxError(`${file}:${number} is not JSON`);
  }
}
