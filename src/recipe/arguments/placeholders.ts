/** `{name}` anywhere in an argument; `%{name}` is ffmpeg's own and no placeholder. */
const PLACEHOLDER = /(?<!%)\{([A-Za-z][A-Za-z0-9_-]*)\}/g;

export const INPUT = '{input}';
export const OUTPUT = '{output}';

/** Names of the placeholders in an argument. */
export function placeholdersIn(argument: string): readonly string[] {
  return [...argument.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
}

/** The argument with every `{name}` replaced by its value; names without a value stay. Values are not looked into again. */
export function fillPlaceholders(argument: string, values: Readonly<Record<string, string>>): string {
  return argument.replace(PLACEHOLDER, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? whole) : whole));
}

/**
 * A slash divides (`30000/1001`, `iw/2`, `(ow-iw)/2`) where it stands between two operands. Anywhere else it begins a path, and a name
 * without one is looked for in the tool's own empty folder.
 */
const PATH = /(?<![0-9A-Za-z_)])\/|\/(?![0-9A-Za-z_(.])|\.\./;
/** What opens an address or a pipe, or stands for a file's content. */
const ADDRESS = /:\/\/|^[@|<>!~]/;

/**
 * Why a value is refused by its shape, whatever it is given to; undefined where it names neither a path nor an address. Quotes and
 * backslashes, by which ffmpeg lets words be taken apart, are looked at as written and as taken away.
 */
export function refusedValue(value: string): string | undefined {
  if (/\p{Cc}/u.test(value)) {
    return 'holds a control character';
  }
  const isFile = [value, value.replace(/[\\'"]/g, '')].some((text) => PATH.test(text) || ADDRESS.test(text));
  return isFile ? 'names a file, an address or a pipe: only {input} and {output} may be files' : undefined;
}

/** The arguments of one tool, taken apart. All are filled in but for the places of the two files, which have gone. */
export interface CustomShape {
  /** What stands before the input. */
  readonly before: readonly string[];
  /** What stands between the input and the output. */
  readonly between: readonly string[];
  /** What stands after the output. */
  readonly after: readonly string[];
}

/** An argument that no preset may have. */
export class RefusedArgument extends Error {
  override readonly name = 'RefusedArgument';

  constructor(argument: string, reason: string) {
    super(`“${argument}” ${reason}`);
  }
}

/** The parts around `{input}` and `{output}`, which stand alone, once each and in this order. Throws a `RefusedArgument`. */
export function splitAtFiles(args: readonly string[]): CustomShape {
  for (const place of [INPUT, OUTPUT]) {
    const count = args.filter((argument) => argument === place).length;
    if (count !== 1) {
      throw new RefusedArgument(place, count === 0 ? 'has to be one of the arguments' : 'stands there more than once');
    }
  }
  const [input, output] = [args.indexOf(INPUT), args.indexOf(OUTPUT)];
  if (output < input) {
    throw new RefusedArgument(OUTPUT, 'stands before {input}');
  }
  return { before: args.slice(0, input), between: args.slice(input + 1, output), after: args.slice(output + 1) };
}

/** Throws a `RefusedArgument` where a value's shape is refused. */
export function checkValue(value: string): void {
  const reason = refusedValue(value);
  if (reason !== undefined) {
    throw new RefusedArgument(value, reason);
  }
}
