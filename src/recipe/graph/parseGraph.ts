import type { Span } from '../problem.ts';

/** A filter of a graph as it was written. All places are characters of the graph's text. */
export interface GraphFilter extends Span {
  /** Without `@instance`. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly GraphArgument[];
  /** From behind the `=` to the end; undefined where there is no `=`. */
  readonly argsSpan: Span | undefined;
  readonly inputs: readonly GraphLabel[];
  readonly outputs: readonly GraphLabel[];
  /** Of which chain, from 0. */
  readonly chain: number;
}

export interface GraphLabel extends Span {
  readonly name: string;
}

export interface GraphArgument extends Span {
  /** Undefined of a positional one. */
  readonly key?: string;
  readonly keySpan?: Span;
  /** As ffmpeg reads it, both levels of escaping taken away. */
  readonly value: string;
  readonly valueSpan: Span;
}

export interface GraphFault extends Span {
  readonly message: string;
}

export interface ParsedGraph {
  readonly filters: readonly GraphFilter[];
  readonly faults: readonly GraphFault[];
}

const SPACE = ' \n\t\r';

/**
 * Takes a raw filter graph apart as ffmpeg does (libavfilter/graphparser.c), and goes on behind what is wrong. For any text; throws nothing.
 *
 *     graph  = [sws_flags=flags;] chain {; chain}
 *     chain  = filter {, filter}
 *     filter = {[label]} name[@instance][=arguments] {[label]}
 */
export function parseGraph(text: string): ParsedGraph {
  return new GraphReader(text).read();
}

class GraphReader {
  private at = 0;
  private readonly filters: GraphFilter[] = [];
  private readonly faults: GraphFault[] = [];

  constructor(private readonly text: string) {}

  read(): ParsedGraph {
    this.skipSpace();
    const flags = /^sws_flags=[^;]*;?/.exec(this.text.slice(this.at))?.[0];
    this.at += flags?.length ?? 0;
    let chain = 0;
    if (this.at >= this.text.length) {
      this.faults.push({ from: 0, to: this.text.length, message: 'There is no filter in the graph' });
    }
    while (this.at < this.text.length) {
      this.filter(chain);
      const separator = this.text[this.at];
      if (separator === undefined) {
        break;
      }
      if (separator === ';') {
        chain++;
      } else if (separator !== ',') {
        this.fault(this.at, this.at + 1, `“${separator}” stands where a comma, a semicolon or the end should be`);
      }
      this.at++;
      this.skipSpace();
      if (this.at >= this.text.length && separator === ',') {
        this.fault(this.at - 1, this.at, 'There is no filter behind this comma');
      }
    }
    this.checkLabels();
    return { filters: this.filters, faults: this.faults };
  }

  private filter(chain: number): void {
    const from = this.at;
    const inputs = this.labels();
    const nameFrom = this.at;
    const name = this.token('=,;[');
    const nameSpan = { from: nameFrom, to: nameFrom + name.raw.trimEnd().length };
    const isCutOff = nameFrom >= this.text.length && this.faults.length > 0;
    if (name.value === '' && !isCutOff) {
      this.fault(nameFrom, Math.min(nameFrom + 1, this.text.length), 'The name of a filter is missing here');
    }
    let argsSpan: Span | undefined;
    let args: readonly GraphArgument[] = [];
    if (this.text[this.at] === '=') {
      this.at++;
      const argsFrom = this.at;
      const token = this.token('[],;');
      argsSpan = { from: argsFrom, to: this.at };
      if (token.isOpen) {
        this.fault(argsFrom, this.at, 'A quotation mark is not closed: the rest of the graph is taken for its text');
      }
      args = argumentsOf(token, argsFrom);
    }
    this.skipSpace();
    const outputs = this.labels();
    const plain = name.value.split('@', 1)[0] ?? '';
    const nameEnd = plain.length < name.value.length ? nameFrom + plain.length : nameSpan.to;
    this.filters.push({ name: plain, nameSpan: { from: nameFrom, to: nameEnd }, args, argsSpan, inputs, outputs, chain, from, to: this.at });
  }

  private labels(): readonly GraphLabel[] {
    const labels: GraphLabel[] = [];
    while (this.text[this.at] === '[') {
      const from = this.at;
      const close = this.text.indexOf(']', from);
      if (close < 0) {
        this.fault(from, this.text.length, 'This [ is not closed');
        this.at = this.text.length;
        break;
      }
      const name = this.text.slice(from + 1, close).trim();
      if (name === '') {
        this.fault(from, close + 1, 'A label needs a name');
      }
      labels.push({ name, from, to: close + 1 });
      this.at = close + 1;
      this.skipSpace();
    }
    return labels;
  }

