/** Mulberry32: the same mutations in every run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const PIECES = ['"', "'", '\\', ':', ': ', '[', ']', '{', '}', ',', '\n', '\n  ', '- ', '&a ', '*a', '!!x ', '|\n  ', '>-\n  ', '#', '%', '\t', '\0', '\u2028', '\ud83d\ude00', '\ud800', '<<: ', '? ', '=', ';', '[in]', '{name}', '{row.', '1e999', 'null', '~', '\r\n', '---\n', '...\n'];

/** The text with some pieces cut, doubled, moved or put in. */
export function mutated(text: string, next: () => number): string {
  let result = text;
  const pick = (limit: number): number => Math.floor(next() * limit);
  for (let changes = 1 + pick(4); changes > 0; changes--) {
    const at = pick(result.length + 1);
    const length = pick(Math.min(40, result.length - at + 1));
    switch (pick(5)) {
      case 0:
        result = result.slice(0, at) + result.slice(at + length);
        break;
      case 1:
        result = result.slice(0, at) + result.slice(at, at + length).repeat(1 + pick(3)) + result.slice(at);
        break;
      case 2:
        result = result.slice(0, at) + PIECES[pick(PIECES.length)]! + result.slice(at);
        break;
      case 3:
        result = result.slice(0, at) + String.fromCharCode(pick(0xffff)) + result.slice(at + 1);
        break;
      default: {
        const to = pick(result.length + 1);
        const piece = result.slice(at, at + length);
        result = result.slice(0, to) + piece + result.slice(to);
      }
    }
  }
  return result;
}
