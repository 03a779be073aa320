const SPACES = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/** Where a text stops being JSON: the offset of the first character that does not fit; its length where something is missing. */
export function jsonFault(text: string): number {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    at += match?.[0].length ?? 0;
    return match !== null && match[0] !== '';
  };
  /** Brackets that are open. */
  const open: string[] = [];
  let wants: 'value' | 'firstValue' | 'key' | 'firstKey' | 'more' = 'value';
  for (;;) {
    take(SPACES);
    const character = text[at];
    if (character === undefined) {
      return at;
    }
    if (wants === 'more') {
      const bracket = open.at(-1);
      if (bracket === undefined) {
        return at;
      }
      if (character === ',') {
        wants = bracket === '{' ? 'key' : 'value';
      } else if (character === (bracket === '{' ? '}' : ']')) {
        open.pop();
      } else {
        return at;
      }
      at++;
      continue;
    }
    if ((wants === 'firstKey' && character === '}') || (wants === 'firstValue' && character === ']')) {
      open.pop();
      at++;
      wants = 'more';
      continue;
    }
    if (wants === 'key' || wants === 'firstKey') {
      if (!take(STRING)) {
        return faultInString(text, at);
      }
      take(SPACES);
      if (text[at] !== ':') {
        return at;
      }
      at++;
      wants = 'value';
      continue;
    }
    if (character === '{' || character === '[') {
      open.push(character);
      at++;
      wants = character === '{' ? 'firstKey' : 'firstValue';
      continue;
    }
    if (!take(STRING) && !take(NUMBER) && !take(WORD)) {
      return faultInString(text, at);
    }
    wants = 'more';
  }
}

/** A string that is not closed is missing its end. */
function faultInString(text: string, at: number): number {
  return text[at] === '"' && text.indexOf('"', at + 1) < 0 ? text.length : at;
}