  private token(ends: string): Token {
    this.skipSpace();
    const token = readToken(this.text, this.at, ends);
    this.at = token.to;
    return token;
  }

  private checkLabels(): void {
    const made = new Set(this.filters.flatMap(({ outputs }) => outputs.map(({ name }) => name)));
    const seen = new Set<string>();
    for (const { name, from, to } of this.filters.flatMap(({ outputs }) => outputs)) {
      if (seen.has(name) && name !== '') {
        this.fault(from, to, `Two filters put something out as [${name}]`);
      }
      seen.add(name);
    }
    for (const { name, from, to } of this.filters.flatMap(({ inputs }) => inputs)) {
      if (!made.has(name) && name !== '' && !/^(?:in|\d+(?::[avs](?::\d+)?|:\d+)?)$/.test(name)) {
        this.fault(from, to, `Nothing in this graph puts out [${name}]`);
      }
    }
  }

  private skipSpace(): void {
    while (this.at < this.text.length && SPACE.includes(this.text[this.at]!)) {
      this.at++;
    }
  }

  private fault(from: number, to: number, message: string): void {
    this.faults.push({ from, to: Math.max(from, to), message });
  }
}

/** A token and where each of its characters came from. */
interface Token {
  readonly value: string;
  /** Offset of each character of the value in the text. */
  readonly places: readonly number[];
  readonly raw: string;
  readonly to: number;
  /** A quotation mark was not closed. */
  readonly isOpen: boolean;
}

/** `av_get_token` of libavutil: backslash takes one character, quotes a run, white space at the ends goes unless escaped. */
function readToken(text: string, from: number, ends: string): Token {
  let value = '';
  const places: number[] = [];
  let kept = 0;
  let at = from;
  let isOpen = false;
  while (at < text.length && SPACE.includes(text[at]!)) {
    at++;
  }
  while (at < text.length && !ends.includes(text[at]!)) {
    const character = text[at]!;
    if (character === '\\' && at + 1 < text.length) {
      value += text[at + 1]!;
      places.push(at);
      at += 2;
      kept = value.length;
    } else if (character === "'") {
      const close = text.indexOf("'", at + 1);
      const stop = close < 0 ? text.length : close;
      isOpen ||= close < 0;
      for (let inner = at + 1; inner < stop; inner++) {
        value += text[inner]!;
        places.push(inner);
      }
      at = close < 0 ? text.length : close + 1;
      kept = value.length;
    } else {
      value += character;
      places.push(at);
      at++;
    }
  }
  let length = value.length;
  while (length > kept && SPACE.includes(value[length - 1]!)) {
    length--;
  }
  return { value: value.slice(0, length), places: places.slice(0, length), raw: text.slice(from, at), to: at, isOpen };
}

const KEY = /^[ \t\n\r]*(\/?[A-Za-z0-9_.]+)[ \t\n\r]*=/;

/** The second level: the arguments' text with the first one's escapes taken away, cut at colons. */
function argumentsOf({ value, places, to }: Token, from: number): readonly GraphArgument[] {
  const placeOf = (index: number): number => places[index] ?? to;
  const args: GraphArgument[] = [];
  let at = 0;
  while (at < value.length) {
    const start = at;
    const [whole, key] = KEY.exec(value.slice(at)) ?? [];
    const keyFrom = whole === undefined || key === undefined ? at : at + whole.indexOf(key);
    const valueFrom = at + (whole?.length ?? 0);
    const token = readToken(value, valueFrom, ':');
    at = token.to;
    args.push({
      from: placeOf(start),
      to: endOf(places, token.to, from, to),
      ...(key !== undefined && { key, keySpan: { from: placeOf(keyFrom), to: placeOf(keyFrom + key.length) } }),
      value: token.value,
      valueSpan: { from: placeOf(valueFrom), to: endOf(places, token.to, placeOf(valueFrom), to) },
    });
    if (value[at] === ':') {
      at++;
    }
  }
  return args;
}

/** Behind the last character before `index`. */
function endOf(places: readonly number[], index: number, least: number, most: number): number {
  const next = places[index];
  const last = places[index - 1];
  return Math.max(least, next ?? (last === undefined ? most : Math.max(last + 1, most)));
}
