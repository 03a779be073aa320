import { isRecord } from '../../../base/isRecord.ts';

type Step = (text: string) => string;

/** A string in double quotes, so that what is replaced is not within one. One that is not closed goes to its line's end: many quotes are gone over once. */
const STRING = /"(?:[^"\\\n]|\\.)*"?/g;

function outside(text: string, change: Step): string {
  let done = '';
  let last = 0;
  for (const match of text.matchAll(STRING)) {
    done += change(text.slice(last, match.index)) + match[0];
    last = match.index + match[0].length;
  }
  return done + change(text.slice(last));
}

/** Each undoes one habit of hands, or of another language. */
const STEPS: readonly Step[] = [
  (text) => text.replace(/^\ufeff/, ''),
  (text) => text.replace(/[,;]\s*$/, ''),
  (text) => text.replace(/[“”„]/g, '"'),
  (text) => outside(text, (part) => part.replace(/,(\s*[}\]])/g, '$1').replace(/,(?:\s*,)+/g, ',')),
  (text) => outside(text, (part) => part.replace(/\bTrue\b/g, 'true').replace(/\bFalse\b/g, 'false').replace(/\bNone\b|\bundefined\b|-?\bNaN\b|-?\bInfinity\b/g, 'null')),
  (text) => text.replace(/'((?:[^'\\"]|\\.)*)'(?=\s*[:,}\]])/g, (_, inner: string) => JSON.stringify(inner.replace(/\\'/g, "'"))),
  (text) => outside(text, (part) => part.replace(/([{,]\s*)([A-Za-z_]\w*)(\s*:)/g, '$1"$2"$3')),
  (text) => outside(text, (part) => part.replace(/(:\s*)\+?(\.\d+)/g, '$10$2').replace(/(:\s*)(\d+)\.(?=\s*[,}\]])/g, '$1$2').replace(/(:\s*-?)0+(?=\d)/g, '$1').replace(/(:\s*-?\d+),(\d+)(?=\s*[,}])/g, '$1.$2')),
  (text) => text.replace(STRING, (string) => string.replace(/\\(?!["\\/bfnrtu])/g, '\\\\').replace(/[\u0000-\u001f]/g, (control) => JSON.stringify(control).slice(1, -1))),
  (text) => text.replace(/("|\d|true|false|null|[}\]])(\s+)(")/g, '$1,$2$3'),
  (text) => text.replace(/=(?=\s*["\d[{])/g, ':'),
  (text) => text.replace(/"\s*$/, '"').replace(/^(?!\s*\{)/, '{'),
  closed,
  // From the start of a run alone: long runs are gone over once.
  (text) => text.replace(/(?<![\s}])\s*\}[\s}]*$/, '}'),
];

/** An object that was meant where a text is nearly JSON; undefined where no habit explains it. */
export function mendedJson(text: string): string | undefined {
  let mended = text.trim();
  for (const step of STEPS) {
    mended = step(mended);
    try {
      return isRecord(JSON.parse(mended)) ? mended : undefined;
    } catch {
      // The next one may be it.
    }
  }
  return undefined;
}

/** Closes what is open at the end: a string, lists, objects. */
function closed(text: string): string {
  const open: string[] = [];
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      at += character === '\\' ? 1 : 0;
      inString = character !== '"';
    } else if (character === '"') {
      inString = true;
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? '}' : ']');
    } else if (character === '}' || character === ']') {
      open.pop();
    }
  }
  return `${text.replace(/[,:]\s*$/, '')}${inString ? '"' : ''}${open.reverse().join('')}`;
}
