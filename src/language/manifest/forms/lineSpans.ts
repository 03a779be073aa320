/** Where the lines of a text lie, without their ends; empty lines at the end of the text are none. */
export function lineSpans(text: string): { readonly starts: number[]; readonly ends: number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  const length = text.length;
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < length; ) {
    const found = text.indexOf('\n', at);
    const next = found < 0 ? length : found;
    starts.push(at);
    ends.push(next > at && text.charCodeAt(next - 1) === 0x0d ? next - 1 : next);
    at = next + 1;
  }
  while (starts.length > 0 && isBlank(text, starts.at(-1) ?? 0, ends.at(-1) ?? 0)) {
    starts.pop();
    ends.pop();
  }
  return { starts, ends };
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0d && code !== 0x0a) {
      return false;
    }
  }
  return true;
}

/** A line with its end, so that nothing is left when it is taken out; the end before it where it is the last one. */
export function wholeLine(text: string, [from, to]: readonly [number, number]): readonly [number, number] {
  let end = to;
  if (text.charCodeAt(end) === 0x0d) {
    end++;
  }
  if (text.charCodeAt(end) === 0x0a) {
    return [from, end + 1];
  }
  const before = text.charCodeAt(from - 1) === 0x0a ? (text.charCodeAt(from - 2) === 0x0d ? 2 : 1) : 0;
  return [from - before, end];
}
