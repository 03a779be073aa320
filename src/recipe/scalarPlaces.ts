import type { ScalarNode } from './node.ts';
import type { Span } from './problem.ts';

/** Where each character of a scalar's text stands in the document, whichever way it was quoted or folded. */
export interface ScalarPlaces {
  /** The characters of the document for those of the text; never outside of the scalar. */
  span(from: number, to: number): Span;
  /** The character of the text that stands at an offset of the document, or the next one after it. */
  indexOf(offset: number): number;
}

const ESCAPE = /\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|\r?\n[ \t]*|[^])/y;

export function scalarPlaces(node: ScalarNode, document: string): ScalarPlaces {
  const source = document.slice(node.from, node.to);
  const places = placesIn(source, node.text).map((at) => node.from + at);
  const end = contentEnd(source) + node.from;
  const at = (index: number): number => places[index] ?? end;
  return {
    span: (from, to) => ({ from: at(from), to: Math.max(at(from), to > from ? Math.min(end, (places[to - 1] ?? end - 1) + 1) : at(from)) }),
    indexOf(offset) {
      const index = places.findIndex((place) => place >= offset);
      return index < 0 ? node.text.length : index;
    },
  };
}

function contentEnd(source: string): number {
  const last = source.at(-1);
  return (last === '"' || last === "'") && source.length > 1 && source.startsWith(last) ? source.length - 1 : source.length;
}

/** Of each character of the text its offset in the source, matched from the front; folding and indentation are passed over. */
function placesIn(source: string, text: string): readonly number[] {
  const quote = source[0] === '"' || source[0] === "'" ? source[0] : undefined;
  const block = /^[|>][^\n]*\n/.exec(source)?.[0].length ?? 0;
  let at = quote === undefined ? block : 1;
  const places: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (quote === '"' && source[at] === '\\') {
      ESCAPE.lastIndex = at;
      places.push(at);
      at += ESCAPE.exec(source)?.[0].length ?? 1;
      continue;
    }
    if (quote === "'" && character === "'" && source.startsWith("''", at)) {
      places.push(at);
      at += 2;
      continue;
    }
    if (/\s/.test(character) && /\s/.test(source[at] ?? '')) {
      places.push(at);
      const isBreak = source[at] === '\n' || source[at] === '\r';
      at++;
      const next = text[index + 1];
      // A line break and the indentation behind it are one character of the text, or none.
      if (isBreak || /^[ \t]*\r?\n/.test(source.slice(at - 1, at + 200))) {
        while (at < source.length && /\s/.test(source[at]!) && source[at] !== next) {
          at++;
        }
      }
      continue;
    }
    while (at < source.length && source[at] !== character) {
      at++;
    }
    places.push(Math.min(at, source.length));
    at = Math.min(source.length, at + 1);
  }
  return places;
}
