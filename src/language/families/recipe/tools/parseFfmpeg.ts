/** A name of one of ffmpeg's lists. */
export interface Listed {
  readonly name: string;
  readonly about: string;
}

export interface ListedFilter extends Listed {
  /** `V->V`, `A->A`, `|->V` of sources. */
  readonly io: string;
}

export interface ListedCoder extends Listed {
  readonly kind: 'video' | 'audio' | 'subtitle';
}

/** An option of a filter or an encoder. */
export interface ToolOption extends Listed {
  /** `int`, `float`, `string`, `boolean`, `flags` … */
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly default?: string;
  /** Named values. */
  readonly constants: readonly Listed[];
}

export interface ToolHelp {
  readonly options: readonly ToolOption[];
  /** Of audio encoders those that say so. */
  readonly sampleRates?: readonly number[];
  readonly about: string;
}

/** `ffmpeg -filters`. */
export function parseFilters(text: string): readonly ListedFilter[] {
  return lines(text).flatMap((line) => {
    const [, name, io, about = ''] = /^ [T.][S.][C.]? +(\S+) +([AVN|]+->[AVN|]+) +(.*)$/.exec(line) ?? [];
    return name === undefined || io === undefined ? [] : [{ name, io, about: about.trim() }];
  });
}

const KINDS = { V: 'video', A: 'audio', S: 'subtitle' } as const;

/** `ffmpeg -encoders`, behind its legend. */
export function parseEncoders(text: string): readonly ListedCoder[] {
  return lines(text.slice(text.indexOf('------'))).flatMap((line) => {
    const [, kind, name, about = ''] = /^ ([VAS])[F.][S.][X.][B.][D.] (\S+)\s+(.*)$/.exec(line) ?? [];
    return kind === undefined || name === undefined ? [] : [{ name, about: about.trim(), kind: KINDS[kind as keyof typeof KINDS] }];
  });
}

/** `ffmpeg -muxers`: one name may be several, with commas. */
export function parseMuxers(text: string): readonly Listed[] {
  return lines(text.slice(text.indexOf(' --'))).flatMap((line) => {
    const [, names, about = ''] = /^ +D?E[d ]? +(\S+)\s+(.*)$/.exec(line) ?? [];
    return names === undefined ? [] : names.split(',').map((name) => ({ name, about: about.trim() }));
  });
}

const OPTION = /^ {2,3}-?([A-Za-z0-9][\w-]*)\s+<(\w+)>\s+[A-Z.]{8,12} ?(.*)$/;
const CONSTANT = /^ {4,6}(\S+)\s+(?:-?\d+\s+)?[A-Z.]{8,12} ?(.*)$/;

/**
 * `ffmpeg -h filter=NAME` or `-h encoder=NAME`; undefined where it says that there is none, which it does with exit code 0. The text is
 * that of `opt_list` in libavutil/opt.c.
 */
export function parseHelp(text: string): ToolHelp | undefined {
  if (!/^(?:Filter|Encoder) /m.test(text)) {
    return undefined;
  }
  const options: (ToolOption & { constants: Listed[] })[] = [];
  for (const line of lines(text)) {
    const [, name, type, rest = ''] = OPTION.exec(line) ?? [];
    if (name !== undefined && type !== undefined) {
      options.push({ name, type, constants: [], ...factsOf(rest) });
      continue;
    }
    const [, constant, about = ''] = CONSTANT.exec(line) ?? [];
    if (constant !== undefined && options.length > 0 && !constant.startsWith('#')) {
      options.at(-1)?.constants.push({ name: constant, about: about.trim() });
    }
  }
  const rates = /^\s*Supported sample rates: ([\d ]+)$/m.exec(text)?.[1];
  const about = /^(?:Filter \S+\n +(.+)|Encoder \S+ \[(.+)\]:)$/m.exec(text);
  return {
    options,
    about: about?.[1] ?? about?.[2] ?? '',
    ...(rates !== undefined && { sampleRates: rates.trim().split(/\s+/).map(Number) }),
  };
}

function factsOf(rest: string): Pick<ToolOption, 'about' | 'min' | 'max' | 'default'> {
  const [, from, to] = /\(from (\S+) to (\S+)\)/.exec(rest) ?? [];
  const [, value] = /\(default (.*?)\)\s*$/.exec(rest) ?? [];
  const [min, max] = [boundOf(from), boundOf(to)];
  return {
    about: rest.replace(/\s*\((?:from \S+ to \S+|default .*?)\)/g, '').trim(),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(value !== undefined && { default: value.replace(/^"(.*)"$/, '$1') }),
  };
}

/** `INT_MAX` and its like bound nothing that a person would write. */
function boundOf(text: string | undefined): number | undefined {
  const value = text === undefined ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function lines(text: string): readonly string[] {
  return text.split(/\r?\n/);
}
